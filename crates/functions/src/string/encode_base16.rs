//! `encodeBase16(expression)`

use super::bytes;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const ENCODE_BASE16: Function = Function {
    name: "encodeBase16",
    summary: "The bytes of a value, a text in UTF-8, as small hexadecimal digits.",
    parameters: &[required(
        "expression",
        Accepts::STRING.or(Accepts::BINARY),
        "the text or bytes",
    )],
    examples: &[
        ("encodeBase16(\"DQL\")", "\"44514c\""),
        ("encodeBase16(\"ä\")", "\"c3a4\""),
        ("encodeBase16(\"\")", "\"\""),
        ("encodeBase16(null)", "null"),
    ],
    body: Body::Row(Row::new(row::string, |values| {
        bytes::text(values, bytes::hexadecimal)
    })),
};
