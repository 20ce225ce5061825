//! Times by hand: nanoseconds since 1970, UTC.

/// Nanoseconds of a second.
pub const SECOND: i128 = 1_000_000_000;
/// Nanoseconds of a minute.
pub const MINUTE: i128 = 60 * SECOND;
/// Nanoseconds of a day.
pub const DAY: i128 = 86_400 * SECOND;

/// Reads `2024-11-27T17:43:28Z`, with up to nine digits of a fraction and with `Z`, `+hh:mm` or `+hhmm`; none for
/// anything else.
pub fn parse(text: &str) -> Option<i128> {
    let number = |from: usize, to: usize| {
        let digits = text.get(from..to)?;
        digits
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| digits.parse::<i64>().ok())?
    };
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if marks
        .iter()
        .any(|&(place, mark)| text.as_bytes().get(place) != Some(&mark))
    {
        return None;
    }
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    if !(1..=12).contains(&month)
        || !(1..=month_length(year, month)).contains(&day)
        || hour > 23
        || minute > 59
        || second > 59
    {
        return None;
    }
    let mut rest = text.get(19..)?;
    let mut nanoseconds = 0;
    if let Some(fraction) = rest.strip_prefix('.') {
        let width = fraction.bytes().take_while(u8::is_ascii_digit).count();
        let digits = fraction
            .get(..width)
            .filter(|digits| (1..=9).contains(&digits.len()))?;
        nanoseconds = format!("{digits:0<9}").parse::<i128>().ok()?;
        rest = fraction.get(width..)?;
    }
    let offset = match rest.as_bytes() {
        b"Z" => 0,
        [sign @ (b'+' | b'-'), a, b, c, d] | [sign @ (b'+' | b'-'), a, b, b':', c, d]
            if [a, b, c, d].iter().all(|digit| digit.is_ascii_digit()) =>
        {
            let digit = |byte: &u8| i64::from(byte - b'0');
            let minutes = (digit(a) * 10 + digit(b)) * 60 + digit(c) * 10 + digit(d);
            if *sign == b'-' { -minutes } else { minutes }
        }
        _ => return None,
    };
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + (minute - offset) * 60 + second;
    Some(i128::from(seconds) * SECOND + nanoseconds)
}

/// The time that a lake keeps of an event: whole microseconds, rounded down, and none outside what nanoseconds of 64
/// bits can hold.
pub fn kept(nanoseconds: i128) -> Option<i128> {
    let micros = nanoseconds.div_euclid(1_000) * 1_000;
    i64::try_from(micros).is_ok().then_some(micros)
}

/// Writes `2024-11-27T17:43:28.000000000Z`.
pub fn text(nanoseconds: i128) -> String {
    let (days_since, of_day) = (
        nanoseconds.div_euclid(DAY) as i64,
        nanoseconds.rem_euclid(DAY),
    );
    // A year that is never too late; the loop goes on from there.
    let length = if days_since < 0 { 365 } else { 366 };
    let mut year = 1970 + days_since.div_euclid(length);
    while days(year + 1, 1, 1) <= days_since {
        year += 1;
    }
    let mut month = 12;
    while days(year, month, 1) > days_since {
        month -= 1;
    }
    let day = days_since - days(year, month, 1) + 1;
    let seconds = of_day / SECOND;
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:09}Z",
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60,
        of_day % SECOND
    )
}

/// Days from 1970-01-01 to this date: leap years counted, nothing clever.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let leaps = |year: i64| year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let of_year: i64 = (1..month).map(|month| month_length(year, month)).sum();
    (year - 1970) * 365 + leaps(year - 1) - leaps(1969) + of_year + day - 1
}

fn month_length(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let whole = 1_732_729_408 * SECOND;
        assert_eq!(parse("2024-11-27T17:43:28Z"), Some(whole));
        assert_eq!(parse("2024-11-27T17:43:28.25Z"), Some(whole + SECOND / 4));
        assert_eq!(parse("2024-11-27T19:43:28+02:00"), Some(whole));
        assert_eq!(parse("2024-11-27T12:13:28-0530"), Some(whole));
        for wrong in [
            "",
            "yesterday",
            "2024-11-27",
            "2024-02-30T00:00:00Z",
            "2024-11-27T17:43:28",
            "2024-11-27T17:43:28.Z",
            "2024-11-27T24:00:00Z",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_lake_keeps_microseconds() {
        let kept = |text| parse(text).and_then(kept).map(super::text);
        let of = |text: &str| Some(text.to_owned());
        assert_eq!(
            kept("2024-05-01T12:00:00.000001999Z"),
            of("2024-05-01T12:00:00.000001000Z")
        );
        assert_eq!(
            kept("1969-12-31T23:59:59.999999999Z"),
            of("1969-12-31T23:59:59.999999000Z")
        );
        assert_eq!(kept("9999-12-31T23:59:59Z"), None);
        assert_eq!(kept("0001-01-01T00:00:00Z"), None);
    }

    #[test]
    fn there_and_back() {
        for day in (0..40_000).step_by(13) {
            let time = day * DAY + 3_723 * SECOND + 5;
            assert_eq!(parse(&text(time)), Some(time));
        }
        assert_eq!(text(0), "1970-01-01T00:00:00.000000000Z");
        assert_eq!(text(951_782_400 * SECOND), "2000-02-29T00:00:00.000000000Z");
    }
}
