//! Value text: how a value of any type stands in a column of dynamic values.
//!
//! Null, booleans, numbers, strings, arrays and records are normal JSON, as [`json::normalize`] writes it: longs
//! without, doubles with a fraction or an exponent. Normal JSON never escapes a slash, so a string that begins with an
//! escaped one is free to stand for the other types: `"\/` and a letter for the type, then the value.
//!
//! | type | text |
//! |---|---|
//! | timestamp, duration | `"\/t<nanoseconds>"`, `"\/d<nanoseconds>"` |
//! | timeframe | `"\/f<nanoseconds>/<nanoseconds>"` |
//! | ip | `"\/i<address>"` |
//! | uid | `"\/u<16 digits>"`, `"\/U<32 digits>"`, a uuid `"\/V<32 digits>"`, hexadecimal |
//! | Smartscape id, geo point | `"\/s<id>"`, `"\/g<latitude>,<longitude>"` |
//! | binary | `"\/b<hexadecimal digits>"` |

use std::borrow::Cow;
use std::fmt::Write;

use json::{Cursor, Kind};

use super::{Uid, Value};

/// What a string begins with that stands for a value of another type.
const TAG: &str = "\"\\/";

/// Whether a value text is a string, and not one that stands for a value of another type.
pub(crate) fn is_string(text: &str) -> bool {
    text.starts_with('"') && !text.starts_with(TAG)
}

/// The text of a string; none for any other type.
pub(crate) fn as_string(text: &str) -> Option<Cow<'_, str>> {
    if is_string(text) {
        json::as_string(text)
    } else {
        None
    }
}

/// The value of a value text; null for text that is none.
pub fn decode(text: &str) -> Value<'_> {
    // Scalars, which most values are, need no cursor.
    match text.as_bytes().first() {
        Some(b'{' | b'[') => read(text, &mut Cursor::new(text.as_bytes()), true),
        _ => Some(scalar(text, true)),
    }
    .unwrap_or(Value::Null)
}

/// The value of a JSON text; null for text that is none. Of several members with one name the last counts.
pub fn from_json(text: &str) -> Value<'_> {
    let mut cursor = Cursor::new(text.as_bytes());
    let value = read(text, &mut cursor, false);
    match cursor.finish() {
        Ok(()) => value.unwrap_or(Value::Null),
        Err(_) => Value::Null,
    }
}

/// The value of a JSON text, or what is wrong with it.
///
/// # Errors
/// [`json::Error`] where the text is not JSON.
pub fn parse_json(text: &str) -> Result<Value<'_>, json::Error> {
    json::validate(text).map(|()| from_json(text))
}

/// Passes the value under the cursor. The recursion ends at the scanner's depth limit.
fn read<'a>(text: &'a str, cursor: &mut Cursor<'a>, tagged: bool) -> Option<Value<'a>> {
    match cursor.peek()? {
        b'{' => {
            let mut members: Vec<(Cow<'a, str>, Value<'a>)> = Vec::new();
            let mut member = cursor.first_member().ok()?;
            while let Some(name) = member {
                let name = name.value(text);
                let value = read(text, cursor, tagged)?;
                // Value text has each key once already.
                let known = if tagged {
                    None
                } else {
                    members.iter_mut().find(|(known, _)| *known == name)
                };
                match known {
                    Some((_, known)) => *known = value,
                    None => members.push((name, value)),
                }
                member = cursor.next_member().ok()?;
            }
            Some(Value::Record(members))
        }
        b'[' => {
            let mut elements = Vec::new();
            let mut more = cursor.first_element().ok()?;
            while more {
                elements.push(read(text, cursor, tagged)?);
                more = cursor.next_element().ok()?;
            }
            Some(Value::Array(elements))
        }
        _ => {
            let start = cursor.at();
            cursor.skip().ok()?;
            Some(scalar(text.get(start..cursor.at())?, tagged))
        }
    }
}

fn scalar(text: &str, tagged: bool) -> Value<'_> {
    if tagged && let Some(rest) = text.strip_prefix(TAG) {
        return rest
            .strip_suffix('"')
            .and_then(special)
            .unwrap_or(Value::Null);
    }
    let value = match json::classify(text) {
        Kind::Boolean => json::as_boolean(text).map(Value::Boolean),
        Kind::Long => json::as_long(text).map(Value::Long),
        Kind::Double => json::as_double(text).map(Value::double),
        Kind::String => json::as_string(text).map(Value::String),
        Kind::Null | Kind::Array | Kind::Object => None,
    };
    value.unwrap_or(Value::Null)
}

