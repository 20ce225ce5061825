//! `toString(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const TO_STRING: Function = Function {
    name: "toString",
    summary: "The text form of a value of any type.",
    parameters: &[required("value", Accepts::ANY, "the value")],
    examples: &[
        ("toString(3)", "\"3\""),
        ("toString(3.0)", "\"3.0\""),
        ("toString(5m)", "\"05:00.000000000\""),
        ("toString(array(1, 2, 3))", "\"[1, 2, 3]\""),
        (
            "toString(record(content = \"A nested record\"))",
            "\"{\\\"content\\\":\\\"A nested record\\\"}\"",
        ),
        ("toString(null)", "null"),
    ],
    body: Body::Row(Row::new(row::string, |values| match values {
        [text @ Value::String(_)] => text.clone(),
        [value] => Value::or_null(value.text(), Value::string),
        _ => Value::Null,
    })),
};
