//! `replaceString(expression, substring, replacement)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const REPLACE_STRING: Function = Function {
    name: "replaceString",
    summary: "A text with each occurrence of another replaced, from left to right.",
    parameters: &[
        required("expression", Accepts::STRING, "the text"),
        required("substring", Accepts::STRING, "what is replaced"),
        required("replacement", Accepts::STRING, "what stands there instead"),
    ],
    examples: &[
        (
            "replaceString(\"abcabca\", \"abca\", \"xyz\")",
            "\"xyzbca\"",
        ),
        ("replaceString(\"a.b.c\", \".\", \"\")", "\"abc\""),
        ("replaceString(\"Abc\", \"a\", \"x\")", "\"Abc\""),
        ("replaceString(\"abc\", null, \"x\")", "null"),
    ],
    body: Body::Row(Row::new(row::string, |values| match values {
        [
            Value::String(text),
            Value::String(part),
            Value::String(replacement),
        ] => Value::string(text.replace(part.as_ref(), replacement)),
        _ => Value::Null,
    })),
};
