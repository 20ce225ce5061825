//! What an export receives.

use std::borrow::Cow;
use std::fmt::Write;
use std::net::IpAddr;

/// The type of an export, known when the pattern is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    String,
    /// A 64-bit integer.
    Long,
    /// A 64-bit float.
    Double,
    /// A truth value.
    Boolean,
    /// A point in time.
    Timestamp,
    /// An IP address.
    Ip,
    /// A record or an array as JSON text; or any value as JSON text, where the type is known only from the input: for
    /// `JSON_VALUE`, and for a name to which the branches of a pattern give different types.
    Json,
}

/// A value, borrowed from the input where it stands there as it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Capture<'i> {
    /// Nothing was there.
    Null,
    /// Text.
    Str(Cow<'i, str>),
    /// An integer.
    Long(i64),
    /// A finite float.
    Double(f64),
    /// A truth value.
    Boolean(bool),
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    Timestamp(i64),
    /// An IP address.
    Ip(IpAddr),
    /// Valid JSON text.
    Json(Cow<'i, str>),
}

impl Capture<'_> {
    /// The same, borrowing nothing.
    pub fn into_owned(self) -> Capture<'static> {
        match self {
            Capture::Null => Capture::Null,
            Capture::Str(text) => Capture::Str(Cow::Owned(text.into_owned())),
            Capture::Long(value) => Capture::Long(value),
            Capture::Double(value) => Capture::Double(value),
            Capture::Boolean(value) => Capture::Boolean(value),
            Capture::Timestamp(value) => Capture::Timestamp(value),
            Capture::Ip(value) => Capture::Ip(value),
            Capture::Json(text) => Capture::Json(Cow::Owned(text.into_owned())),
        }
    }

    /// Appends the value as JSON text. JSON has neither timestamps nor addresses: they become strings, timestamps in
    /// ISO 8601 with nine digits. Integral doubles keep `.0`.
    pub fn write_json(&self, out: &mut String) {
        // Writing to a string can't fail.
        let _ = match self {
            Capture::Null => out.write_str("null"),
            Capture::Str(text) => {
                json::write_string(text, out);
                Ok(())
            }
            Capture::Long(value) => write!(out, "{value}"),
            Capture::Double(value) => write!(out, "{value:?}"),
            Capture::Boolean(value) => write!(out, "{value}"),
            Capture::Timestamp(value) => {
                let time = jiff::Timestamp::from_nanosecond(i128::from(*value)).unwrap_or_default();
                write!(out, "\"{time:.9}\"")
            }
            Capture::Ip(value) => write!(out, "\"{value}\""),
            Capture::Json(text) => out.write_str(text),
        };
    }
}
