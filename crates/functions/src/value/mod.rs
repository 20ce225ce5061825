//! Values of every DQL type, one at a time: what the functions that go row by row are written over, what dynamic
//! columns hold, and what results are made of.
//!
//! Inside plans a value whose type is known only record by record travels as *value text*: normal JSON, in which the
//! types that JSON lacks stand as strings that begin with an escape no normal JSON text has ([`text`]).
//!
//! Reading order: this file, [`text`] (to and from value text), [`order`] (equality and order), [`show`] (the text
//! form), [`column`] (to and from Arrow).

pub mod column;
pub(crate) mod distinct;
mod key;
pub mod numbers;
pub(crate) mod order;
pub mod recent;
mod show;
pub(crate) mod text;
pub(crate) mod udf;

use std::borrow::Cow;
use std::net::IpAddr;

pub use key::{canonical, sort_key};
pub use order::{compare, equal, rank, total};
pub use show::{ip_text, stamp, uid_text};
pub use text::{decode, encode, from_json, parse_json};
pub use udf::{keys, member};

use crate::types::Type;

/// A value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value<'a> {
    /// No value.
    #[default]
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Long(i64),
    /// A finite number.
    Double(f64),
    /// A text.
    String(Cow<'a, str>),
    /// Nanoseconds since 1970-01-01 UTC.
    Timestamp(i64),
    /// Nanoseconds.
    Duration(i64),
    /// A span of time, its ends in nanoseconds since 1970-01-01 UTC.
    Timeframe(i64, i64),
    /// An IP address.
    Ip(IpAddr),
    /// An identifier of 64 or 128 bits.
    Uid(Uid),
    /// A Smartscape id: `TYPE-` and 16 hexadecimal digits.
    Smartscape(Cow<'a, str>),
    /// A point on the globe: latitude and longitude in degrees.
    Geopoint(f64, f64),
    /// Bytes.
    Binary(Cow<'a, [u8]>),
    /// An array.
    Array(Vec<Value<'a>>),
    /// A record: its keys in order, each once.
    Record(Vec<(Cow<'a, str>, Value<'a>)>),
}

/// An identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Uid {
    /// 64 bits.
    Uid64(u64),
    /// 128 bits.
    Uid128(u128),
    /// 128 bits, written with dashes.
    Uuid(u128),
}

impl Uid {
    /// The bits.
    pub fn bits(self) -> u128 {
        match self {
            Uid::Uid64(bits) => u128::from(bits),
            Uid::Uid128(bits) | Uid::Uuid(bits) => bits,
        }
    }
}

impl<'a> Value<'a> {
    /// A text.
    pub fn string(text: impl Into<Cow<'a, str>>) -> Value<'a> {
        Value::String(text.into())
    }

    /// A number that is finite; what is not is no value in DQL.
    pub fn double(double: f64) -> Value<'a> {
        if double.is_finite() {
            // There is one zero.
            Value::Double(double + 0.0)
        } else {
            Value::Null
        }
    }

    /// The value inside, or null.
    pub fn or_null<T>(value: Option<T>, make: impl FnOnce(T) -> Value<'a>) -> Value<'a> {
        value.map_or(Value::Null, make)
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// A boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Boolean(boolean) => Some(*boolean),
            _ => None,
        }
    }

    /// A long.
    pub fn as_long(&self) -> Option<i64> {
        match self {
            Value::Long(long) => Some(*long),
            _ => None,
        }
    }

    /// A long or a double, as a double.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Value::Long(long) => Some(*long as f64),
            Value::Double(double) => Some(*double),
            _ => None,
        }
    }

    /// The elements of an array.
    pub fn as_array(&self) -> Option<&[Value<'a>]> {
        match self {
            Value::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The value of a key of a record, or of an end of a timeframe; null where there is none.
    pub fn member(&self, key: &str) -> Value<'a> {
        match self {
            Value::Record(members) => members
                .iter()
                .find(|(name, _)| name == key)
                .map_or(Value::Null, |(_, value)| value.clone()),
            Value::Timeframe(start, _) if key == "start" => Value::Timestamp(*start),
            Value::Timeframe(_, end) if key == "end" => Value::Timestamp(*end),
            _ => Value::Null,
        }
    }

    /// The element at a place, from the end where it is negative; null where there is none.
    pub fn element(&self, index: i64) -> Value<'a> {
        let Value::Array(elements) = self else {
            return Value::Null;
        };
        let length = i64::try_from(elements.len()).unwrap_or(i64::MAX);
        let place = if index < 0 { index + length } else { index };
        usize::try_from(place)
            .ok()
            .and_then(|place| elements.get(place))
            .map_or(Value::Null, Value::clone)
    }

    /// The value without borrowed parts.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Value::Null => Value::Null,
            Value::Boolean(boolean) => Value::Boolean(boolean),
            Value::Long(long) => Value::Long(long),
            Value::Double(double) => Value::Double(double),
            Value::String(text) => Value::String(Cow::Owned(text.into_owned())),
            Value::Timestamp(nanos) => Value::Timestamp(nanos),
            Value::Duration(nanos) => Value::Duration(nanos),
            Value::Timeframe(start, end) => Value::Timeframe(start, end),
            Value::Ip(ip) => Value::Ip(ip),
            Value::Uid(uid) => Value::Uid(uid),
            Value::Smartscape(id) => Value::Smartscape(Cow::Owned(id.into_owned())),
            Value::Geopoint(latitude, longitude) => Value::Geopoint(latitude, longitude),
            Value::Binary(bytes) => Value::Binary(Cow::Owned(bytes.into_owned())),
            Value::Array(elements) => {
                Value::Array(elements.into_iter().map(Value::into_owned).collect())
            }
            Value::Record(members) => Value::Record(
                members
                    .into_iter()
                    .map(|(key, value)| (Cow::Owned(key.into_owned()), value.into_owned()))
                    .collect(),
            ),
        }
    }

    /// Its static type.
    pub fn ty(&self) -> Type {
        match self {
            Value::Null => Type::Null,
            Value::Boolean(_) => Type::Boolean,
            Value::Long(_) => Type::Long,
            Value::Double(_) => Type::Double,
            Value::String(_) => Type::String,
            Value::Timestamp(_) => Type::TIMESTAMP,
            Value::Duration(_) => Type::Duration,
            Value::Timeframe(..) => Type::Timeframe,
            Value::Ip(_) => Type::Ip,
            Value::Uid(_) => Type::Uid,
            Value::Smartscape(_) => Type::Smartscape,
            Value::Geopoint(..) => Type::Geopoint,
            Value::Binary(_) => Type::Binary,
            Value::Array(elements) => {
                let element = elements
                    .iter()
                    .fold(Type::Null, |all, element| all.or(&element.ty()));
                Type::Array(Box::new(element))
            }
            Value::Record(_) => Type::Record,
        }
    }

    /// Its type as `type()` names it; null has none.
    pub fn type_name(&self) -> Option<&'static str> {
        Some(match self {
            Value::Null => return None,
            Value::Boolean(_) => "boolean",
            Value::Long(_) => "long",
            Value::Double(_) => "double",
            Value::String(_) => "string",
            Value::Timestamp(_) => "timestamp",
            Value::Duration(_) => "duration",
            Value::Timeframe(..) => "timeframe",
            Value::Ip(_) => "ip",
            Value::Uid(_) => "uid",
            Value::Smartscape(_) => "smartscape_id",
            Value::Geopoint(..) => "geopoint",
            Value::Binary(_) => "binary",
            Value::Array(_) => "array",
            Value::Record(_) => "record",
        })
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use proptest::prelude::*;

    use super::{Uid, Value};

    /// Values of every type, nested a few levels deep.
    pub(crate) fn value() -> impl Strategy<Value = Value<'static>> {
        let number = prop_oneof![
            any::<f64>().prop_filter("finite", |double| double.is_finite()),
            (-4i32..4).prop_map(f64::from),
        ]
        .prop_map(|double| double + 0.0);
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Boolean),
            prop_oneof![any::<i64>(), -4i64..4].prop_map(Value::Long),
            number.prop_map(Value::Double),
            "\\PC{0,4}|[/ab\"\\\\\u{0}]{0,3}".prop_map(Value::string),
            (-3i64..3).prop_map(Value::Timestamp),
            any::<i64>().prop_map(Value::Duration),
            (-2i64..2, -2i64..2).prop_map(|(start, end)| Value::Timeframe(start, end)),
            any::<std::net::IpAddr>().prop_map(Value::Ip),
            any::<u64>().prop_map(|bits| Value::Uid(Uid::Uid64(bits))),
            any::<u128>().prop_map(|bits| Value::Uid(Uid::Uuid(bits))),
            (-90.0..90.0f64, -180.0..180.0f64)
                .prop_map(|(latitude, longitude)| Value::Geopoint(latitude, longitude)),
            proptest::collection::vec(any::<u8>(), 0..4)
                .prop_map(|bytes| Value::Binary(bytes.into())),
        ];
        leaf.prop_recursive(3, 16, 3, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::Array),
                proptest::collection::btree_map("[ab]{1,2}", inner, 0..3).prop_map(|members| {
                    let member = |(key, value): (String, Value<'static>)| (key.into(), value);
                    Value::Record(members.into_iter().map(member).collect())
                }),
            ]
        })
    }
}
