//! Timestamps as text.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::calendar::nanos;

/// The instant of an ISO-8601 text: a date, or a date and a time with or without seconds, fraction and offset. Without
/// an offset it is local to `zone`.
pub fn instant(text: &str, zone: &TimeZone) -> Option<i64> {
    let text = text.trim();
    let timestamp = text
        .parse::<Timestamp>()
        .ok()
        .or_else(|| {
            let compact = jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%S%.f%z", text);
            compact.ok()?.to_timestamp().ok()
        })
        .or_else(|| {
            let civil = text
                .parse::<jiff::civil::DateTime>()
                .or_else(|_| {
                    text.parse::<jiff::civil::Date>()
                        .map(|date| date.at(0, 0, 0, 0))
                })
                .ok()?;
            Some(zone.to_zoned(civil).ok()?.timestamp())
        })?;
    nanos(timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_read() {
        let vienna = crate::zone::named("Europe/Vienna").expect("a zone");
        let seconds = |text: &str| instant(text, &vienna).map(|nanos| nanos as f64 / 1e9);
        for (text, expected) in [
            ("2019-08-01T09:30:00.000-0400", 1_564_666_200.0),
            ("2019-08-01T13:30:00.5Z", 1_564_666_200.5),
            ("2019-08-01T15:30:00+02:00", 1_564_666_200.0),
            ("2019-08-01T15:30", 1_564_666_200.0),
            ("2019-08-01T15:30:00", 1_564_666_200.0),
            ("2019-08-01 15:30:00", 1_564_666_200.0),
            ("2024-01-01", 1_704_063_600.0),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
        for text in [
            "",
            "yesterday",
            "2019-13-01",
            "2019-08-01T25:00:00Z",
            "15:30",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
