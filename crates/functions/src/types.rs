//! The types of DQL and how each stands in Arrow.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, TimeUnit};

/// How finely a timestamp is stored. Both are the same type to DQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Precision {
    /// Microseconds: what the lake holds.
    Micro,
    /// Nanoseconds: what DQL computes with.
    Nano,
}

/// A static DQL type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// Always null.
    Null,
    /// `Boolean`
    Boolean,
    /// `Int64`
    Long,
    /// `Float64`, never NaN or infinite.
    Double,
    /// `Utf8View`
    String,
    /// `Timestamp(_, "UTC")`
    Timestamp(Precision),
    /// `Duration(Nanosecond)`
    Duration,
    /// `Struct { start, end }` of timestamps in nanoseconds.
    Timeframe,
    /// An array whose elements have one static type. `List`
    Array(Box<Type>),
    /// A value whose type is known only record by record: its JSON text. `Utf8View`
    Dynamic,
}

impl Type {
    /// The timestamp type that DQL computes with.
    pub const TIMESTAMP: Type = Type::Timestamp(Precision::Nano);

    /// The type as a person names it, with its article.
    pub fn article(&self) -> &'static str {
        match self {
            Type::Null => "null",
            Type::Boolean => "a boolean",
            Type::Long => "a long",
            Type::Double => "a double",
            Type::String => "a string",
            Type::Timestamp(_) => "a timestamp",
            Type::Duration => "a duration",
            Type::Timeframe => "a timeframe",
            Type::Array(_) => "an array",
            Type::Dynamic => "a value of any type",
        }
    }

    /// The name that the Grail API gives the type.
    pub fn api_name(&self) -> &'static str {
        match self {
            Type::Null | Type::Dynamic => "undefined",
            Type::Boolean => "boolean",
            Type::Long => "long",
            Type::Double => "double",
            Type::String => "string",
            Type::Timestamp(_) => "timestamp",
            Type::Duration => "duration",
            Type::Timeframe => "timeframe",
            Type::Array(_) => "array",
        }
    }

    /// How the type stands in Arrow.
    pub fn arrow(&self) -> DataType {
        match self {
            Type::Null => DataType::Null,
            Type::Boolean => DataType::Boolean,
            Type::Long => DataType::Int64,
            Type::Double => DataType::Float64,
            Type::String | Type::Dynamic => DataType::Utf8View,
            Type::Timestamp(Precision::Micro) => timestamp(TimeUnit::Microsecond),
            Type::Timestamp(Precision::Nano) => timestamp(TimeUnit::Nanosecond),
            Type::Duration => DataType::Duration(TimeUnit::Nanosecond),
            Type::Timeframe => DataType::Struct(
                vec![
                    Field::new("start", timestamp(TimeUnit::Nanosecond), true),
                    Field::new("end", timestamp(TimeUnit::Nanosecond), true),
                ]
                .into(),
            ),
            Type::Array(element) => {
                DataType::List(Arc::new(Field::new_list_field(element.arrow(), true)))
            }
        }
    }

    /// Whether the two are one type to DQL, storage aside.
    pub fn same(&self, other: &Type) -> bool {
        match (self, other) {
            (Type::Timestamp(_), Type::Timestamp(_)) => true,
            (Type::Array(a), Type::Array(b)) => a.same(b),
            _ => self == other,
        }
    }

    /// Whether it is a long or a double.
    pub fn is_number(&self) -> bool {
        matches!(self, Type::Long | Type::Double)
    }
}

fn timestamp(unit: TimeUnit) -> DataType {
    DataType::Timestamp(unit, Some("UTC".into()))
}
