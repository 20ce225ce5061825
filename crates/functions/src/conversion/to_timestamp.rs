//! `toTimestamp(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::time::text::instant;
use crate::value::Value;

pub(super) const TO_TIMESTAMP: Function = Function {
    name: "toTimestamp",
    summary: "A timestamp: of a number so many nanoseconds since 1970-01-01 UTC, of a text the date and time that it is, without an offset in the time zone of the query.",
    parameters: &[required(
        "value",
        Accepts::NUMBER
            .or(Accepts::STRING)
            .or(Accepts::TIMESTAMP)
            .or(Accepts::ARRAY),
        "the value; of an array, its first element",
    )],
    examples: &[
        (
            "toTimestamp(\"2019-08-01T09:30:00.000-0400\")",
            "timestampFromUnixSeconds(1564666200)",
        ),
        (
            "toTimestamp(\"2019-08-01T13:30\")",
            "timestampFromUnixSeconds(1564666200)",
        ),
        (
            "toTimestamp(\"2024-01-01\")",
            "timestampFromUnixSeconds(1704067200)",
        ),
        (
            "toTimestamp(1564666200000000000)",
            "timestampFromUnixSeconds(1564666200)",
        ),
        ("toTimestamp(\"no time\")", "null"),
    ],
    body: Body::Row(Row::zoned(row::timestamp, |values| {
        let (value, zone) = super::zoned(values);
        let nanos = match value {
            Value::Timestamp(nanos) | Value::Long(nanos) => Some(nanos),
            Value::Double(double) => super::whole(double),
            Value::String(text) => zone.and_then(|zone| instant(&text, &zone)),
            _ => None,
        };
        Value::or_null(nanos, Value::Timestamp)
    })),
};
