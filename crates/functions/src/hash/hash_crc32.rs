//! `hashCrc32(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::string::bytes;

pub(super) const HASH_CRC32: Function = Function {
    name: "hashCrc32",
    summary: "The CRC-32 checksum of the bytes, as zlib has it, in decimal digits.",
    parameters: &[required(
        "expression",
        Accepts::STRING.or(Accepts::BINARY),
        "the text, as UTF-8, or bytes",
    )],
    examples: &[
        ("hashCrc32(\"DQL is awesome!\")", "\"36481747\""),
        ("hashCrc32(\"a\")", "\"3904355907\""),
        ("hashCrc32(\"\")", "\"0\""),
        ("hashCrc32(null)", "null"),
    ],
    body: Body::Row(Row::new(row::string, |values| {
        bytes::text(values, |bytes| crc32fast::hash(bytes).to_string())
    })),
};
