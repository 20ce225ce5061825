//! `hashSha256(expression)`

use sha2::{Digest, Sha256};

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::string::bytes;

pub(super) const HASH_SHA256: Function = Function {
    name: "hashSha256",
    summary: "The SHA-256 digest of the bytes, as small hexadecimal digits.",
    parameters: &[required(
        "expression",
        Accepts::STRING.or(Accepts::BINARY),
        "the text, as UTF-8, or bytes",
    )],
    examples: &[
        (
            "hashSha256(\"DQL is awesome!\")",
            "\"f9ab878b03cb66c7b3f13cc2c65847ad9bc9de4f5117c03ea9e2e1dfd5d0c0ee\"",
        ),
        (
            "hashSha256(\"\")",
            "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"",
        ),
        (
            "hashSha256(decodeBase16ToBinary(\"ff\"))",
            "\"a8100ae6aa1940d0b663bb31cd466142ebbdbd5187131b92d93818987832eb89\"",
        ),
        ("hashSha256(null)", "null"),
    ],
    body: Body::Row(Row::new(row::string, |values| {
        bytes::text(values, |bytes| bytes::hexadecimal(&Sha256::digest(bytes)))
    })),
};
