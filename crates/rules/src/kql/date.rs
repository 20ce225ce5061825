//! Times as queries write them: ISO 8601, cut off at any unit, or milliseconds since 1970.

use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{Span, Timestamp};

/// The first and the last nanosecond since 1970 of what a text names: a moment, or a year, month, day, hour, minute,
/// second or fraction of one. UTC where no offset is given.
///
/// # Errors
/// What goes on from a field's name.
pub(super) fn span(text: &str) -> Result<(i64, i64), String> {
    if text.starts_with("now") || text.contains("||") {
        return Err("is a time, and here one relative to another can't be computed".to_owned());
    }
    read(text)
        .ok_or_else(|| "is a time such as `2026-05-01T12:00:00Z`, and this is none".to_owned())
}

fn read(text: &str) -> Option<(i64, i64)> {
    if text.len() > 4 && text.bytes().all(|digit| digit.is_ascii_digit()) {
        let first = text.parse::<i64>().ok()?.checked_mul(1_000_000)?;
        return Some((first, first.checked_add(999_999)?));
    }
    let (civil, offset) = split_offset(text)?;
    let (date, time) = match civil.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (civil, None),
    };
    let mut numbers = date.split('-');
    let year: i16 = digits(numbers.next()?, 4)?;
    let month = numbers.next().map(|month| digits::<i8>(month, 2));
    let day = numbers.next().map(|day| digits::<i8>(day, 2));
    if numbers.next().is_some() || time.is_some() && day.is_none() {
        return None;
    }
    let mut unit = match (month, day) {
        (None, _) => Span::new().years(1),
        (_, None) => Span::new().months(1),
        _ => Span::new().days(1),
    };
    let (mut hour, mut minute, mut second, mut nanosecond) = (0, 0, 0, 0);
    if let Some(time) = time {
        let mut numbers = time.split(':');
        hour = digits(numbers.next()?, 2)?;
        unit = Span::new().hours(1);
        if let Some(text) = numbers.next() {
            minute = digits(text, 2)?;
            unit = Span::new().minutes(1);
        }
        if let Some(text) = numbers.next() {
            let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
            second = digits(whole, 2)?;
            unit = Span::new().seconds(1);
            if text.contains('.') {
                (nanosecond, unit) = fraction_of(fraction)?;
            }
        }
        if numbers.next().is_some() {
            return None;
        }
    }
    let start = DateTime::new(
        year,
        month.unwrap_or(Some(1))?,
        day.unwrap_or(Some(1))?,
        hour,
        minute,
        second,
        nanosecond,
    )
    .ok()?;
    let end = start.checked_add(unit).ok()?;
    let moment = |civil: DateTime| -> Option<i64> {
        let moment: Timestamp = offset.to_timestamp(civil).ok()?;
        i64::try_from(moment.as_nanosecond()).ok()
    };
    Some((moment(start)?, moment(end)?.checked_sub(1)?))
}

/// The text before the offset, and the offset: `Z`, `+02:00`, `+0200`, `+02`, or none for UTC.
fn split_offset(text: &str) -> Option<(&str, Offset)> {
    if let Some(civil) = text.strip_suffix('Z') {
        return Some((civil, Offset::UTC));
    }
    let time = text.find('T').unwrap_or(text.len());
    let Some(at) = text.get(time..)?.find(['+', '-']).map(|at| time + at) else {
        return Some((text, Offset::UTC));
    };
    let (civil, offset) = text.split_at(at);
    let numbers: String = offset.chars().skip(1).filter(|sign| *sign != ':').collect();
    let hours: i32 = digits(numbers.get(..2)?, 2)?;
    let minutes: i32 = match numbers.get(2..)? {
        "" => 0,
        minutes => digits(minutes, 2)?,
    };
    let seconds = hours * 3600 + minutes * 60;
    let seconds = if offset.starts_with('-') {
        -seconds
    } else {
        seconds
    };
    Some((civil, Offset::from_seconds(seconds).ok()?))
}

/// Nanoseconds of a fraction of a second, and how long the last digit is.
fn fraction_of(text: &str) -> Option<(i32, Span)> {
    let length = u32::try_from(text.len())
        .ok()
        .filter(|length| (1..=9).contains(length))?;
    let unit = 10_i32.pow(9 - length);
    let number: i32 = digits(text, text.len())?;
    Some((number * unit, Span::new().nanoseconds(unit)))
}

fn digits<T: std::str::FromStr>(text: &str, length: usize) -> Option<T> {
    let right = text.len() == length && text.bytes().all(|digit| digit.is_ascii_digit());
    right.then(|| text.parse().ok())?
}
