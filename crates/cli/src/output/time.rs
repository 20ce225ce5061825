//! Instants and durations as text.

use engine::Type;
use jiff::fmt::temporal::DateTimePrinter;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// How many digits of a second an instant needs: none, three, six or nine.
pub(super) fn digits(nanos: i64) -> u8 {
    match nanos.unsigned_abs() {
        whole if whole % 1_000_000_000 == 0 => 0,
        milli if milli % 1_000_000 == 0 => 3,
        micro if micro % 1_000 == 0 => 6,
        _ => 9,
    }
}

/// An instant in ISO-8601 with `digits` digits of a second: `…Z` in UTC, else with the offset of the time zone.
pub(super) fn stamp(nanos: i64, zone: &TimeZone, digits: u8) -> String {
    // What 64 bits of nanoseconds hold lies well within what the calendar does.
    let timestamp = Timestamp::from_nanosecond(i128::from(nanos)).unwrap_or_default();
    let printer = DateTimePrinter::new().precision(Some(digits));
    match *zone == TimeZone::UTC {
        true => printer.timestamp_to_string(&timestamp),
        false => printer.timestamp_with_offset_to_string(&timestamp, zone.to_offset(timestamp)),
    }
}

/// An instant as short as it goes without loss.
pub(crate) fn instant(nanos: i64, zone: &TimeZone) -> String {
    stamp(nanos, zone, digits(nanos))
}

/// A duration in ISO-8601, hours its largest unit: `PT5M`, `-PT36H0.5S`.
pub(super) fn duration(nanos: i64) -> String {
    SignedDuration::from_nanos(nanos).to_string()
}

/// A duration for people: `5m`, `1h 30m`, `1h 2s 500ms`.
pub(super) fn friendly(nanos: i64) -> String {
    format!("{:#}", SignedDuration::from_nanos(nanos))
}

/// Whether values of a type stand at the right of their column.
pub(super) fn is_number(ty: &Type) -> bool {
    matches!(ty, Type::Long | Type::Double | Type::Duration)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2024-11-27T17:43:28Z
    const AT: i64 = 1_732_729_408_000_000_000;

    #[test]
    fn instants() {
        let vienna = TimeZone::get("Europe/Vienna").expect("a time zone");
        let table = [
            (AT, 9, "2024-11-27T17:43:28.000000000Z"),
            (AT + 5, 9, "2024-11-27T17:43:28.000000005Z"),
            (AT, 0, "2024-11-27T17:43:28Z"),
            (-1, 9, "1969-12-31T23:59:59.999999999Z"),
            (i64::MIN, 9, "1677-09-21T00:12:43.145224192Z"),
            (i64::MAX, 9, "2262-04-11T23:47:16.854775807Z"),
        ];
        for (nanos, digits, text) in table {
            assert_eq!(stamp(nanos, &TimeZone::UTC, digits), text);
        }
        assert_eq!(stamp(AT, &vienna, 9), "2024-11-27T18:43:28.000000000+01:00");
        assert_eq!(instant(AT, &vienna), "2024-11-27T18:43:28+01:00");
        assert_eq!(
            instant(AT + 120_000_000, &TimeZone::UTC),
            "2024-11-27T17:43:28.120Z"
        );
    }

    #[test]
    fn durations() {
        let table = [
            (0, "PT0S", "0s"),
            (300_000_000_000, "PT5M", "5m"),
            (86_400_000_000_000, "PT24H", "24h"),
            (5_400_500_000_000, "PT1H30M0.5S", "1h 30m 500ms"),
            (-60_000_000_000, "-PT1M", "1m ago"),
            (1, "PT0.000000001S", "1ns"),
        ];
        for (nanos, iso, people) in table {
            assert_eq!(duration(nanos), iso);
            assert_eq!(friendly(nanos), people);
        }
    }
}
