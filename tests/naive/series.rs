//! `makeTimeseries count()`: the length of the buckets, where they begin, and what is in them. UTC.

use serde_json::{Value, json};

use super::time::{DAY, MINUTE, text};
use super::{Row, row};

/// Buckets of one length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Buckets {
    /// Where the first begins, nanoseconds.
    pub start: i128,
    /// Where the last ends.
    pub end: i128,
    /// How long each is.
    pub length: i128,
}

impl Buckets {
    /// The buckets for a timeframe where the query says nothing: at most 120 would be nominal, the well-known length
    /// at or below that is taken, or a longer one while there are more than 1,500.
    pub fn of(from: i128, to: i128) -> Self {
        let minutes = [1, 2, 3, 5, 10, 15, 30].map(|n| n * MINUTE);
        let hours = [1, 2, 3, 4, 6, 8, 12].map(|n| n * 60 * MINUTE);
        let lengths: Vec<i128> = minutes
            .into_iter()
            .chain(hours)
            .chain((1..=30).map(|n| n * DAY))
            .collect();
        let nominal = (to - from) / 120;
        let mut place = lengths
            .iter()
            .rposition(|length| *length <= nominal)
            .unwrap_or(0);
        loop {
            let buckets = Self::aligned(from, to, lengths[place]);
            if buckets.count() <= 1_500 || place + 1 == lengths.len() {
                return buckets;
            }
            place += 1;
        }
    }

    /// Buckets of this length that cover the timeframe. Their borders count back from the midnight at or after its end.
    pub fn aligned(from: i128, to: i128, length: i128) -> Self {
        let anchor = (to + DAY - 1).div_euclid(DAY) * DAY;
        let end = anchor - (anchor - to).div_euclid(length) * length;
        let start = anchor - (anchor - from + length - 1).div_euclid(length) * length;
        Self { start, end, length }
    }

    /// How many.
    pub fn count(&self) -> usize {
        ((self.end - self.start) / self.length) as usize
    }

    /// Counts per bucket: a bucket without any is null.
    pub fn counts(&self, times: impl IntoIterator<Item = i128>) -> Vec<Option<f64>> {
        let mut counts = vec![None; self.count()];
        for time in times
            .into_iter()
            .filter(|time| (self.start..self.end).contains(time))
        {
            *counts[((time - self.start) / self.length) as usize].get_or_insert(0.0) += 1.0;
        }
        counts
    }

    /// One row of the result: the timeframe, the length, the groups, the series.
    pub fn row<const N: usize>(
        &self,
        by: [(&str, Option<&Value>); N],
        name: &str,
        counts: &[Option<f64>],
    ) -> Row {
        let mut row = row([
            (
                "timeframe",
                json!({"start": text(self.start), "end": text(self.end)}),
            ),
            ("interval", json!(duration(self.length))),
            (name, json!(counts)),
        ]);
        row.extend(by.map(|(name, value)| (name.to_owned(), value.cloned().unwrap_or_default())));
        row
    }
}

/// `arrayAvg`: the mean of what is not null; 0 where nothing is.
pub fn average(counts: &[Option<f64>]) -> f64 {
    let numbers: Vec<f64> = counts.iter().flatten().copied().collect();
    if numbers.is_empty() {
        0.0
    } else {
        numbers.iter().sum::<f64>() / numbers.len() as f64
    }
}

/// ISO-8601: `PT1M`, `PT1H`, `PT24H`.
fn duration(nanoseconds: i128) -> String {
    let minutes = nanoseconds / MINUTE;
    if minutes % 60 == 0 {
        format!("PT{}H", minutes / 60)
    } else {
        format!("PT{minutes}M")
    }
}

#[cfg(test)]
mod tests {
    use super::super::time::parse;
    use super::*;

    fn at(text: &str) -> i128 {
        parse(text).unwrap()
    }

    /// The language's own example: 5 hours are rounded up to 6, and nine buckets cover two days.
    #[test]
    fn documented_alignment() {
        let buckets = Buckets::aligned(
            at("2024-07-14T10:00:00Z"),
            at("2024-07-16T10:00:00Z"),
            6 * 60 * MINUTE,
        );
        assert_eq!(buckets.start, at("2024-07-14T06:00:00Z"));
        assert_eq!(buckets.end, at("2024-07-16T12:00:00Z"));
        assert_eq!(buckets.count(), 9);
    }

    #[test]
    fn documented_lengths() {
        let from = at("2024-05-01T00:00:00Z");
        let hour = 60 * MINUTE;
        for (span, length) in [
            (hour, MINUTE),
            (2 * hour, MINUTE),
            (6 * hour, 3 * MINUTE),
            (DAY, 10 * MINUTE),
            (3 * DAY, 30 * MINUTE),
            (7 * DAY, hour),
            (30 * DAY, 6 * hour),
            (90 * DAY, 12 * hour),
            (365 * DAY, 3 * DAY),
        ] {
            assert_eq!(Buckets::of(from, from + span).length, length, "{span}");
        }
    }

    /// The language's own example of three records.
    #[test]
    fn documented_counts() {
        let buckets = Buckets::of(at("2024-05-01T13:30:00Z"), at("2024-05-01T13:33:00Z"));
        let times = [
            "2024-05-01T13:30:10Z",
            "2024-05-01T13:31:00Z",
            "2024-05-01T13:31:30Z",
        ]
        .map(at);
        let counts = buckets.counts(times);
        assert_eq!(counts, [Some(1.0), Some(2.0), None]);
        assert_eq!(average(&counts), 1.5);
        assert_eq!(average(&[None]), 0.0);
    }

    #[test]
    fn half_an_hour_that_begins_inside_a_minute_has_31_buckets() {
        let now = at("2024-11-27T17:43:28Z");
        let buckets = Buckets::of(now - 30 * MINUTE, now);
        assert_eq!((buckets.length, buckets.count()), (MINUTE, 31));
        assert_eq!(buckets.start, at("2024-11-27T17:13:00Z"));
    }
}
