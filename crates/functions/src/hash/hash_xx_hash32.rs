//! `hashXxHash32(expression)`

use xxhash_rust::xxh32::xxh32;

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::string::bytes;

pub(super) const HASH_XX_HASH32: Function = Function {
    name: "hashXxHash32",
    summary: "The xxHash32 of the bytes with the seed 0, in decimal digits.",
    parameters: &[required(
        "expression",
        Accepts::STRING.or(Accepts::BINARY),
        "the text, as UTF-8, or bytes",
    )],
    examples: &[
        ("hashXxHash32(\"DQL is awesome!\")", "\"1018219528\""),
        ("hashXxHash32(\"\")", "\"46947589\""),
        ("hashXxHash32(null)", "null"),
    ],
    body: Body::Row(Row::new(row::string, |values| {
        bytes::text(values, |bytes| xxh32(bytes, 0).to_string())
    })),
};
