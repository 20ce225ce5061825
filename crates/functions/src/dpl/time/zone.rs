//! Time zones: offsets, abbreviations, names of the IANA database.

use jiff::tz::{Offset, TimeZone};

/// The usual abbreviations and their offsets in minutes. Where two zones share one, the more widespread has it.
const ABBREVIATIONS: &[(&str, i32)] = &[
    ("Z", 0),
    ("UTC", 0),
    ("GMT", 0),
    ("UT", 0),
    ("WET", 0),
    ("WEST", 60),
    ("BST", 60),
    ("CET", 60),
    ("CEST", 120),
    ("EET", 120),
    ("EEST", 180),
    ("MSK", 180),
    ("IST", 330),
    ("SGT", 480),
    ("HKT", 480),
    ("JST", 540),
    ("KST", 540),
    ("AEST", 600),
    ("AEDT", 660),
    ("NZST", 720),
    ("NZDT", 780),
    ("EST", -300),
    ("EDT", -240),
    ("CST", -360),
    ("CDT", -300),
    ("MST", -420),
    ("MDT", -360),
    ("PST", -480),
    ("PDT", -420),
    ("AKST", -540),
    ("AKDT", -480),
    ("HST", -600),
];

/// The zone of this name, abbreviation or offset; the whole of `name` must be one.
pub(crate) fn named(name: &str) -> Option<TimeZone> {
    match read(name) {
        Some((length, zone)) if length == name.len() => Some(zone),
        _ => TimeZone::get(name).ok(),
    }
}

/// The zone that `text` begins with, and its length.
pub(super) fn read(text: &str) -> Option<(usize, TimeZone)> {
    let is_word = |c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '_');
    // No name is longer than this.
    let text = &text[..text.floor_char_boundary(64)];
    let word = &text[..text.find(|c| !is_word(c)).unwrap_or(text.len())];
    if word.contains('/') {
        // Names such as Etc/GMT+5 and America/Port-au-Prince go beyond letters.
        let name = &text[..text
            .find(|c: char| !is_word(c) && !matches!(c, '-' | '+' | '0'..='9'))
            .unwrap_or(text.len())];
        return [name, word]
            .into_iter()
            .find_map(|name| Some((name.len(), TimeZone::get(name).ok()?)));
    }
    if word.is_empty() {
        return offset(text).and_then(|(length, minutes)| Some((length, fixed(minutes)?)));
    }
    let (_, minutes) = ABBREVIATIONS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(word))?;
    // `GMT+02:00`
    if let Some((length, more)) = offset(&text[word.len()..]).filter(|_| *minutes == 0) {
        return Some((word.len() + length, fixed(more)?));
    }
    Some((word.len(), fixed(*minutes)?))
}

/// `+02`, `+0200` or `+02:00` in minutes, and its length.
fn offset(text: &str) -> Option<(usize, i32)> {
    let bytes = text.as_bytes();
    let sign = match bytes.first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let hours = two_digits(bytes, 1)?;
    let colon = usize::from(bytes.get(3) == Some(&b':'));
    let (length, minutes) = match two_digits(bytes, 3 + colon) {
        Some(minutes) => (5 + colon, minutes),
        None => (3, 0),
    };
    (minutes < 60).then_some((length, sign * (hours * 60 + minutes)))
}

fn two_digits(bytes: &[u8], at: usize) -> Option<i32> {
    let digit = |at: usize| {
        bytes
            .get(at)
            .filter(|byte| byte.is_ascii_digit())
            .map(|byte| i32::from(byte - b'0'))
    };
    Some(digit(at)? * 10 + digit(at + 1)?)
}

fn fixed(minutes: i32) -> Option<TimeZone> {
    Offset::from_seconds(minutes * 60).ok().map(TimeZone::fixed)
}
