//! `decodeBase64ToString(expression)`

use super::bytes;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const DECODE_BASE64_TO_STRING: Function = Function {
    name: "decodeBase64ToString",
    summary: "The text that Base64 text stands for in UTF-8; null where it is none, or its bytes are no text.",
    parameters: &[required(
        "expression",
        Accepts::STRING.or(Accepts::BINARY),
        "the Base64 text",
    )],
    examples: &[
        (
            "decodeBase64ToString(\"RFFMIGlzIGF3ZXNvbWUh\")",
            "\"DQL is awesome!\"",
        ),
        ("decodeBase64ToString(\"/w==\")", "null"),
        ("decodeBase64ToString(\"no Base64\")", "null"),
        (
            "decodeBase64ToString(decodeBase64ToBinary(\"UkZGTQ==\"))",
            "\"DQL\"",
        ),
    ],
    body: Body::Row(Row::new(row::string, |values| {
        bytes::decoded_text(values, bytes::from_base64)
    })),
};
