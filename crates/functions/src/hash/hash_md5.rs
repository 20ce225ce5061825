//! `hashMd5(expression)`

use md5::{Digest, Md5};

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::string::bytes;

pub(super) const HASH_MD5: Function = Function {
    name: "hashMd5",
    summary: "The MD5 digest of the bytes, as small hexadecimal digits.",
    parameters: &[required(
        "expression",
        Accepts::STRING.or(Accepts::BINARY),
        "the text, as UTF-8, or bytes",
    )],
    examples: &[
        (
            "hashMd5(\"DQL is awesome!\")",
            "\"7079b75cde92a3cb0a58b6347ad7bf30\"",
        ),
        ("hashMd5(\"\")", "\"d41d8cd98f00b204e9800998ecf8427e\""),
        (
            "hashMd5(decodeBase16ToBinary(\"ff\"))",
            "\"00594fd4f42ba43fc1ca0427a0576295\"",
        ),
        ("hashMd5(null)", "null"),
    ],
    body: Body::Row(Row::new(row::string, |values| {
        bytes::text(values, |bytes| bytes::hexadecimal(&Md5::digest(bytes)))
    })),
};
