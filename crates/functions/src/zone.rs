//! Time zones by name: IANA names, offsets such as `+02:00`, and `Z`.

use std::cell::RefCell;

use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::TimeZone;

/// The zone of a name; none where there is none of that name.
pub fn named(name: &str) -> Option<TimeZone> {
    thread_local! {
        // One query asks for one zone, once a row.
        static LAST: RefCell<Option<(String, TimeZone)>> = const { RefCell::new(None) };
    }
    LAST.with_borrow_mut(|last| {
        if let Some((known, zone)) = last
            && known == name
        {
            return Some(zone.clone());
        }
        let zone = parsed(name)?;
        *last = Some((name.to_owned(), zone.clone()));
        Some(zone)
    })
}

fn parsed(name: &str) -> Option<TimeZone> {
    match name {
        "Z" | "z" | "UTC" | "GMT" => Some(TimeZone::UTC),
        // Java's names of offsets.
        _ if let Some(offset) = name.strip_prefix("UTC").or(name.strip_prefix("GMT"))
            && offset.starts_with(['+', '-']) =>
        {
            parsed(&padded(offset))
        }
        _ => DateTimeParser::new().parse_time_zone(name).ok(),
    }
}

/// An offset with two digits of its hours.
fn padded(offset: &str) -> String {
    let (sign, digits) = offset.split_at(1);
    match digits.find(':').unwrap_or(digits.len()) {
        1 => format!("{sign}0{digits}"),
        _ => offset.to_owned(),
    }
}

/// Whether there is a zone of a name.
///
/// # Errors
/// What is wrong, in words.
pub(crate) fn check(name: &str) -> Result<(), String> {
    match named(name) {
        Some(_) => Ok(()),
        None => Err(format!(
            "there is no time zone `{name}`: name one as in `Europe/Vienna`, `+02:00` or `UTC`"
        )),
    }
}

/// The name of a zone, which [`named`] reads.
pub fn name(zone: &TimeZone) -> String {
    match (zone.iana_name(), zone.to_fixed_offset()) {
        (Some(name), _) => name.to_owned(),
        (None, Ok(offset)) => offset.to_string(),
        (None, Err(_)) => "UTC".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for zone in ["Europe/Vienna", "UTC", "+02:00", "-03:30"] {
            let zone = named(zone).expect("a zone");
            assert_eq!(named(&name(&zone)), Some(zone));
        }
        assert_eq!(named("Nowhere/Near"), None);
        assert_eq!(named(""), None);
        assert_eq!(named("UTC+2"), named("+02:00"));
        assert_eq!(named("GMT-03:30"), named("-03:30"));
    }
}
