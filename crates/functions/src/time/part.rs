//! `getYear(timestamp, timezone:?)` and its kin: parts of a timestamp by the calendar, in UTC unless a zone is named.

use jiff::Zoned;

use super::calendar::zoned;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, Parameter, optional, required};
use crate::row::{self, Row};
use crate::value::Value;
use crate::zone;

const PARAMETERS: &[Parameter] = &[
    required("timestamp", Accepts::TIMESTAMP, "the timestamp"),
    optional(
        "timezone",
        Accepts::STRING,
        "the name of a time zone or an offset; UTC unless given",
    )
    .literal()
    .checked(zone::check),
];

/// A function that gives a part of a timestamp.
macro_rules! part {
    ($constant:ident, $name:literal, $summary:literal, $examples:expr, $of:expr) => {
        pub(super) const $constant: Function = Function {
            name: $name,
            summary: $summary,
            parameters: PARAMETERS,
            examples: $examples,
            body: Body::Row(Row::new(row::long, |values| part(values, $of))),
        };
    };
}

part!(
    GET_YEAR,
    "getYear",
    "The year of a timestamp.",
    &[
        ("getYear(toTimestamp(\"2019-08-01T13:30:00Z\"))", "2019"),
        ("getYear(null)", "null"),
    ],
    |local| i64::from(local.year())
);
part!(
    GET_MONTH,
    "getMonth",
    "The month of a timestamp, 1 to 12.",
    &[
        ("getMonth(toTimestamp(\"2019-08-01T13:30:00Z\"))", "8"),
        (
            "getMonth(toTimestamp(\"2019-08-01T01:00:00Z\"), timezone: \"US/Eastern\")",
            "7"
        ),
    ],
    |local| i64::from(local.month())
);
part!(
    GET_DAY_OF_MONTH,
    "getDayOfMonth",
    "The day of the month of a timestamp, 1 to 31.",
    &[
        ("getDayOfMonth(toTimestamp(\"2019-08-01T13:30:00Z\"))", "1"),
        (
            "getDayOfMonth(toTimestamp(\"2019-08-01T23:30:00Z\"), timezone: \"+02:00\")",
            "2"
        ),
    ],
    |local| i64::from(local.day())
);
part!(
    GET_DAY_OF_WEEK,
    "getDayOfWeek",
    "The day of the week of a timestamp, from 1 for Monday to 7 for Sunday.",
    &[
        ("getDayOfWeek(toTimestamp(\"2019-08-01T13:30:00Z\"))", "4"),
        ("getDayOfWeek(toTimestamp(\"2024-03-03T23:30:00Z\"))", "7"),
    ],
    |local| i64::from(local.weekday().to_monday_one_offset())
);
part!(
    GET_DAY_OF_YEAR,
    "getDayOfYear",
    "The day of the year of a timestamp, 1 to 366.",
    &[
        ("getDayOfYear(toTimestamp(\"2019-08-01T13:30:00Z\"))", "213"),
        ("getDayOfYear(toTimestamp(\"2024-12-31T00:00:00Z\"))", "366"),
    ],
    |local| i64::from(local.day_of_year())
);
part!(
    GET_WEEK_OF_YEAR,
    "getWeekOfYear",
    "The week of the year of a timestamp, by ISO 8601: week 1 is the one with the year's first Thursday.",
    &[
        ("getWeekOfYear(toTimestamp(\"2019-08-01T13:30:00Z\"))", "31"),
        ("getWeekOfYear(toTimestamp(\"2021-01-03T00:00:00Z\"))", "53"),
    ],
    |local| i64::from(local.date().iso_week_date().week())
);
part!(
    GET_HOUR,
    "getHour",
    "The hour of a timestamp, 0 to 23.",
    &[
        ("getHour(toTimestamp(\"2019-08-01T13:30:00Z\"))", "13"),
        (
            "getHour(toTimestamp(\"2019-08-01T13:30:00Z\"), timezone: \"US/Eastern\")",
            "9"
        ),
    ],
    |local| i64::from(local.hour())
);
part!(
    GET_MINUTE,
    "getMinute",
    "The minute of a timestamp, 0 to 59.",
    &[
        ("getMinute(toTimestamp(\"2019-08-01T13:30:00Z\"))", "30"),
        (
            "getMinute(toTimestamp(\"2019-08-01T13:30:00Z\"), timezone: \"Asia/Kolkata\")",
            "0"
        ),
    ],
    |local| i64::from(local.minute())
);
part!(
    GET_SECOND,
    "getSecond",
    "The second of a timestamp, 0 to 59.",
    &[
        ("getSecond(toTimestamp(\"2019-08-01T13:30:05.9Z\"))", "5"),
        ("getSecond(null)", "null"),
    ],
    |local| i64::from(local.second())
);

/// The part of the first value, in the zone that the second names.
fn part<'a>(values: &[Value<'a>], of: fn(&Zoned) -> i64) -> Value<'a> {
    let local = match values {
        [Value::Timestamp(instant), Value::Null] => zoned(*instant, &jiff::tz::TimeZone::UTC),
        [Value::Timestamp(instant), Value::String(zone)] => {
            zone::named(zone).and_then(|zone| zoned(*instant, &zone))
        }
        _ => None,
    };
    Value::or_null(local, |local| Value::Long(of(&local)))
}
