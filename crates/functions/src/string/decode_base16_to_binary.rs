//! `decodeBase16ToBinary(expression)`

use super::bytes;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;

pub(super) const DECODE_BASE16_TO_BINARY: Function = Function {
    name: "decodeBase16ToBinary",
    summary: "The bytes that hexadecimal digits stand for; null where it is not digits, two for each byte.",
    parameters: &[required(
        "expression",
        Accepts::STRING.or(Accepts::BINARY),
        "the digits",
    )],
    examples: &[
        ("encodeBase64(decodeBase16ToBinary(\"44514C\"))", "\"RFFM\""),
        ("decodeBase16ToBinary(\"445\")", "null"),
        ("decodeBase16ToBinary(\"4g\")", "null"),
        ("type(decodeBase16ToBinary(\"\"))", "\"binary\""),
    ],
    body: Body::Row(Row::new(
        |_| Type::Binary,
        |values| bytes::decoded(values, bytes::from_hexadecimal),
    )),
};
