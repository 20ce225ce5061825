//! The buckets of a time series: their length and their borders.

use jiff::Timestamp;
use jiff::tz::TimeZone;

const MINUTE: i64 = 60_000_000_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The most buckets that a series may have.
const MOST: i64 = 1500;

/// The bucket count that the length is worked out from where nothing else is asked.
pub(super) const BINS: i64 = 120;

/// What was asked of the buckets.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wanted {
    /// Buckets of that many nanoseconds.
    Interval(i64),
    /// That many buckets.
    Bins(i64),
}

/// The buckets of a series: borders are `start + n · interval`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Buckets {
    /// Nanoseconds since the epoch.
    pub(super) start: i64,
    /// Nanoseconds.
    pub(super) interval: i64,
    /// How many.
    pub(super) count: i64,
}

impl Buckets {
    /// One past the last instant.
    pub(super) fn end(self) -> i64 {
        self.start + self.count * self.interval
    }
}

/// The lengths that a bucket may have, shortest first: 1, 2, 3, 5, 10, 15, 30 minutes; 1, 2, 3, 4, 6, 8, 12 hours; 1 to
/// 30 days.
fn lengths() -> impl DoubleEndedIterator<Item = i64> {
    let minutes = [1, 2, 3, 5, 10, 15, 30].map(|minutes| minutes * MINUTE);
    let hours = [1, 2, 3, 4, 6, 8, 12].map(|hours| hours * HOUR);
    minutes
        .into_iter()
        .chain(hours)
        .chain((1..=30).map(|days| days * DAY))
}

/// The buckets for the span `[from, to)`. An interval is rounded up to the next allowed length, a bin count gives the
/// greatest allowed length that is not longer; borders count back from the first midnight at or after `to`. `None` where
/// the span is empty or out of range.
pub(super) fn buckets(from: i64, to: i64, wanted: Wanted, zone: &TimeZone) -> Option<Buckets> {
    let span = to.checked_sub(from).filter(|span| *span > 0)?;
    let first = match wanted {
        Wanted::Interval(interval) => lengths().find(|length| *length >= interval),
        Wanted::Bins(bins) => lengths().rfind(|length| *length <= span / bins.max(1)),
    };
    let first = first.unwrap_or(match wanted {
        Wanted::Interval(_) => 30 * DAY,
        Wanted::Bins(_) => MINUTE,
    });
    let anchor = midnight_at_or_after(to, zone)?;
    lengths()
        .filter(|length| *length >= first)
        .find_map(|interval| {
            let start = anchor.checked_sub(up(anchor.checked_sub(from)?, interval)?)?;
            let end = anchor - (anchor - to) / interval * interval;
            let count = (end - start) / interval;
            (count <= MOST).then_some(Buckets {
                start,
                interval,
                count,
            })
        })
}

/// `value` rounded up to a multiple of `step`.
fn up(value: i64, step: i64) -> Option<i64> {
    value
        .checked_add(step - 1)
        .map(|value| value.div_euclid(step) * step)
}

fn midnight_at_or_after(instant: i64, zone: &TimeZone) -> Option<i64> {
    let timestamp = Timestamp::from_nanosecond(i128::from(instant)).ok()?;
    let day = timestamp.to_zoned(zone.clone()).start_of_day().ok()?;
    let midnight = if day.timestamp() == timestamp {
        day
    } else {
        day.tomorrow().ok()?.start_of_day().ok()?
    };
    i64::try_from(midnight.timestamp().as_nanosecond()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>()
            .map(|t| t.as_nanosecond() as i64)
            .expect("an instant")
    }

    #[test]
    fn an_interval_is_rounded_up_and_borders_count_back_from_midnight() {
        // The documented example: five hours become six, and the borders lie at 0, 6, 12 and 18 o'clock.
        let (from, to) = (at("2024-07-14T10:00:00Z"), at("2024-07-16T10:00:00Z"));
        let made = buckets(from, to, Wanted::Interval(5 * HOUR), &TimeZone::UTC).expect("buckets");
        assert_eq!(made.interval, 6 * HOUR);
        assert_eq!(made.start, at("2024-07-14T06:00:00Z"));
        assert_eq!(made.end(), at("2024-07-16T12:00:00Z"));
        assert_eq!(made.count, 9);
    }

    #[test]
    fn a_day_has_ten_minute_buckets_unless_asked_otherwise() {
        let (from, to) = (at("2024-07-14T00:00:00Z"), at("2024-07-15T00:00:00Z"));
        let made = buckets(from, to, Wanted::Bins(BINS), &TimeZone::UTC).expect("buckets");
        assert_eq!((made.interval, made.count), (10 * MINUTE, 144));
    }

    #[test]
    fn half_an_hour_has_minute_buckets() {
        let (from, to) = (at("2024-07-14T10:00:30Z"), at("2024-07-14T10:30:30Z"));
        let made = buckets(from, to, Wanted::Bins(BINS), &TimeZone::UTC).expect("buckets");
        assert_eq!((made.interval, made.count), (MINUTE, 31));
        assert_eq!(made.start, at("2024-07-14T10:00:00Z"));
    }

    #[test]
    fn steps_have_a_fixed_length_across_a_change_of_the_clock() {
        let zone = TimeZone::get("Europe/Vienna").expect("a zone");
        let (from, to) = (at("2026-01-27T11:59:00Z"), at("2026-04-27T10:59:00Z"));
        let made = buckets(from, to, Wanted::Bins(BINS), &zone).expect("buckets");
        assert_eq!(made.interval, 12 * HOUR);
        assert_eq!(made.start, at("2026-01-27T10:00:00Z"));
        assert_eq!(made.end(), at("2026-04-27T22:00:00Z"));
        assert_eq!(made.count, 181);
    }

    #[test]
    fn too_many_buckets_become_longer_ones() {
        let (from, to) = (at("2024-01-01T00:00:00Z"), at("2024-01-03T00:00:00Z"));
        let made = buckets(from, to, Wanted::Interval(MINUTE), &TimeZone::UTC).expect("buckets");
        assert_eq!((made.interval, made.count), (2 * MINUTE, 1440));
    }
}
