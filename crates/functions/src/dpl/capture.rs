//! What an export receives.

use std::borrow::Cow;
use std::net::IpAddr;

use crate::value::{self, Value};

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
    /// A Smartscape id.
    Smartscape,
    /// A JSON value, as its text in the input.
    Json,
    /// A record.
    Record,
    /// An array.
    Array,
    /// Any value: for a name to which the branches of a pattern give different types.
    Dynamic,
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
    /// A Smartscape id.
    Smartscape(Cow<'i, str>),
    /// Valid JSON text, as it stands in the input: [`Kind::Json`].
    Json(Cow<'i, str>),
    /// Value text ([`crate::value::text`]): a record, an array, or a value of [`Kind::Dynamic`].
    Text(Cow<'i, str>),
}

impl Capture<'_> {
    /// The same, borrowing nothing.
    pub fn into_owned(self) -> Capture<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        match self {
            Capture::Null => Capture::Null,
            Capture::Str(text) => Capture::Str(owned(text)),
            Capture::Long(value) => Capture::Long(value),
            Capture::Double(value) => Capture::Double(value),
            Capture::Boolean(value) => Capture::Boolean(value),
            Capture::Timestamp(value) => Capture::Timestamp(value),
            Capture::Ip(value) => Capture::Ip(value),
            Capture::Smartscape(text) => Capture::Smartscape(owned(text)),
            Capture::Json(text) => Capture::Json(owned(text)),
            Capture::Text(text) => Capture::Text(owned(text)),
        }
    }

    /// The value behind it.
    pub fn value(&self) -> Value<'_> {
        match self {
            Capture::Null => Value::Null,
            Capture::Str(text) => Value::string(&**text),
            Capture::Long(value) => Value::Long(*value),
            Capture::Double(value) => Value::double(*value),
            Capture::Boolean(value) => Value::Boolean(*value),
            Capture::Timestamp(value) => Value::Timestamp(*value),
            Capture::Ip(value) => Value::Ip(*value),
            Capture::Smartscape(text) => Value::Smartscape(Cow::Borrowed(text)),
            Capture::Json(text) => value::from_json(text),
            Capture::Text(text) => value::decode(text),
        }
    }

    /// Appends the value as value text.
    pub fn write(&self, out: &mut String) {
        match self {
            Capture::Text(text) => out.push_str(text),
            Capture::Json(text) => {
                let start = out.len();
                // It was scanned when it was captured.
                if json::normalize(text, out).is_err() {
                    out.truncate(start);
                    out.push_str("null");
                }
            }
            scalar => value::encode(&scalar.value(), out),
        }
    }
}
