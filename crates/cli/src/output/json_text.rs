//! Values as JSON text: longs as numbers, doubles always with a fraction or an exponent, instants in ISO-8601 with nine
//! digits and `Z`, durations in ISO-8601.

use std::fmt::Write;

use engine::{Doubles, Value};
use jiff::tz::TimeZone;

use super::time;

/// The JSON text of a value, without white space.
pub(crate) fn json_text(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

/// A record of our own.
pub(crate) fn json_object<const N: usize>(members: [(&str, Value); N]) -> Value {
    let member = |(key, value): (&str, Value)| (key.to_owned(), value);
    Value::Record(members.into_iter().map(member).collect())
}

/// Appends the JSON text of a value.
pub(super) fn write(value: &Value, out: &mut String) {
    let stamp = |nanos| time::stamp(nanos, &TimeZone::UTC, 9);
    // Writing to a text does not fail.
    let _ = match value {
        // Most of what series hold: pushed, as formatting it takes several times as long.
        Value::Null => {
            out.push_str("null");
            Ok(())
        }
        Value::Boolean(boolean) => write!(out, "{boolean}"),
        Value::Long(long) => write!(out, "{long}"),
        Value::Double(double) if double.is_finite() => write!(out, "{double:?}"),
        Value::Double(_) => write!(out, "null"),
        Value::String(text) => {
            string(text, out);
            Ok(())
        }
        Value::Timestamp(nanos) => write!(out, "\"{}\"", stamp(*nanos)),
        Value::Duration(nanos) => write!(out, "\"{}\"", time::duration(*nanos)),
        Value::Timeframe(start, end) => {
            write!(
                out,
                r#"{{"start":"{}","end":"{}"}}"#,
                stamp(*start),
                stamp(*end)
            )
        }
        Value::Shown(_, shown) => {
            write(shown, out);
            Ok(())
        }
        Value::Array(elements) => {
            out.push('[');
            for (place, element) in elements.iter().enumerate() {
                separate(place, out);
                write(element, out);
            }
            out.push(']');
            Ok(())
        }
        Value::Record(members) => {
            record(
                members.iter().map(|(key, value)| (key.as_str(), value)),
                out,
            );
            Ok(())
        }
    };
}

/// Appends a record as a JSON object.
pub(super) fn record<'a>(members: impl Iterator<Item = (&'a str, &'a Value)>, out: &mut String) {
    out.push('{');
    for (place, (key, value)) in members.enumerate() {
        separate(place, out);
        string(key, out);
        out.push(':');
        write(value, out);
    }
    out.push('}');
}

/// JSON text may go to a terminal as it is, so control characters beyond what JSON forbids are escaped, too.
pub(super) fn string(text: &str, out: &mut String) {
    if text.bytes().all(|byte| byte < 0x7f)
        || !text.contains(|character| matches!(character, '\u{7f}'..='\u{9f}'))
    {
        return json::write_string(text, out);
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    json::write_string(text, &mut quoted);
    for character in quoted.chars() {
        match character {
            '\u{7f}'..='\u{9f}' => out.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => out.push(character),
        }
    }
}

/// Appends the JSON text of an array of doubles: runs of nulls at once, since a series has many.
pub(super) fn doubles(doubles: &Doubles<'_>, out: &mut String) {
    const NULLS: &str = concat!(
        "null,null,null,null,null,null,null,null,",
        "null,null,null,null,null,null,null,null,",
        "null,null,null,null,null,null,null,null,",
        "null,null,null,null,null,null,null,null,"
    );
    const NULL: usize = "null,".len();
    let nulls = |mut count: usize, out: &mut String| {
        while count > 0 {
            let some = count.min(NULLS.len() / NULL);
            out.push_str(&NULLS[..some * NULL]);
            count -= some;
        }
    };
    out.push('[');
    let mut next = 0;
    doubles.present(|place, value| {
        nulls(place - next, out);
        match value {
            0.0 => out.push_str("0.0,"),
            value => _ = write!(out, "{value:?},"),
        }
        next = place + 1;
    });
    nulls(doubles.len() - next, out);
    // The last comma.
    if !doubles.is_empty() {
        out.pop();
    }
    out.push(']');
}

pub(super) fn separate(place: usize, out: &mut String) {
    if place > 0 {
        out.push(',');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_have_one_spelling() {
        let long = |value| Value::Long(value);
        let table = [
            (Value::Null, "null"),
            (Value::Boolean(true), "true"),
            (long(i64::MIN), "-9223372036854775808"),
            (Value::Double(1.0), "1.0"),
            (Value::Double(-0.1), "-0.1"),
            (Value::Double(1e300), "1e300"),
            (Value::Double(1e-7), "1e-7"),
            (Value::Double(f64::NAN), "null"),
            (Value::String("a\"\\\n\u{1b}".into()), r#""a\"\\\n\u001b""#),
            (
                Value::String("a\u{9b}31m\u{7f}é".into()),
                "\"a\\u009b31m\\u007fé\"",
            ),
            (Value::Timestamp(0), "\"1970-01-01T00:00:00.000000000Z\""),
            (Value::Duration(300_000_000_000), "\"PT5M\""),
            (
                Value::Timeframe(0, 1),
                r#"{"start":"1970-01-01T00:00:00.000000000Z","end":"1970-01-01T00:00:00.000000001Z"}"#,
            ),
            (Value::Array(vec![long(1), Value::Null]), "[1,null]"),
            (
                Value::Record(vec![
                    ("a b".into(), Value::Array(vec![])),
                    ("c".into(), Value::Record(vec![])),
                ]),
                r#"{"a b":[],"c":{}}"#,
            ),
        ];
        for (value, text) in table {
            assert_eq!(json_text(&value), text);
        }
    }

    fn plain() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Boolean),
            any::<i64>().prop_map(Value::Long),
            any::<f64>()
                .prop_filter("finite", |double| double.is_finite())
                .prop_map(Value::Double),
            any::<String>().prop_map(Value::String),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
                prop::collection::btree_map(any::<String>(), inner, 0..4)
                    .prop_map(|members| Value::Record(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(value in plain()) {
            let text = json_text(&value);
            prop_assert_eq!(json::validate(&text), Ok(()));
            prop_assert_eq!(engine::json_value(&text), value);
        }
    }
}
