//! Single values: what type one is of, and its value. The texts are valid values without white space around them, as
//! [`get`](crate::get) gives them.

use std::borrow::Cow;

use crate::unescape;

/// The type of a JSON value, after DQL: numbers are of two types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number without fraction and exponent that fits 64 bits, signed.
    Long,
    /// Any other number.
    Double,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object, DQL's record.
    Object,
}

/// The type of a valid value.
#[inline]
pub fn classify(raw: &str) -> Kind {
    match raw.as_bytes().first() {
        Some(b'"') => Kind::String,
        Some(b'{') => Kind::Object,
        Some(b'[') => Kind::Array,
        Some(b't' | b'f') => Kind::Boolean,
        Some(b'-' | b'0'..=b'9') => match raw.parse::<i64>() {
            Ok(_) => Kind::Long,
            Err(_) => Kind::Double,
        },
        _ => Kind::Null,
    }
}

/// The value of a boolean; none for any other type.
#[inline]
pub fn as_boolean(raw: &str) -> Option<bool> {
    match raw {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// The value of a long; none for any other type, doubles included.
#[inline]
pub fn as_long(raw: &str) -> Option<i64> {
    match raw.as_bytes().first() {
        Some(b'-' | b'0'..=b'9') => raw.parse().ok(),
        _ => None,
    }
}

/// The value of a number of either type, as the nearest double; none for any other type, and for a number beyond the
/// range of doubles.
#[inline]
pub fn as_double(raw: &str) -> Option<f64> {
    match raw.as_bytes().first() {
        Some(b'-' | b'0'..=b'9') => raw.parse().ok().filter(|value: &f64| value.is_finite()),
        _ => None,
    }
}

/// The value of a string; none for any other type.
#[inline]
pub fn as_string(raw: &str) -> Option<Cow<'_, str>> {
    let body = raw.strip_prefix('"')?.strip_suffix('"')?;
    Some(unescape(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_follow_dql() {
        for (raw, kind) in [
            ("null", Kind::Null),
            ("true", Kind::Boolean),
            ("false", Kind::Boolean),
            ("0", Kind::Long),
            ("-0", Kind::Long),
            ("9223372036854775807", Kind::Long),
            ("-9223372036854775808", Kind::Long),
            ("9223372036854775808", Kind::Double),
            ("1.0", Kind::Double),
            ("1e2", Kind::Double),
            ("1e999", Kind::Double),
            ("\"1\"", Kind::String),
            ("[]", Kind::Array),
            ("{}", Kind::Object),
        ] {
            assert_eq!(classify(raw), kind, "{raw}");
        }
    }

    #[test]
    fn values_are_read_by_their_type_alone() {
        assert_eq!(as_long("-12"), Some(-12));
        assert_eq!(as_long("1.0"), None);
        assert_eq!(as_long("\"1\""), None);
        assert_eq!(as_double("-1.5e1"), Some(-15.0));
        assert_eq!(as_double("3"), Some(3.0));
        assert_eq!(as_double("1e999"), None);
        assert_eq!(as_double("\"1\""), None);
        assert_eq!(as_boolean("true"), Some(true));
        assert_eq!(as_boolean("\"true\""), None);
        assert_eq!(as_string(r#""a\nb""#).as_deref(), Some("a\nb"));
        assert_eq!(as_string("null"), None);
    }
}
