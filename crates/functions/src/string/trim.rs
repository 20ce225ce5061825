//! `trim(expression)`

use super::utf16;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const TRIM: Function = Function {
    name: "trim",
    summary: "A text without the spaces and control characters at its ends.",
    parameters: &[required("expression", Accepts::STRING, "the text")],
    examples: &[
        ("trim(\" \\t x y\\n\")", "\"x y\""),
        ("trim(\"   \")", "\"\""),
        ("trim(\"\\u00a0x\")", "\"\\u00a0x\""),
        ("trim(null)", "null"),
    ],
    body: Body::Row(Row::new(row::string, |values| match values {
        [Value::String(text)] => {
            let blank = |character: char| character <= ' ';
            let start = text.len() - text.trim_start_matches(blank).len();
            let length = text.trim_matches(blank).len();
            Value::String(utf16::bytes(text, start..start + length))
        }
        _ => Value::Null,
    })),
};
