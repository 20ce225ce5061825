//! `timeframe(from:, to:?)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, optional, required};
use crate::row::Row;
use crate::time::text::instant;
use crate::types::Type;
use crate::value::Value;
use crate::zone;

const ENDS: Accepts = Accepts::STRING.or(Accepts::TIMESTAMP).or(Accepts::DURATION);

pub(super) const TIMEFRAME: Function = Function {
    name: "timeframe",
    summary: "A span of time. An end is a timestamp, its text, or a duration that counts from now.",
    parameters: &[
        required("from", ENDS, "the start"),
        optional("to", ENDS, "the end; now unless given"),
    ],
    examples: &[
        (
            "timeframe(from: \"2024-01-01T00:00:00Z\", to: \"2024-01-02T00:00:00Z\")[end]",
            "toTimestamp(\"2024-01-02T00:00:00Z\")",
        ),
        ("timeframe(from: -5m)[start] == now() - 5m", "true"),
        ("timeframe(from: -5m)[end] == now()", "true"),
        ("timeframe(from: \"no time\")", "null"),
    ],
    body: Body::Row(Row::at(
        |_| Type::Timeframe,
        |values| {
            let [from, to, Value::String(zone), Value::Timestamp(now)] = values else {
                return Value::Null;
            };
            let end = |end: &Value<'_>| match end {
                Value::Timestamp(nanos) => Some(*nanos),
                Value::Duration(nanos) => now.checked_add(*nanos),
                Value::String(text) => instant(text, &zone::named(zone)?),
                _ => None,
            };
            let to = match to {
                Value::Null => Some(*now),
                to => end(to),
            };
            Value::or_null(end(from).zip(to), |(from, to)| Value::Timeframe(from, to))
        },
    )),
};
