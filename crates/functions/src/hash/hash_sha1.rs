//! `hashSha1(expression)`

use sha1::{Digest, Sha1};

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::string::bytes;

pub(super) const HASH_SHA1: Function = Function {
    name: "hashSha1",
    summary: "The SHA-1 digest of the bytes, as small hexadecimal digits.",
    parameters: &[required(
        "expression",
        Accepts::STRING.or(Accepts::BINARY),
        "the text, as UTF-8, or bytes",
    )],
    examples: &[
        (
            "hashSha1(\"DQL is awesome!\")",
            "\"baed79aa71682fb2027cf134f5c1e21feb3a3aeb\"",
        ),
        (
            "hashSha1(\"\")",
            "\"da39a3ee5e6b4b0d3255bfef95601890afd80709\"",
        ),
        (
            "hashSha1(decodeBase16ToBinary(\"ff\"))",
            "\"85e53271e14006f0265921d02d4d736cdc580b0b\"",
        ),
        ("hashSha1(null)", "null"),
    ],
    body: Body::Row(Row::new(row::string, |values| {
        bytes::text(values, |bytes| bytes::hexadecimal(&Sha1::digest(bytes)))
    })),
};
