//! The values of a result, as the doors show them: plain data, with nothing of Arrow or DataFusion in it.

use arrow::array::Array;
use datafusion::common::Result;
use functions::value::column::Reader;
use functions::value::uid_text;
use functions::{Type, Value as Held};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Long(i64),
    /// A finite number.
    Double(f64),
    /// A text.
    String(String),
    /// Nanoseconds since 1970-01-01 UTC.
    Timestamp(i64),
    /// Nanoseconds.
    Duration(i64),
    /// A span of time, its ends in nanoseconds since 1970-01-01 UTC.
    Timeframe(i64, i64),
    /// An array.
    Array(Vec<Value>),
    /// A record: its keys in order.
    Record(Vec<(String, Value)>),
    /// A value of a type that is only shown: the name that the Grail API gives the type (`ip_address`, `uid`,
    /// `smartscape_id`, `binary`, `geo_point`), and what is shown for it.
    Shown(&'static str, Box<Value>),
}

impl From<Held<'_>> for Value {
    fn from(held: Held<'_>) -> Value {
        let shown = |ty: Type, text| Value::Shown(ty.api_name(), Box::new(Value::String(text)));
        match held {
            Held::Null => Value::Null,
            Held::Boolean(boolean) => Value::Boolean(boolean),
            Held::Long(long) => Value::Long(long),
            Held::Double(double) => Value::Double(double),
            Held::String(text) => Value::String(text.into_owned()),
            Held::Timestamp(nanos) => Value::Timestamp(nanos),
            Held::Duration(nanos) => Value::Duration(nanos),
            Held::Timeframe(start, end) => Value::Timeframe(start, end),
            // Results have the short form of RFC 5952; `toString` has one of its own.
            Held::Ip(ip) => shown(Type::Ip, ip.to_string()),
            Held::Uid(uid) => shown(Type::Uid, uid_text(uid)),
            Held::Smartscape(id) => shown(Type::Smartscape, id.into_owned()),
            Held::Binary(_) => shown(Type::Binary, held.text().unwrap_or_default()),
            Held::Geopoint(latitude, longitude) => {
                let members = [("latitude", latitude), ("longitude", longitude)]
                    .map(|(key, degrees)| (key.to_owned(), Value::Double(degrees)));
                Value::Shown(
                    Type::Geopoint.api_name(),
                    Box::new(Value::Record(members.into())),
                )
            }
            Held::Array(elements) => Value::Array(elements.into_iter().map(Value::from).collect()),
            Held::Record(members) => {
                let member = |(key, value): (std::borrow::Cow<'_, str>, Held<'_>)| {
                    (key.into_owned(), Value::from(value))
                };
                Value::Record(members.into_iter().map(member).collect())
            }
        }
    }
}

/// The values of a column whose DQL type is `ty`, in order.
pub(crate) fn values(column: &dyn Array, ty: &Type) -> Result<Vec<Value>> {
    let reader = Reader::new(column, ty)?;
    Ok((0..column.len()).map(|row| value(&reader, row)).collect())
}

/// The value of a row. Arrays are made at once of their elements: series have a hundred each.
fn value(reader: &Reader<'_>, row: usize) -> Value {
    match reader {
        Reader::Array { list, elements } if list.is_valid(row) => {
            let offsets = list.value_offsets();
            let range = offsets[row] as usize..offsets[row + 1] as usize;
            Value::Array(range.map(|place| value(elements, place)).collect())
        }
        reader => Value::from(reader.get(row)),
    }
}

/// The value of a JSON text, typed as DQL types JSON; null for text that is none.
pub fn json_value(text: &str) -> Value {
    Value::from(functions::value::from_json(text))
}
