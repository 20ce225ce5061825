//! `decodeBase16ToString(expression)`

use super::bytes;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const DECODE_BASE16_TO_STRING: Function = Function {
    name: "decodeBase16ToString",
    summary: "The text that hexadecimal digits stand for in UTF-8; null where it is not digits, two for each byte, or these are no text.",
    parameters: &[required(
        "expression",
        Accepts::STRING.or(Accepts::BINARY),
        "the digits",
    )],
    examples: &[
        ("decodeBase16ToString(\"44514c\")", "\"DQL\""),
        ("decodeBase16ToString(\"C3A4\")", "\"ä\""),
        ("decodeBase16ToString(\"ff\")", "null"),
        ("decodeBase16ToString(\"0x44\")", "null"),
    ],
    body: Body::Row(Row::new(row::string, |values| {
        bytes::decoded_text(values, bytes::from_hexadecimal)
    })),
};
