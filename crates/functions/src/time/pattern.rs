//! Patterns of dates and times as Java's `DateTimeFormatter` has them: letters that stand for parts of a time, as often
//! as says how they are written.
//!
//! Names are English, weeks those of ISO 8601.

use std::fmt::Write;

use jiff::Zoned;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

const QUARTERS: [&str; 4] = ["1st quarter", "2nd quarter", "3rd quarter", "4th quarter"];

/// A pattern, cut into its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// A text that stands as it is.
    Text(String),
    /// A letter, how often it is written, and the width that it is padded to with blanks.
    Field {
        letter: char,
        count: usize,
        width: usize,
    },
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(crate) fn parse(pattern: &str) -> Result<Pattern, String> {
        let mut parts = Vec::new();
        let mut text = String::new();
        let mut width = 0;
        let mut characters = pattern.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '\'' => quoted(&mut characters, &mut text)?,
                // Sections that may be missing never are where a time is written.
                '[' | ']' => {}
                '{' | '}' | '#' => {
                    return Err(format!(
                        "`{character}` is reserved: it stands in single quotes"
                    ));
                }
                letter if letter.is_ascii_alphabetic() => {
                    let mut count = 1;
                    while characters.next_if_eq(&letter).is_some() {
                        count += 1;
                    }
                    if letter == 'p' {
                        width = count;
                        if !characters.peek().is_some_and(char::is_ascii_alphabetic) {
                            return Err("`p` pads the letters behind it, and there are none".into());
                        }
                        continue;
                    }
                    if !is_known(letter, count) {
                        return Err(format!(
                            "`{}` is no part of a time",
                            String::from(letter).repeat(count.min(20))
                        ));
                    }
                    if !text.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut text)));
                    }
                    parts.push(Part::Field {
                        letter,
                        count,
                        width: std::mem::take(&mut width),
                    });
                }
                other => text.push(other),
            }
        }
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        Ok(Pattern { parts })
    }

    /// Writes a time.
    pub(crate) fn format(&self, time: &Zoned) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Field {
                    letter,
                    count,
                    width,
                } => {
                    let start = out.len();
                    field(*letter, *count, time, &mut out);
                    let written = out.get(start..).map_or(0, |text| text.chars().count());
                    out.insert_str(start, &" ".repeat(width.saturating_sub(written)));
                }
            }
        }
        out
    }
}

/// The rest of a text in quotes; two quotes are one.
fn quoted(
    characters: &mut std::iter::Peekable<std::str::Chars<'_>>,
    text: &mut String,
) -> Result<(), String> {
    if characters.next_if_eq(&'\'').is_some() {
        text.push('\'');
        return Ok(());
    }
    loop {
        match characters.next() {
            Some('\'') if characters.next_if_eq(&'\'').is_some() => text.push('\''),
            Some('\'') => return Ok(()),
            Some(other) => text.push(other),
            None => return Err("a quote has no partner".to_owned()),
        }
    }
}

/// Whether a letter may be written so often.
fn is_known(letter: char, count: usize) -> bool {
    match letter {
        'y' | 'u' | 'Y' => count <= 19,
        'M' | 'L' | 'Q' | 'q' | 'E' | 'e' | 'G' => count <= 5,
        'c' => count <= 5 && count != 2,
        'd' | 'H' | 'k' | 'h' | 'K' | 'm' | 's' | 'w' => count <= 2,
        'D' => count <= 3,
        'a' | 'W' => count == 1,
        'S' => count <= 9,
        'A' | 'n' | 'N' => count <= 19,
        'V' => count == 2,
        // The full names of zones are in no table that we have.
        'z' => count <= 3,
        'O' => count == 1 || count == 4,
        'X' | 'x' | 'Z' => count <= 5,
        _ => false,
    }
}

