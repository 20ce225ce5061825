//! Days and instants as the log writes them: `2024-01-02` in partitions, ISO-8601 in milliseconds in statistics.

use jiff::civil::Date;
use jiff::{Span, Timestamp};

/// Microseconds in a day.
const DAY: i64 = 86_400_000_000;

/// The day as `YYYY-MM-DD`; `None` beyond the years 0 to 9999, which a partition can't be named for.
pub(crate) fn day_text(day: i32) -> Option<String> {
    let epoch = Date::constant(1970, 1, 1);
    let date = epoch.checked_add(Span::new().try_days(day).ok()?).ok()?;
    (date.year() >= 0).then(|| date.to_string())
}

/// The day that `text`, `YYYY-MM-DD`, names, in days since 1970-01-01.
pub(crate) fn parse_day(text: &str) -> Option<i32> {
    let date: Date = text.parse().ok()?;
    let days = Date::constant(1970, 1, 1).until(date).ok()?;
    Some(days.get_days())
}

/// Now, in microseconds since 1970-01-01 UTC.
pub(crate) fn now_micros() -> i64 {
    Timestamp::now().as_microsecond()
}

/// The UTC day of an instant in microseconds.
pub(crate) fn day_of(micros: i64) -> i64 {
    micros.div_euclid(DAY)
}

/// The first and the last microsecond of a day.
pub(crate) fn day_span(day: i32) -> Option<(i64, i64)> {
    let first = i64::from(day).checked_mul(DAY)?;
    Some((first, first.checked_add(DAY - 1)?))
}

/// A lower bound of `micros` in the log's milliseconds.
pub(crate) fn floor_text(micros: i64) -> Option<String> {
    millis_text(micros.div_euclid(1_000))
}

/// An upper bound of `micros` in the log's milliseconds.
pub(crate) fn ceil_text(micros: i64) -> Option<String> {
    millis_text(micros.checked_add(999)?.div_euclid(1_000))
}

fn millis_text(millis: i64) -> Option<String> {
    let time = Timestamp::from_millisecond(millis).ok()?;
    Some(format!("{time:.3}"))
}

/// The microseconds of a lower bound in the log.
pub(crate) fn parse_floor(text: &str) -> Option<i64> {
    Some(text.parse::<Timestamp>().ok()?.as_microsecond())
}

/// The microseconds of an upper bound in the log. Other engines cut instants to milliseconds downward, in greatest
/// values too, so that a whole millisecond stands for all of it.
pub(crate) fn parse_ceil(text: &str) -> Option<i64> {
    let micros = parse_floor(text)?;
    match micros.rem_euclid(1_000) {
        0 => micros.checked_add(999),
        _ => Some(micros),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_names_and_names_days() {
        for (day, name) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (19_723, "2024-01-01"),
            (19_782, "2024-02-29"),
            (2_932_896, "9999-12-31"),
        ] {
            assert_eq!(day_text(day).as_deref(), Some(name));
            assert_eq!(parse_day(name), Some(day));
        }
        assert_eq!(day_text(2_932_897), None);
        assert_eq!(day_text(-800_000), None);
        assert_eq!(day_text(i32::MIN), None);
        assert_eq!(parse_day("2023-02-29"), None);
    }

    #[test]
    fn an_instant_before_the_epoch_is_in_the_day_that_it_belongs_to() {
        assert_eq!(day_of(-1), -1);
        assert_eq!(day_of(0), 0);
        assert_eq!(day_of(DAY), 1);
        assert_eq!(day_span(-1), Some((-DAY, -1)));
    }

    #[test]
    fn bounds_in_milliseconds_enclose_the_instant() {
        assert_eq!(
            floor_text(1_500).as_deref(),
            Some("1970-01-01T00:00:00.001Z")
        );
        assert_eq!(
            ceil_text(1_500).as_deref(),
            Some("1970-01-01T00:00:00.002Z")
        );
        assert_eq!(
            ceil_text(2_000).as_deref(),
            Some("1970-01-01T00:00:00.002Z")
        );
        assert_eq!(floor_text(-1).as_deref(), Some("1969-12-31T23:59:59.999Z"));
        assert_eq!(parse_floor("1970-01-01T00:00:00.001Z"), Some(1_000));
        assert_eq!(parse_ceil("1970-01-01T00:00:00.001Z"), Some(1_999));
        assert_eq!(parse_ceil("1970-01-01T00:00:00.001500Z"), Some(1_500));
    }
}
