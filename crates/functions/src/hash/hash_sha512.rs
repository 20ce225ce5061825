//! `hashSha512(expression)`

use sha2::{Digest, Sha512};

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::string::bytes;

pub(super) const HASH_SHA512: Function = Function {
    name: "hashSha512",
    summary: "The SHA-512 digest of the bytes, as small hexadecimal digits.",
    parameters: &[required(
        "expression",
        Accepts::STRING.or(Accepts::BINARY),
        "the text, as UTF-8, or bytes",
    )],
    examples: &[
        (
            "hashSha512(\"DQL is awesome!\")",
            "\"a0801fb53ece541b204a1c54c709ba42a4b4d6ba71ff85a73b747083253983aed5e5f6c53f3b3467419d7c1a04fb9986a7a8aba5882eef8b450ec943f85cbf54\"",
        ),
        (
            "hashSha512(\"\")",
            "\"cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e\"",
        ),
        (
            "hashSha512(decodeBase16ToBinary(\"ff\"))",
            "\"6700df6600b118ab0432715a7e8a68b0bf37cdf4adaf0fb9e2b3ebe04ad19c7032cbad55e932792af360bafaa09962e2e690652bc075b2dad0c30688ba2f31a3\"",
        ),
        ("hashSha512(null)", "null"),
    ],
    body: Body::Row(Row::new(row::string, |values| {
        bytes::text(values, |bytes| bytes::hexadecimal(&Sha512::digest(bytes)))
    })),
};