fn field(letter: char, count: usize, time: &Zoned, out: &mut String) {
    let year = i64::from(time.year());
    let hour = i64::from(time.hour());
    let nano_of_second = i64::from(time.subsec_nanosecond());
    let second_of_day = hour * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
    let day = usize::try_from(time.weekday().to_monday_zero_offset()).unwrap_or_default();
    let number = |number: i64, out: &mut String| {
        // Writing to a text does not fail.
        let _ = write!(out, "{number:0count$}");
    };
    match letter {
        'y' | 'u' if count == 2 => number(year.rem_euclid(100), out),
        'y' | 'u' => number(year, out),
        'Y' => {
            let year = i64::from(time.date().iso_week_date().year());
            number(
                if count == 2 {
                    year.rem_euclid(100)
                } else {
                    year
                },
                out,
            );
        }
        'M' | 'L' => {
            let month = i64::from(time.month());
            named(&MONTHS, month - 1, month, count, out);
        }
        'Q' | 'q' => {
            let quarter = i64::from((time.month() - 1) / 3 + 1);
            match count {
                3 => {
                    let _ = write!(out, "Q{quarter}");
                }
                4 => named(&QUARTERS, quarter - 1, quarter, count, out),
                5 => {
                    let _ = write!(out, "{quarter}");
                }
                _ => number(quarter, out),
            }
        }
        'E' => named(&DAYS, day as i64, 0, count.max(3), out),
        'e' | 'c' => named(&DAYS, day as i64, day as i64 + 1, count, out),
        'w' => number(i64::from(time.date().iso_week_date().week()), out),
        'W' => {
            // A week belongs to the month that most of its days are in.
            let first = (day as i64 - i64::from(time.day() - 1)).rem_euclid(7);
            let weeks = (i64::from(time.day()) - 1 + first) / 7;
            number(weeks + i64::from(first <= 3), out);
        }
        'd' => number(i64::from(time.day()), out),
        'D' => number(i64::from(time.day_of_year()), out),
        'a' => out.push_str(if hour < 12 { "AM" } else { "PM" }),
        'H' => number(hour, out),
        'k' => number(if hour == 0 { 24 } else { hour }, out),
        'K' => number(hour % 12, out),
        'h' => number((hour + 11) % 12 + 1, out),
        'm' => number(i64::from(time.minute()), out),
        's' => number(i64::from(time.second()), out),
        'S' => {
            let digits = format!("{nano_of_second:09}");
            out.push_str(digits.get(..count).unwrap_or(&digits));
        }
        'A' => number(second_of_day * 1_000 + nano_of_second / 1_000_000, out),
        'n' => number(nano_of_second, out),
        'N' => number(second_of_day * 1_000_000_000 + nano_of_second, out),
        'G' => out.push_str(match count {
            4 => "Anno Domini",
            5 => "A",
            _ => "AD",
        }),
        'V' => out.push_str(&crate::zone::name(time.time_zone())),
        'z' => {
            let info = time.time_zone().to_offset_info(time.timestamp());
            out.push_str(info.abbreviation());
        }
        _ => offset(letter, count, i64::from(time.offset().seconds()), out),
    }
}

/// A name short, full or by its first letter; a number for fewer than three letters.
fn named(names: &[&str], place: i64, number: i64, count: usize, out: &mut String) {
    let name = usize::try_from(place)
        .ok()
        .and_then(|place| names.get(place))
        .copied()
        .unwrap_or_default();
    let letters = match count {
        1 | 2 => {
            let _ = write!(out, "{number:0count$}");
            return;
        }
        3 => 3,
        4 => name.len(),
        _ => 1,
    };
    out.push_str(name.get(..letters).unwrap_or(name));
}

