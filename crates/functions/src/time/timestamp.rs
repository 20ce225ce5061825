//! `timestamp(year, month, day, hour, minute, second, millis:?, micros:?, nanos:?, timezone:?)`

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::calendar::nanos;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, optional, required};
use crate::row::{self, Row};
use crate::value::Value;
use crate::zone;

pub(super) const TIMESTAMP: Function = Function {
    name: "timestamp",
    summary: "The timestamp of a date and a time of day; null where there is no such date or time.",
    parameters: &[
        required("year", Accepts::LONG, "the year"),
        required("month", Accepts::LONG, "the month, 1 to 12"),
        required("day", Accepts::LONG, "the day of the month, 1 to 31"),
        required("hour", Accepts::LONG, "the hour, 0 to 23"),
        required("minute", Accepts::LONG, "the minute, 0 to 59"),
        required("second", Accepts::LONG, "the second, 0 to 59"),
        optional(
            "millis",
            Accepts::LONG,
            "milliseconds added; 0 unless given",
        ),
        optional(
            "micros",
            Accepts::LONG,
            "microseconds added; 0 unless given",
        ),
        optional("nanos", Accepts::LONG, "nanoseconds added; 0 unless given"),
        optional(
            "timezone",
            Accepts::STRING,
            "the name of a time zone or an offset; UTC unless given",
        )
        .literal()
        .checked(zone::check),
    ],
    examples: &[
        (
            "timestamp(2019, 8, 1, 13, 30, 0)",
            "toTimestamp(\"2019-08-01T13:30:00Z\")",
        ),
        (
            "timestamp(year: 2019, month: 8, day: 1, hour: 13, minute: 30, second: 0, millis: 5, nanos: 7)",
            "toTimestamp(\"2019-08-01T13:30:00.005000007Z\")",
        ),
        (
            "timestamp(2019, 8, 1, 13, 30, 0, timezone: \"Europe/Vienna\")",
            "toTimestamp(\"2019-08-01T11:30:00Z\")",
        ),
        ("timestamp(2019, 13, 1, 0, 0, 0)", "null"),
        ("timestamp(2019, 2, 29, 0, 0, 0)", "null"),
    ],
    body: Body::Row(Row::new(row::timestamp, |values| {
        Value::or_null(made(values), Value::Timestamp)
    })),
};

fn made(values: &[Value<'_>]) -> Option<i64> {
    let [
        year,
        month,
        day,
        hour,
        minute,
        second,
        millis,
        micros,
        rest,
        zone,
    ] = values
    else {
        return None;
    };
    let small = |value: &Value<'_>| i8::try_from(value.as_long()?).ok();
    let civil = DateTime::new(
        i16::try_from(year.as_long()?).ok()?,
        small(month)?,
        small(day)?,
        small(hour)?,
        small(minute)?,
        small(second)?,
        0,
    );
    let zone = match zone {
        Value::Null => TimeZone::UTC,
        zone => zone::named(zone.as_str()?)?,
    };
    let mut instant = nanos(zone.to_zoned(civil.ok()?).ok()?.timestamp())?;
    for (amount, unit) in [(millis, 1_000_000), (micros, 1_000), (rest, 1)] {
        let amount = match amount {
            Value::Null => 0,
            amount => amount.as_long()?,
        };
        instant = instant.checked_add(amount.checked_mul(unit)?)?;
    }
    Some(instant)
}
