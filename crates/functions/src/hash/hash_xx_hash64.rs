//! `hashXxHash64(expression)`

use xxhash_rust::xxh64::xxh64;

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::string::bytes;

pub(super) const HASH_XX_HASH64: Function = Function {
    name: "hashXxHash64",
    summary: "The xxHash64 of the bytes with the seed 0, as a signed number in decimal digits.",
    parameters: &[required(
        "expression",
        Accepts::STRING.or(Accepts::BINARY),
        "the text, as UTF-8, or bytes",
    )],
    examples: &[
        (
            "hashXxHash64(\"DQL is awesome!\")",
            "\"-458681598079680010\"",
        ),
        ("hashXxHash64(\"\")", "\"-1205034819632174695\""),
        ("hashXxHash64(null)", "null"),
    ],
    body: Body::Row(Row::new(row::string, |values| {
        bytes::text(values, |bytes| xxh64(bytes, 0).cast_signed().to_string())
    })),
};