/// The value behind a tag.
fn special(tagged: &str) -> Option<Value<'_>> {
    let mut characters = tagged.chars();
    let tag = characters.next()?;
    let rest = characters.as_str();
    let wide = |rest| u128::from_str_radix(rest, 16).ok();
    Some(match tag {
        't' => Value::Timestamp(rest.parse().ok()?),
        'd' => Value::Duration(rest.parse().ok()?),
        'f' => {
            let (start, end) = rest.split_once('/')?;
            Value::Timeframe(start.parse().ok()?, end.parse().ok()?)
        }
        'i' => Value::Ip(rest.parse().ok()?),
        'u' => Value::Uid(Uid::Uid64(u64::from_str_radix(rest, 16).ok()?)),
        'U' => Value::Uid(Uid::Uid128(wide(rest)?)),
        'V' => Value::Uid(Uid::Uuid(wide(rest)?)),
        's' => Value::Smartscape(Cow::Borrowed(rest)),
        'g' => {
            let (latitude, longitude) = rest.split_once(',')?;
            Value::Geopoint(latitude.parse().ok()?, longitude.parse().ok()?)
        }
        'b' => {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let bytes: Option<Vec<u8>> = rest
                .as_bytes()
                .chunks(2)
                .map(|pair| match pair {
                    [high, low] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
                    _ => None,
                })
                .collect();
            Value::Binary(Cow::Owned(bytes?))
        }
        _ => return None,
    })
}

/// Appends the value text of a value.
pub fn encode(value: &Value<'_>, out: &mut String) {
    // Writing to a text does not fail.
    let _ = match value {
        Value::Null => write!(out, "null"),
        Value::Boolean(boolean) => write!(out, "{boolean}"),
        Value::Long(long) => write!(out, "{long}"),
        Value::Double(double) if double.is_finite() => write!(out, "{double:?}"),
        Value::Double(_) => write!(out, "null"),
        Value::String(text) => {
            json::write_string(text, out);
            Ok(())
        }
        Value::Timestamp(nanos) => write!(out, "{TAG}t{nanos}\""),
        Value::Duration(nanos) => write!(out, "{TAG}d{nanos}\""),
        Value::Timeframe(start, end) => write!(out, "{TAG}f{start}/{end}\""),
        Value::Ip(ip) => write!(out, "{TAG}i{ip}\""),
        Value::Uid(Uid::Uid64(bits)) => write!(out, "{TAG}u{bits:016x}\""),
        Value::Uid(Uid::Uid128(bits)) => write!(out, "{TAG}U{bits:032x}\""),
        Value::Uid(Uid::Uuid(bits)) => write!(out, "{TAG}V{bits:032x}\""),
        Value::Smartscape(id) => write!(out, "{TAG}s{id}\""),
        Value::Geopoint(latitude, longitude) => write!(out, "{TAG}g{latitude:?},{longitude:?}\""),
        Value::Binary(bytes) => {
            out.push_str(TAG);
            out.push('b');
            bytes
                .iter()
                .try_for_each(|byte| write!(out, "{byte:02x}"))
                .and_then(|()| write!(out, "\""))
        }
        Value::Array(elements) => {
            out.push('[');
            for (place, element) in elements.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                encode(element, out);
            }
            out.push(']');
            Ok(())
        }
        Value::Record(members) => {
            out.push('{');
            for (place, (key, value)) in members.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                json::write_string(key, out);
                out.push(':');
                encode(value, out);
            }
            out.push('}');
            Ok(())
        }
    };
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::value::testing::value;

    fn encoded(value: &Value<'_>) -> String {
        let mut text = String::new();
        encode(value, &mut text);
        text
    }

    #[test]
    fn types_have_their_own_texts() {
        let table = [
            (Value::Timestamp(-5), "\"\\/t-5\""),
            (Value::Duration(5), "\"\\/d5\""),
            (Value::Timeframe(1, 2), "\"\\/f1/2\""),
            (Value::Ip([127, 0, 0, 1].into()), "\"\\/i127.0.0.1\""),
            (Value::Uid(Uid::Uid64(255)), "\"\\/u00000000000000ff\""),
            (Value::Binary(Cow::Borrowed(&[0, 255])), "\"\\/b00ff\""),
            (Value::string("/t5"), "\"/t5\""),
            (Value::Double(2.0), "2.0"),
        ];
        for (value, text) in table {
            assert_eq!(encoded(&value), text);
            assert_eq!(decode(text), value);
        }
    }

    /// Text of events can't pass for a value of a type that JSON lacks.
    #[test]
    fn json_holds_no_other_types() {
        let forged = "{\"a\":\"\\/t5\",\"a\":[\"\\/i1.1.1.1\"]}";
        let expected = Value::Record(vec![(
            "a".into(),
            Value::Array(vec![Value::string("/i1.1.1.1")]),
        )]);
        assert_eq!(from_json(forged), expected);
        let mut normal = String::new();
        json::normalize(forged, &mut normal).expect("JSON");
        assert_eq!(decode(&normal), expected);
        assert_eq!(from_json("[1] 2"), Value::Null);
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(value in value()) {
            let text = encoded(&value);
            prop_assert_eq!(json::validate(&text), Ok(()));
            prop_assert_eq!(decode(&text), value);
        }

        #[test]
        fn any_text_is_survived(text in "\\PC{0,20}|\"\\\\\\\\/[tdfiuUVsgb]\\PC{0,8}\"") {
            let value = decode(&text).into_owned();
            let again = encoded(&value);
            prop_assert_eq!(decode(&again), value);
        }
    }
}
