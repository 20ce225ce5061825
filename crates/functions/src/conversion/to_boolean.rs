//! `toBoolean(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const TO_BOOLEAN: Function = Function {
    name: "toBoolean",
    summary: "A boolean: of a number whether its whole part is not 0, of a text `true` and `false` in any case.",
    parameters: &[required(
        "value",
        Accepts::BOOLEAN
            .or(Accepts::NUMBER)
            .or(Accepts::STRING)
            .or(Accepts::ARRAY),
        "the value; of an array, its first element",
    )],
    examples: &[
        ("toBoolean(\"TRUE\")", "true"),
        ("toBoolean(\"yes\")", "null"),
        ("toBoolean(0)", "false"),
        ("toBoolean(-0.5)", "false"),
        ("toBoolean(2)", "true"),
        ("toBoolean(array(true, 0))", "true"),
    ],
    body: Body::Row(Row::new(row::boolean, |values| {
        match super::scalar(values) {
            boolean @ Value::Boolean(_) => boolean,
            Value::Long(long) => Value::Boolean(long != 0),
            Value::Double(double) => Value::Boolean(double.trunc() != 0.0),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Value::Boolean(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Value::Boolean(false),
            _ => Value::Null,
        }
    })),
};
