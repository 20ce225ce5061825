//! `toDouble(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const TO_DOUBLE: Function = Function {
    name: "toDouble",
    summary: "A double: of a text the number that it is, of a boolean 1 or 0, of a timestamp or duration its nanoseconds, of an address of version 4 its number.",
    parameters: &[required(
        "value",
        Accepts::BOOLEAN
            .or(Accepts::NUMBER)
            .or(Accepts::STRING)
            .or(Accepts::TIMESTAMP)
            .or(Accepts::DURATION)
            .or(Accepts::IP)
            .or(Accepts::UID)
            .or(Accepts::ARRAY),
        "the value; of an array, its first element",
    )],
    examples: &[
        ("toDouble(\"0.85\")", "0.85"),
        ("toDouble(true)", "1.0"),
        ("toDouble(15s)", "15000000000.0"),
        ("toDouble(\"1A3\")", "null"),
        ("toDouble(\" 1e3 \")", "null"),
        ("toDouble(\"1e3\")", "1000.0"),
        ("toDouble(\"NaN\")", "null"),
    ],
    body: Body::Row(Row::new(row::double, |values| {
        match super::scalar(values) {
            Value::Double(double) => Value::Double(double),
            Value::String(text) => Value::or_null(super::number(&text), Value::double),
            other => Value::or_null(super::long(&other), |long| Value::double(long as f64)),
        }
    })),
};
