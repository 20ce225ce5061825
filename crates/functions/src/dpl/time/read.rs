//! Reads a text after a format.

use jiff::tz::TimeZone;

use super::format::{Field, Format, Part};
use super::names;
use super::zone;

/// The most digits, and blanks before them, that a number is read with; far fewer have a meaning.
const MAX_DIGITS: usize = 32;

/// What was read, part by part.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) before_christ: bool,
    pub(super) year: Option<i64>,
    pub(super) week_year: Option<i64>,
    pub(super) week: Option<i64>,
    pub(super) week_of_month: Option<i64>,
    pub(super) day_of_week_in_month: Option<i64>,
    /// Monday is 1.
    pub(super) weekday: Option<i64>,
    pub(super) month: Option<i64>,
    pub(super) day_of_year: Option<i64>,
    pub(super) day: Option<i64>,
    pub(super) afternoon: Option<bool>,
    /// 0 to 23
    pub(super) hour: Option<i64>,
    /// 0 to 11
    pub(super) half_hour: Option<i64>,
    pub(super) minute: i64,
    pub(super) second: i64,
    /// Added to the whole; may be more than a second.
    pub(super) milliseconds: i64,
    pub(super) zone: Option<TimeZone>,
}

impl Format {
    /// The time at `at`, in nanoseconds since 1970, and where its text ends. None if the text has another form, or names
    /// a time that does not exist or does not fit. A format without year takes that of `base_time`.
    pub(crate) fn read(&self, input: &str, at: usize, base_time: i64) -> Option<(usize, i64)> {
        let mut parts = Parts::default();
        let mut end = at;
        for part in &self.parts {
            end = match part {
                Part::Text(text) => input[end..].starts_with(text).then_some(end + text.len())?,
                Part::Field(field, count) => parts.field(*field, *count, input, end, end > at)?,
                Part::Name {
                    field,
                    list,
                    dotted,
                } => {
                    let (value, length) = names::find(list, &input[end..])?;
                    match field {
                        Field::Month => parts.month = Some(value),
                        _ => parts.weekday = Some(value),
                    }
                    let named = end + length;
                    named + usize::from(*dotted && input[named..].starts_with('.'))
                }
            };
        }
        Some((end, self.assemble(&parts, base_time)?))
    }
}

impl Parts {
    /// Reads one field; `padded` says that blanks may stand before a number. Gives the end.
    fn field(
        &mut self,
        field: Field,
        count: usize,
        input: &str,
        at: usize,
        padded: bool,
    ) -> Option<usize> {
        let rest = &input[at..];
        match field {
            Field::Era => {
                let era = rest.get(..2)?;
                self.before_christ = era.eq_ignore_ascii_case("BC");
                return (self.before_christ || era.eq_ignore_ascii_case("AD")).then_some(at + 2);
            }
            Field::HalfDay => {
                let half = rest.get(..2)?;
                let afternoon = half.eq_ignore_ascii_case("PM");
                self.afternoon = Some(afternoon);
                return (afternoon || half.eq_ignore_ascii_case("AM")).then_some(at + 2);
            }
            Field::Zone => {
                let (length, zone) = zone::read(rest)?;
                self.zone = Some(zone);
                return Some(at + length);
            }
            Field::Millisecond | Field::Fraction => {
                return self.fraction(field, count, rest).map(|length| at + length);
            }
            _ => {}
        }
        let (length, digits, value) = number(rest, count, padded)?;
        match field {
            Field::Year => self.year = Some(year(value, digits, count)),
            Field::WeekYear => self.week_year = Some(year(value, digits, count)),
            Field::WeekOfYear => self.week = Some(value),
            Field::WeekOfMonth => self.week_of_month = Some(value),
            Field::DayOfWeekInMonth => self.day_of_week_in_month = Some(value),
            Field::Month => self.month = Some(value),
            Field::DayOfYear => self.day_of_year = Some(value),
            Field::Day => self.day = Some(value),
            Field::Hour => self.hour = Some(value),
            Field::HourFromOne => self.hour = Some(from_one(value, 24)?),
            Field::HalfHour => self.half_hour = Some((0..12).contains(&value).then_some(value)?),
            Field::HalfHourFromOne => self.half_hour = Some(from_one(value, 12)?),
            Field::Minute => self.minute = value,
            Field::Second => self.second = value,
            _ => {}
        }
        Some(at + length)
    }

    /// `S` counts milliseconds, so that `.1000` is a second; from four letters on, and with `f`, the digits are a
    /// fraction, of which milliseconds are kept.
    fn fraction(&mut self, field: Field, count: usize, rest: &str) -> Option<usize> {
        let most = match (field, count) {
            (Field::Fraction, _) => 9,
            // The milliseconds since 1970 have more digits than any other.
            (_, 1) => 18,
            (_, count) => count.min(9),
        };
        let length = rest
            .bytes()
            .take(most)
            .take_while(u8::is_ascii_digit)
            .count();
        let digits = rest.get(..length).filter(|digits| !digits.is_empty())?;
        let decimal = field == Field::Fraction || count > 3;
        self.milliseconds += if decimal {
            // Three digits, zeros added where there are fewer.
            digits
                .bytes()
                .chain([b'0'; 2])
                .take(3)
                .fold(0, |value, digit| value * 10 + i64::from(digit - b'0'))
        } else {
            digits.parse().ok()?
        };
        Some(length)
    }
}

/// The number that `text` begins with: its length with the blanks before it, how many digits it has, its value. From two
/// letters to four the digits must be as many; a blank may stand for a leading zero.
fn number(text: &str, count: usize, padded: bool) -> Option<(usize, usize, i64)> {
    let blanks = if padded {
        text.bytes()
            .take(MAX_DIGITS)
            .take_while(|byte| *byte == b' ')
            .count()
    } else {
        0
    };
    let digits = text[blanks..]
        .bytes()
        .take(MAX_DIGITS)
        .take_while(u8::is_ascii_digit)
        .count();
    let digits = match count {
        2..=4 if digits >= count => count,
        2..=4 if digits > 0 && digits + blanks == count => digits,
        2..=4 => return None,
        _ => digits,
    };
    let value = text[blanks..blanks + digits].parse().ok()?;
    Some((blanks + digits, digits, value))
}

/// Two-digit years below 32 are of this century, others of the last.
fn year(value: i64, digits: usize, count: usize) -> i64 {
    match (count, digits) {
        (1 | 2, 1 | 2) if value < 32 => value + 2000,
        (1 | 2, 1 | 2) => value + 1900,
        _ => value,
    }
}

/// A count from 1 to `last`, where the last stands for 0.
fn from_one(value: i64, last: i64) -> Option<i64> {
    (1..=last).contains(&value).then_some(value % last)
}
