//! `toLong(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const TO_LONG: Function = Function {
    name: "toLong",
    summary: "A long: the whole part of a double, the number of a text, 1 or 0 of a boolean, the nanoseconds of a timestamp or duration, the number of an address of version 4, the low bits of a uid.",
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
        ("toLong(3.99)", "3"),
        ("toLong(-3.99)", "-3"),
        ("toLong(\"12\")", "12"),
        ("toLong(\"3.14\")", "null"),
        ("toLong(false)", "0"),
        ("toLong(1e19)", "null"),
        ("toLong(ip(\"10.0.0.1\"))", "167772161"),
        ("toLong(array(\"7\", 8))", "7"),
    ],
    body: Body::Row(Row::new(row::long, |values| match super::scalar(values) {
        Value::Double(double) => Value::or_null(super::whole(double), Value::Long),
        Value::String(text) => Value::or_null(text.parse().ok(), Value::Long),
        other => Value::or_null(super::long(&other), Value::Long),
    })),
};
