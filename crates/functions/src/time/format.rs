//! `formatTimestamp(timestamp, interval:?, format:?, timezone:?, locale:?)`

use std::cell::RefCell;

use super::calendar::zoned;
use super::pattern::Pattern;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, optional, required};
use crate::row::{self, Row};
use crate::value::Value;
use crate::zone;

const DEFAULT: &str = "yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSS";

pub(super) const FORMAT_TIMESTAMP: Function = Function {
    name: "formatTimestamp",
    summary: "A timestamp as text, by a pattern of letters as Java's `DateTimeFormatter` has them, such as `yyyy-MM-dd HH:mm`.",
    parameters: &[
        required("timestamp", Accepts::TIMESTAMP, "the timestamp"),
        optional(
            "interval",
            Accepts::DURATION,
            "what it is rounded down to first, as by `bin`",
        )
        .constant(),
        optional(
            "format",
            Accepts::STRING,
            "the pattern; `yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSS` unless given",
        )
        .constant()
        .checked(|format| Pattern::parse(format).map(|_| ())),
        optional(
            "timezone",
            Accepts::STRING,
            "the name of a time zone or an offset; that of the query unless given",
        )
        .literal()
        .checked(zone::check),
        optional(
            "locale",
            Accepts::STRING,
            "a language; only English is there",
        )
        .literal()
        .checked(|locale| {
            let language = locale.split(['-', '_']).next().unwrap_or_default();
            match language.eq_ignore_ascii_case("en") {
                true => Ok(()),
                false => Err(format!("there are no names in `{locale}`, only in English")),
            }
        }),
    ],
    examples: &[
        (
            "formatTimestamp(toTimestamp(\"2019-08-01T13:30:00Z\"), format: \"MM-dd-yyyy\")",
            "\"08-01-2019\"",
        ),
        (
            "formatTimestamp(toTimestamp(\"2019-08-01T13:30:00Z\"), format: \"HH:mm, VV\", timezone: \"US/Eastern\")",
            "\"09:30, US/Eastern\"",
        ),
        (
            "formatTimestamp(toTimestamp(\"2019-08-01T13:30:00Z\"), format: \"E\", locale: \"en-US\")",
            "\"Thu\"",
        ),
        (
            "formatTimestamp(toTimestamp(\"2019-08-01T13:37:42Z\"), interval: 15m)",
            "\"2019-08-01T13:30:00.000000000\"",
        ),
        ("formatTimestamp(null)", "null"),
    ],
    body: Body::Row(Row::zoned(row::string, |values| {
        Value::or_null(formatted(values), Value::string)
    })),
};

fn formatted(values: &[Value<'_>]) -> Option<String> {
    let [Value::Timestamp(instant), interval, format, named, _, query] = values else {
        return None;
    };
    let instant = match interval {
        Value::Duration(step) if *step > 0 => {
            instant.checked_sub(instant.checked_rem_euclid(*step)?)?
        }
        Value::Null => *instant,
        _ => return None,
    };
    let zone = zone::named(named.as_str().or(query.as_str())?)?;
    let time = zoned(instant, &zone)?;
    with_pattern(format.as_str().unwrap_or(DEFAULT), |pattern| {
        pattern.format(&time)
    })
}

/// One call has one pattern, which is read once.
fn with_pattern<T>(text: &str, then: impl FnOnce(&Pattern) -> T) -> Option<T> {
    thread_local! {
        static LAST: RefCell<Option<(String, Pattern)>> = const { RefCell::new(None) };
    }
    LAST.with_borrow_mut(|last| {
        if !matches!(last, Some((known, _)) if known == text) {
            *last = Some((text.to_owned(), Pattern::parse(text).ok()?));
        }
        last.as_ref().map(|(_, pattern)| then(pattern))
    })
}
