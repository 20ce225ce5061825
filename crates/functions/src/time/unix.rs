//! `timestampFromUnixMillis(millis)`, `unixMillisFromTimestamp(timestamp)` and their kin: timestamps as counts since
//! 1970-01-01 UTC.

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const TIMESTAMP_FROM_UNIX_SECONDS: Function = Function {
    name: "timestampFromUnixSeconds",
    summary: "The timestamp that many seconds after 1970-01-01 UTC.",
    parameters: &[required("seconds", Accepts::LONG, "the seconds")],
    examples: &[
        (
            "timestampFromUnixSeconds(1564666200)",
            "toTimestamp(\"2019-08-01T13:30:00Z\")",
        ),
        (
            "timestampFromUnixSeconds(-1)",
            "toTimestamp(\"1969-12-31T23:59:59Z\")",
        ),
        ("timestampFromUnixSeconds(9223372036854775807)", "null"),
    ],
    body: Body::Row(Row::new(row::timestamp, |values| {
        from(values, 1_000_000_000)
    })),
};

pub(super) const TIMESTAMP_FROM_UNIX_MILLIS: Function = Function {
    name: "timestampFromUnixMillis",
    summary: "The timestamp that many milliseconds after 1970-01-01 UTC.",
    parameters: &[required("millis", Accepts::LONG, "the milliseconds")],
    examples: &[
        (
            "timestampFromUnixMillis(1564666200123)",
            "toTimestamp(\"2019-08-01T13:30:00.123Z\")",
        ),
        ("timestampFromUnixMillis(null)", "null"),
    ],
    body: Body::Row(Row::new(row::timestamp, |values| from(values, 1_000_000))),
};

pub(super) const TIMESTAMP_FROM_UNIX_NANOS: Function = Function {
    name: "timestampFromUnixNanos",
    summary: "The timestamp that many nanoseconds after 1970-01-01 UTC.",
    parameters: &[required("nanos", Accepts::LONG, "the nanoseconds")],
    examples: &[(
        "timestampFromUnixNanos(1564666200000000001)",
        "toTimestamp(\"2019-08-01T13:30:00.000000001Z\")",
    )],
    body: Body::Row(Row::new(row::timestamp, |values| from(values, 1))),
};

pub(super) const UNIX_SECONDS_FROM_TIMESTAMP: Function = Function {
    name: "unixSecondsFromTimestamp",
    summary: "The whole seconds from 1970-01-01 UTC to a timestamp.",
    parameters: &[required("timestamp", Accepts::TIMESTAMP, "the timestamp")],
    examples: &[
        (
            "unixSecondsFromTimestamp(toTimestamp(\"2019-08-01T13:30:00.9Z\"))",
            "1564666200",
        ),
        (
            "unixSecondsFromTimestamp(toTimestamp(\"1969-12-31T23:59:59.5Z\"))",
            "-1",
        ),
    ],
    body: Body::Row(Row::new(row::long, |values| to(values, 1_000_000_000))),
};

pub(super) const UNIX_MILLIS_FROM_TIMESTAMP: Function = Function {
    name: "unixMillisFromTimestamp",
    summary: "The whole milliseconds from 1970-01-01 UTC to a timestamp.",
    parameters: &[required("timestamp", Accepts::TIMESTAMP, "the timestamp")],
    examples: &[(
        "unixMillisFromTimestamp(toTimestamp(\"2019-08-01T13:30:00.0009Z\"))",
        "1564666200000",
    )],
    body: Body::Row(Row::new(row::long, |values| to(values, 1_000_000))),
};

pub(super) const UNIX_NANOS_FROM_TIMESTAMP: Function = Function {
    name: "unixNanosFromTimestamp",
    summary: "The nanoseconds from 1970-01-01 UTC to a timestamp.",
    parameters: &[required("timestamp", Accepts::TIMESTAMP, "the timestamp")],
    examples: &[
        (
            "unixNanosFromTimestamp(toTimestamp(\"2019-08-01T13:30:00Z\"))",
            "1564666200000000000",
        ),
        ("unixNanosFromTimestamp(null)", "null"),
    ],
    body: Body::Row(Row::new(row::long, |values| to(values, 1))),
};

fn from<'a>(values: &[Value<'a>], unit: i64) -> Value<'a> {
    match values {
        [Value::Long(count)] => Value::or_null(count.checked_mul(unit), Value::Timestamp),
        _ => Value::Null,
    }
}

fn to<'a>(values: &[Value<'a>], unit: i64) -> Value<'a> {
    match values {
        [Value::Timestamp(nanos)] => Value::Long(nanos.div_euclid(unit)),
        _ => Value::Null,
    }
}
