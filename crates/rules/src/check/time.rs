//! Times that values give.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::condition::TimePart;

/// The moment that an ISO 8601 text names, in UTC where it names no offset. A date is its first moment.
pub(super) fn read(text: &str) -> Option<Timestamp> {
    if !text.as_bytes().first()?.is_ascii_digit() {
        return None;
    }
    if let Ok(moment) = text.parse() {
        return Some(moment);
    }
    let civil: DateTime = match text.parse() {
        Ok(civil) => civil,
        Err(_) => text
            .parse::<Date>()
            .ok()?
            .to_datetime(jiff::civil::Time::midnight()),
    };
    let zoned = civil.to_zoned(TimeZone::UTC).ok()?;
    Some(zoned.timestamp())
}

/// A part of the moment, in UTC.
pub(super) fn part(moment: Timestamp, part: TimePart) -> i64 {
    let time = moment.to_zoned(TimeZone::UTC).datetime();
    match part {
        TimePart::Minute => i64::from(time.minute()),
        TimePart::Hour => i64::from(time.hour()),
        TimePart::Day => i64::from(time.day()),
        TimePart::Week => i64::from(time.date().iso_week_date().week()),
        TimePart::Month => i64::from(time.month()),
        TimePart::Year => i64::from(time.year()),
    }
}
