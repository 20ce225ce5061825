//! `eventTime` as text to microseconds. One form is CloudTrail's own; others occur in what other tools exported.

/// What a text says as an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Instant {
    /// CloudTrail's form, `YYYY-MM-DDTHH:MM:SSZ`: printed again, it is the same text. Microseconds since 1970-01-01
    /// UTC.
    Exact(i64),
    /// Another ISO-8601 form with an offset, rounded down to microseconds.
    Other(i64),
    /// No instant, or one outside what 64 bits of nanoseconds can hold.
    Absurd,
}

/// The instants that 64 bits of nanoseconds can hold, in microseconds: what the query engine can show.
const RANGE: std::ops::RangeInclusive<i64> = -9_223_372_036_854_775..=9_223_372_036_854_775;

const SECOND: i64 = 1_000_000;

/// Reads `YYYY-MM-DDTHH:MM:SS`, then a fraction of any length or none, then `Z`, `±HH`, `±HHMM` or `±HH:MM`.
pub(crate) fn parse(text: &[u8]) -> Instant {
    let Some((micros, exact)) = instant(text) else {
        return Instant::Absurd;
    };
    match (RANGE.contains(&micros), exact) {
        (false, _) => Instant::Absurd,
        (true, true) => Instant::Exact(micros),
        (true, false) => Instant::Other(micros),
    }
}

fn instant(text: &[u8]) -> Option<(i64, bool)> {
    let (clock, rest) = text.split_first_chunk::<19>()?;
    let seconds = civil(clock)?;
    if rest == b"Z" {
        return Some((seconds * SECOND, true));
    }
    let (micros, rest) = fraction(rest)?;
    let offset = offset(rest)?;
    Some(((seconds - offset) * SECOND + micros, false))
}

/// The seconds since 1970-01-01T00:00:00 of `YYYY-MM-DDTHH:MM:SS`.
fn civil(text: &[u8; 19]) -> Option<i64> {
    let punctuation = [text[4], text[7], text[10], text[13], text[16]];
    if punctuation != *b"--T::" {
        return None;
    }
    let year = number(&text[..4])?;
    let month = number(&text[5..7])?;
    let day = number(&text[8..10])?;
    let (hour, minute, second) = (
        number(&text[11..13])?,
        number(&text[14..16])?,
        number(&text[17..])?,
    );
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some(days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second)
}

/// The days from 1970-01-01 to a date of the Gregorian calendar, by counting years from March, so that the leap day
/// is the last of its year.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + of_year - 719_468
}

/// The microseconds of a fraction, rounded down, and what follows it.
fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let Some((b'.', digits)) = text.split_first() else {
        return Some((0, text));
    };
    let length = digits
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let (digits, rest) = digits.split_at(length);
    let significant = &digits[..length.min(6)];
    let scale = 10_i64.pow(6 - significant.len() as u32);
    (length > 0).then_some(())?;
    Some((number(significant)? * scale, rest))
}

/// The seconds by which the clock is ahead of UTC.
fn offset(text: &[u8]) -> Option<i64> {
    let (sign, digits) = match text {
        b"Z" => return Some(0),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match digits {
        [_, _] => (number(digits)?, 0),
        [hours @ .., b':', a, b] | [hours @ .., a, b] if hours.len() == 2 => {
            (number(hours)?, number(&[*a, *b])?)
        }
        _ => return None,
    };
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 3_600 + minutes * 60))
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |number, digit| {
        digit
            .is_ascii_digit()
            .then(|| number * 10 + i64::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::Instant::{Absurd, Exact, Other};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forms() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Exact(0)),
            ("2024-03-13T06:45:15Z", Exact(1_710_312_315_000_000)),
            ("1969-12-31T23:59:59Z", Exact(-1_000_000)),
            ("2024-02-29T00:00:00Z", Exact(1_709_164_800_000_000)),
            ("2023-02-29T00:00:00Z", Absurd),
            ("1900-02-29T00:00:00Z", Absurd),
            ("2024-00-01T00:00:00Z", Absurd),
            ("2024-04-31T00:00:00Z", Absurd),
            ("2024-01-01T24:00:00Z", Absurd),
            ("2024-01-01T00:60:00Z", Absurd),
            ("2016-12-31T23:59:60Z", Absurd),
            ("1970-01-01T00:00:01.5Z", Other(1_500_000)),
            ("1970-01-01T00:00:00.1234569Z", Other(123_456)),
            ("1969-12-31T23:59:59.9999999Z", Other(-1)),
            ("1970-01-01T00:00:00.Z", Absurd),
            ("1970-01-01T01:00:00+01:00", Other(0)),
            ("1970-01-01T00:00:00-0030", Other(1_800_000_000)),
            ("1970-01-01T00:00:00+00", Other(0)),
            ("1970-01-01T00:00:00+24:00", Absurd),
            ("1970-01-01T00:00:00+1:00", Absurd),
            ("1970-01-01T00:00:00", Absurd),
            ("1970-01-01 00:00:00Z", Absurd),
            ("1970-01-01T00:00:00z", Absurd),
            ("1970-01-01T00:00:00Z ", Absurd),
            ("1970-01-01", Absurd),
            ("20131102T010628Z", Absurd),
            ("", Absurd),
            ("9999-12-31T23:59:59Z", Absurd),
            ("2262-04-11T23:47:16Z", Exact(9_223_372_036_000_000)),
            ("2262-04-11T23:47:17Z", Absurd),
            ("1677-09-21T00:12:44Z", Exact(-9_223_372_036_000_000)),
            ("1677-09-21T00:12:43Z", Absurd),
        ] {
            assert_eq!(parse(text.as_bytes()), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_calendar(second in -9_223_372_036_i64..9_223_372_036) {
            let time = jiff::Timestamp::from_second(second).expect("in range");
            prop_assert_eq!(parse(time.to_string().as_bytes()), Exact(second * SECOND));
        }

        #[test]
        fn no_text_makes_it_panic(text in "[0-9TZ:+. -]{0,32}") {
            parse(text.as_bytes());
        }
    }
}
