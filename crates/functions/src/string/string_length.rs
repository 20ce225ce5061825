//! `stringLength(expression)`

use super::utf16;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const STRING_LENGTH: Function = Function {
    name: "stringLength",
    summary: "How many UTF-16 code units a text has.",
    parameters: &[required("expression", Accepts::STRING, "the text")],
    examples: &[
        ("stringLength(\"DQL is awesome!\")", "15"),
        ("stringLength(\"🐕\")", "2"),
        ("stringLength(\"ä\")", "1"),
        ("stringLength(\"\")", "0"),
        ("stringLength(null)", "null"),
    ],
    body: Body::Row(Row::new(row::long, |values| match values {
        [Value::String(text)] => {
            Value::or_null(i64::try_from(utf16::length(text)).ok(), Value::Long)
        }
        _ => Value::Null,
    })),
};
