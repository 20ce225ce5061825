//! `toDuration(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const TO_DURATION: Function = Function {
    name: "toDuration",
    summary: "A duration: of a number, or a text that is one, so many nanoseconds; the length of a timeframe.",
    parameters: &[required(
        "value",
        Accepts::NUMBER
            .or(Accepts::STRING)
            .or(Accepts::DURATION)
            .or(Accepts::TIMEFRAME)
            .or(Accepts::ARRAY),
        "the value; of an array, its first element",
    )],
    examples: &[
        ("toDuration(\"42\")", "42ns"),
        ("toDuration(\"42s\")", "null"),
        ("toDuration(3.99)", "3ns"),
        (
            "toDuration(timeframe(from: timestampFromUnixNanos(1), to: timestampFromUnixNanos(5)))",
            "4ns",
        ),
    ],
    body: Body::Row(Row::new(row::duration, |values| {
        let nanos = match super::scalar(values) {
            Value::Duration(nanos) | Value::Long(nanos) => Some(nanos),
            Value::Double(double) => super::whole(double),
            Value::String(text) => text.parse().ok(),
            Value::Timeframe(start, end) => end.checked_sub(start),
            _ => None,
        };
        Value::or_null(nanos, Value::Duration)
    })),
};
