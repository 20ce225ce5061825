//! `toTimeframe(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::time::text::instant;
use crate::types::Type;
use crate::value::Value;

pub(super) const TO_TIMEFRAME: Function = Function {
    name: "toTimeframe",
    summary: "A timeframe of a text `start/end`.",
    parameters: &[required(
        "value",
        Accepts::STRING.or(Accepts::TIMEFRAME).or(Accepts::ARRAY),
        "the value; of an array, its first element",
    )],
    examples: &[
        (
            "toTimeframe(\"2019-08-01T09:30:00.000-0400/2019-08-01T16:00:00.000-0400\")[start]",
            "timestampFromUnixSeconds(1564666200)",
        ),
        ("toTimeframe(\"2019-08-01T09:30:00Z\")", "null"),
    ],
    body: Body::Row(Row::zoned(
        |_| Type::Timeframe,
        |values| {
            let (value, zone) = super::zoned(values);
            match (value, zone) {
                (timeframe @ Value::Timeframe(..), _) => timeframe,
                (Value::String(text), Some(zone)) => {
                    let ends = text.split_once('/').and_then(|(start, end)| {
                        Some((instant(start, &zone)?, instant(end, &zone)?))
                    });
                    Value::or_null(ends, |(start, end)| Value::Timeframe(start, end))
                }
                _ => Value::Null,
            }
        },
    )),
};
