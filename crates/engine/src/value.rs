//! The values of a result, as the doors show them: plain data, with nothing of Arrow or DataFusion in it.

use arrow::array::{Array, AsArray};
use arrow::datatypes::{
    DurationNanosecondType, Float64Type, Int64Type, TimestampMicrosecondType,
    TimestampNanosecondType,
};
use functions::{Precision, Type};

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
}

/// The values of a column whose DQL type is `ty`, in order.
pub(crate) fn values(column: &dyn Array, ty: &Type) -> Vec<Value> {
    (0..column.len())
        .map(|row| value(column, ty, row).unwrap_or(Value::Null))
        .collect()
}

fn value(column: &dyn Array, ty: &Type, row: usize) -> Option<Value> {
    if column.is_null(row) {
        return None;
    }
    Some(match ty {
        Type::Null => Value::Null,
        Type::Boolean => Value::Boolean(column.as_boolean_opt()?.value(row)),
        Type::Long => Value::Long(column.as_primitive_opt::<Int64Type>()?.value(row)),
        Type::Double => {
            let double = column.as_primitive_opt::<Float64Type>()?.value(row);
            // Results that are no numbers are null in DQL.
            return double.is_finite().then_some(Value::Double(double));
        }
        Type::String => Value::String(column.as_string_view_opt()?.value(row).to_owned()),
        Type::Dynamic => json_value(column.as_string_view_opt()?.value(row)),
        Type::Timestamp(Precision::Nano) => Value::Timestamp(
            column
                .as_primitive_opt::<TimestampNanosecondType>()?
                .value(row),
        ),
        Type::Timestamp(Precision::Micro) => {
            let micros = column
                .as_primitive_opt::<TimestampMicrosecondType>()?
                .value(row);
            Value::Timestamp(micros.checked_mul(1_000)?)
        }
        Type::Duration => Value::Duration(
            column
                .as_primitive_opt::<DurationNanosecondType>()?
                .value(row),
        ),
        Type::Timeframe => {
            let ends = column.as_struct_opt()?;
            let end = |place: usize| {
                let ends = ends
                    .column(place)
                    .as_primitive_opt::<TimestampNanosecondType>()?;
                ends.is_valid(row).then(|| ends.value(row))
            };
            Value::Timeframe(end(0)?, end(1)?)
        }
        Type::Array(element) => {
            Value::Array(values(&column.as_list_opt::<i32>()?.value(row), element))
        }
    })
}

/// The value of a JSON text, typed as DQL types JSON; null for text that is none.
pub fn json_value(text: &str) -> Value {
    let value = match json::classify(text) {
        json::Kind::Null => Some(Value::Null),
        json::Kind::Boolean => json::as_boolean(text).map(Value::Boolean),
        json::Kind::Long => json::as_long(text).map(Value::Long),
        json::Kind::Double => json::as_double(text)
            .filter(|double| double.is_finite())
            .map(Value::Double),
        json::Kind::String => json::as_string(text).map(|text| Value::String(text.into_owned())),
        json::Kind::Array => json::elements(text)
            .ok()
            .flatten()
            .map(|elements| Value::Array(elements.into_iter().map(json_value).collect())),
        json::Kind::Object => json::members(text).ok().flatten().map(|members| {
            let member = |(key, value): (std::borrow::Cow<'_, str>, &str)| {
                (key.into_owned(), json_value(value))
            };
            Value::Record(members.into_iter().map(member).collect())
        }),
    };
    value.unwrap_or(Value::Null)
}
