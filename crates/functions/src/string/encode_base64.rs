//! `encodeBase64(expression)`

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::bytes;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const ENCODE_BASE64: Function = Function {
    name: "encodeBase64",
    summary: "The bytes of a value, a text in UTF-8, in Base64 with padding.",
    parameters: &[required(
        "expression",
        Accepts::STRING.or(Accepts::BINARY),
        "the text or bytes",
    )],
    examples: &[
        (
            "encodeBase64(\"DQL is awesome!\")",
            "\"RFFMIGlzIGF3ZXNvbWUh\"",
        ),
        ("encodeBase64(\"a\")", "\"YQ==\""),
        ("encodeBase64(null)", "null"),
    ],
    body: Body::Row(Row::new(row::string, |values| {
        bytes::text(values, |bytes| STANDARD.encode(bytes))
    })),
};