fn offset(letter: char, count: usize, seconds: i64, out: &mut String) {
    let sign = if seconds < 0 { '-' } else { '+' };
    let size = seconds.abs();
    let (hours, minutes, rest) = (size / 3600, size / 60 % 60, size % 60);
    let mut digits = |colon: &str, minutes_always: bool, with_rest: bool| {
        let _ = write!(out, "{sign}{hours:02}");
        if minutes_always || minutes != 0 {
            let _ = write!(out, "{colon}{minutes:02}");
        }
        if with_rest && rest != 0 {
            let _ = write!(out, "{colon}{rest:02}");
        }
    };
    match (letter, count) {
        ('X', _) | ('Z', 5) if seconds == 0 => out.push('Z'),
        ('X' | 'x', 1) => digits("", false, false),
        ('X' | 'x', 2) => digits("", true, false),
        ('X' | 'x', 3) => digits(":", true, false),
        ('X' | 'x', 4) => digits("", true, true),
        ('X' | 'x', _) | ('Z', 5) => digits(":", true, true),
        ('Z', 1..=3) => digits("", true, false),
        _ => {
            out.push_str("GMT");
            if seconds != 0 && (letter == 'Z' || count == 4) {
                let _ = write!(out, "{sign}{hours:02}:{minutes:02}");
            } else if seconds != 0 {
                let _ = write!(out, "{sign}{hours}");
                if minutes != 0 {
                    let _ = write!(out, ":{minutes:02}");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::calendar::{nanos, zoned};

    fn at(text: &str, zone: &str) -> Zoned {
        let instant = nanos(text.parse().expect("an instant")).expect("in range");
        zoned(instant, &crate::zone::named(zone).expect("a zone")).expect("a time")
    }

    #[test]
    fn letters_stand_for_parts() {
        let time = at("2019-08-01T13:30:05.123456789Z", "UTC");
        let table = [
            (
                "yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSS",
                "2019-08-01T13:30:05.123456789",
            ),
            ("MM-dd-yyyy", "08-01-2019"),
            ("y yy u", "2019 19 2019"),
            ("M MMM MMMM MMMMM L", "8 Aug August A 8"),
            ("d dd D DDD", "1 01 213 213"),
            ("Q QQQ QQQQ", "3 Q3 3rd quarter"),
            ("w Y W", "31 2019 1"),
            ("E EEEE EEEEE e", "Thu Thursday T 4"),
            ("h hh a K k", "1 01 PM 1 13"),
            ("S SSS", "1 123"),
            ("n N A", "123456789 48605123456789 48605123"),
            (
                "X XX XXX x xx xxx Z ZZZZ O",
                "Z Z Z +00 +0000 +00:00 +0000 GMT GMT",
            ),
            ("VV z G", "UTC UTC AD"),
            ("h 'o''clock' ''", "1 o'clock '"),
            ("ppd|pppH", " 1| 13"),
            ("[HH:]mm", "13:30"),
        ];
        for (pattern, expected) in table {
            let pattern = Pattern::parse(pattern).expect("a pattern");
            assert_eq!(pattern.format(&time), expected);
        }
        let eastern = at("2019-08-01T13:30:05Z", "US/Eastern");
        let table = [
            ("HH:mm, VV", "09:30, US/Eastern"),
            (
                "X XX XXX x Z ZZZZ O OOOO z",
                "-04 -0400 -04:00 -04 -0400 GMT-04:00 GMT-4 GMT-04:00 EDT",
            ),
        ];
        for (pattern, expected) in table {
            let pattern = Pattern::parse(pattern).expect("a pattern");
            assert_eq!(pattern.format(&eastern), expected);
        }
        let midnight = at("2021-01-03T00:00:00Z", "UTC");
        let pattern = Pattern::parse("k h K w Y W").expect("a pattern");
        assert_eq!(pattern.format(&midnight), "24 12 0 53 2020 0");
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for pattern in [
            "b",
            "dddd",
            "V",
            "'open",
            "{",
            "aa",
            "zzzz",
            "p",
            "SSSSSSSSSS",
        ] {
            assert!(Pattern::parse(pattern).is_err(), "{pattern}");
        }
    }
}
