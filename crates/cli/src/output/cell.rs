//! A value as a person reads it on one line, and how much room it takes.

use engine::{Type, Value};
use jiff::tz::TimeZone;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{json_text, sparkline, time};
use crate::escape::visible;

/// What stands for no value. Text of that kind is told from it by colour, and in `json`.
pub(super) const NULL: &str = "null";

/// What stands where something was cut off.
const CUT: &str = "…";

/// A value ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// No value.
    Null,
    /// A text on one line that steers no terminal.
    Text(String),
    /// A time series.
    Series(Vec<Option<f64>>),
}

impl Cell {
    /// The cell of a value, with at least `digits` digits of a second. Arrays that are known to hold numbers before the
    /// query runs are series.
    pub(super) fn of(value: &Value, ty: &Type, zone: &TimeZone, digits: u8) -> Cell {
        if let (Value::Array(elements), Type::Array(element)) = (value, ty)
            && element.is_number()
            && let Some(series) = sparkline::numbers(elements)
        {
            return Cell::Series(series);
        }
        match value {
            Value::Null => Cell::Null,
            _ => Cell::Text(text(value, zone, digits)),
        }
    }

    /// The columns of characters that it takes uncut.
    pub(super) fn width(&self) -> usize {
        match self {
            Cell::Null => NULL.len(),
            Cell::Text(text) => text.width(),
            Cell::Series(series) => series.len() + 1 + sparkline::peak(series).len(),
        }
    }

    /// Its text in at most `room` columns, and whether something was cut for that.
    pub(super) fn fit(&self, room: usize) -> (String, bool) {
        match self {
            Cell::Null => fit(NULL, room),
            Cell::Text(text) => fit(text, room),
            Cell::Series(series) => {
                let peak = sparkline::peak(series);
                let bars = sparkline::bars(series, room.saturating_sub(peak.len() + 1));
                let (text, cut) = fit(&format!("{bars} {peak}"), room);
                (text, cut || self.width() > room)
            }
        }
    }
}

/// A value on one line.
pub(super) fn text(value: &Value, zone: &TimeZone, least_digits: u8) -> String {
    let stamp = |nanos| time::stamp(nanos, zone, time::digits(nanos).max(least_digits));
    match value {
        Value::Null => NULL.to_owned(),
        Value::Boolean(boolean) => boolean.to_string(),
        Value::Long(long) => long.to_string(),
        Value::Double(double) => format!("{double:?}"),
        Value::String(text) => visible(text).into_owned(),
        Value::Timestamp(nanos) => stamp(*nanos),
        Value::Duration(nanos) => time::friendly(*nanos),
        Value::Timeframe(start, end) => timeframe(&stamp(*start), &stamp(*end)),
        Value::Shown(_, shown) => text(shown, zone, least_digits),
        Value::Array(_) | Value::Record(_) => visible(&json_text(value)).into_owned(),
    }
}

/// A span of time in ISO-8601, which leaves out the second date where it is the first.
fn timeframe(start: &str, end: &str) -> String {
    let end = match (start.split_once('T'), end.split_once('T')) {
        (Some((first, _)), Some((last, time))) if first == last => time,
        _ => end,
    };
    format!("{start}/{end}")
}

/// The text in at most `room` columns, and whether it was cut. What looks like a name, such as an ARN or a path, loses
/// its middle, other text its end.
pub(super) fn fit(text: &str, room: usize) -> (String, bool) {
    if text.width() <= room {
        return (text.to_owned(), false);
    }
    let Some(left) = room.checked_sub(CUT.width()) else {
        return (String::new(), true);
    };
    let is_name = !text.contains(' ') && !text.starts_with(['{', '[', '"']);
    let tail = if is_name { left * 2 / 3 } else { 0 };
    let tail: String = most(text.chars().rev(), tail).into_iter().rev().collect();
    let head: String = most(text.chars(), left.saturating_sub(tail.width()))
        .into_iter()
        .collect();
    (format!("{head}{CUT}{tail}"), true)
}

/// The first characters that fit into `room` columns. The selector of emoji forms has no width, but widens what is
/// before it.
fn most(characters: impl Iterator<Item = char>, room: usize) -> Vec<char> {
    let mut used = 0;
    characters
        .take_while(|character| {
            used += match character {
                '\u{fe0f}' => 1,
                _ => character.width().unwrap_or_default(),
            };
            used <= room
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cell(value: &Value, ty: &Type) -> Cell {
        Cell::of(value, ty, &TimeZone::UTC, 0)
    }

    #[test]
    fn one_line_each() {
        let text = |value: Value| cell(&value, &Type::Dynamic).fit(80).0;
        assert_eq!(text(Value::String("a\nb\u{1b}".into())), "a\\nb<U+001B>");
        assert_eq!(text(Value::Null), "null");
        assert_eq!(text(Value::Double(2.0)), "2.0");
        assert_eq!(text(Value::Timestamp(0)), "1970-01-01T00:00:00Z");
        assert_eq!(
            text(Value::Timeframe(0, 1_000_000)),
            "1970-01-01T00:00:00Z/00:00:00.001Z"
        );
        assert_eq!(
            text(Value::Timeframe(-1_000_000_000, 0)),
            "1969-12-31T23:59:59Z/1970-01-01T00:00:00Z"
        );
        let record = Value::Record(vec![("k".into(), Value::String("v\n\u{202e}".into()))]);
        assert_eq!(text(record), r#"{"k":"v\n<U+202E>"}"#);
        // An array of JSON is no series, though it holds numbers.
        assert_eq!(text(Value::Array(vec![Value::Long(1)])), "[1]");
    }

    #[test]
    fn series_are_drawn() {
        let ty = Type::Array(Box::new(Type::Long));
        let series = |numbers: &[i64]| {
            let elements = numbers.iter().copied().map(Value::Long).collect();
            cell(&Value::Array(elements), &ty)
        };
        assert_eq!(series(&[0, 7, 1]).fit(80), ("▁█▂ 7".to_owned(), false));
        assert_eq!(series(&[0, 7, 1]).width(), 5);
        assert_eq!(series(&[0, 7, 1, 1]).fit(4), ("█▂ 7".to_owned(), true));
    }

    #[test]
    fn cuts_are_seen() {
        assert_eq!(fit("abcdef", 6), ("abcdef".to_owned(), false));
        assert_eq!(fit("a text", 5), ("a te…".to_owned(), true));
        assert_eq!(fit("[1,2,3]", 5), ("[1,2…".to_owned(), true));
        // The end of a name tells more than its middle.
        assert_eq!(
            fit("arn:aws:iam::1:user/alice", 16),
            ("arn:a…user/alice".to_owned(), true)
        );
        // Wide characters are not cut in half.
        assert_eq!(fit("日 本語", 5), ("日 …".to_owned(), true));
        assert_eq!(fit("日 本語", 6), ("日 本…".to_owned(), true));
        // The selector of its emoji form would make the cloud wide.
        assert_eq!(
            fit("a \u{2601}\u{fe0f} b", 4),
            ("a \u{2601}…".to_owned(), true)
        );
        assert_eq!(fit("ab", 1), ("…".to_owned(), true));
        assert_eq!(fit("ab", 0), (String::new(), true));
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_its_room(text in "(\\PC|[ \u{2601}\u{fe0f}日\n]){0,40}", room in 0usize..30) {
            let shown = cell(&Value::String(text), &Type::String).fit(room).0;
            prop_assert!(shown.width() <= room, "{shown:?}");
        }
    }
}
