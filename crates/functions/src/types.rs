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
    /// An IP address. Value text
    Ip,
    /// An identifier of 64 or 128 bits. Value text
    Uid,
    /// A Smartscape id. Value text
    Smartscape,
    /// A point on the globe. Value text
    Geopoint,
    /// Bytes. Value text
    Binary,
    /// An array whose elements have one static type: a `List` of booleans, numbers, strings, timestamps in nanoseconds
    /// and durations, value text of anything else.
    Array(Box<Type>),
    /// A record. Value text
    Record,
    /// A value whose type is known only record by record. Value text
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
            Type::Ip => "an IP address",
            Type::Uid => "a uid",
            Type::Smartscape => "a Smartscape id",
            Type::Geopoint => "a geo point",
            Type::Binary => "a binary value",
            Type::Array(_) => "an array",
            Type::Record => "a record",
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
            Type::Ip => "ip_address",
            Type::Uid => "uid",
            Type::Smartscape => "smartscape_id",
            Type::Geopoint => "geo_point",
            Type::Binary => "binary",
            Type::Array(_) => "array",
            Type::Record => "record",
        }
    }

    /// Whether values stand as value text ([`crate::value::text`]), as dynamic ones do.
    pub fn is_text(&self) -> bool {
        match self {
            Type::Ip
            | Type::Uid
            | Type::Smartscape
            | Type::Geopoint
            | Type::Binary
            | Type::Record
            | Type::Dynamic => true,
            Type::Array(element) => !matches!(
                **element,
                Type::Boolean
                    | Type::Long
                    | Type::Double
                    | Type::String
                    | Type::Timestamp(Precision::Nano)
                    | Type::Duration
            ),
            _ => false,
        }
    }

    /// The type of both, or of any value where they have none in common; null goes with every type.
    pub fn or(&self, other: &Type) -> Type {
        match (self, other) {
            (Type::Null, ty) | (ty, Type::Null) => ty.clone(),
            (Type::Timestamp(_), Type::Timestamp(_)) if self != other => Type::TIMESTAMP,
            (a, b) if a == b => a.clone(),
            (Type::Array(_), Type::Array(_)) => Type::Array(Box::new(Type::Dynamic)),
            _ => Type::Dynamic,
        }
    }

    /// A short text for the type, as it travels in plans.
    pub(crate) fn code(&self) -> String {
        let letter = match self {
            Type::Array(element) => return format!("a{}", element.code()),
            Type::Null => "n",
            Type::Boolean => "b",
            Type::Long => "l",
            Type::Double => "d",
            Type::String => "s",
            Type::Timestamp(Precision::Nano) => "t",
            Type::Timestamp(Precision::Micro) => "m",
            Type::Duration => "D",
            Type::Timeframe => "f",
            Type::Ip => "i",
            Type::Uid => "u",
            Type::Smartscape => "S",
            Type::Geopoint => "g",
            Type::Binary => "B",
            Type::Record => "r",
            Type::Dynamic => "v",
        };
        letter.to_owned()
    }

    /// The types of such texts, one behind the other.
    pub(crate) fn from_codes(codes: &str) -> Option<Vec<Type>> {
        let mut types = Vec::new();
        let mut dimensions = 0;
        for letter in codes.chars() {
            let ty = match letter {
                'a' => {
                    dimensions += 1;
                    continue;
                }
                'n' => Type::Null,
                'b' => Type::Boolean,
                'l' => Type::Long,
                'd' => Type::Double,
                's' => Type::String,
                't' => Type::TIMESTAMP,
                'm' => Type::Timestamp(Precision::Micro),
                'D' => Type::Duration,
                'f' => Type::Timeframe,
                'i' => Type::Ip,
                'u' => Type::Uid,
                'S' => Type::Smartscape,
                'g' => Type::Geopoint,
                'B' => Type::Binary,
                'r' => Type::Record,
                'v' => Type::Dynamic,
                _ => return None,
            };
            let whole = (0..dimensions).fold(ty, |ty, _| Type::Array(Box::new(ty)));
            types.push(whole);
            dimensions = 0;
        }
        (dimensions == 0).then_some(types)
    }

    /// How the type stands in Arrow.
    pub fn arrow(&self) -> DataType {
        match self {
            ty if ty.is_text() => DataType::Utf8View,
            Type::Null => DataType::Null,
            Type::Boolean => DataType::Boolean,
            Type::Long => DataType::Int64,
            Type::Double => DataType::Float64,
            Type::String => DataType::Utf8View,
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
            // The others are text, which the first line has answered.
            _ => DataType::Utf8View,
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
