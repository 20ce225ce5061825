//! Conversions. Given an array they convert its first element, except those to arrays and texts.

mod to_array;
mod to_boolean;
mod to_double;
mod to_duration;
mod to_geopoint;
mod to_ip;
mod to_long;
mod to_smartscape_id;
mod to_string;
mod to_timeframe;
mod to_timestamp;
mod to_uid;
mod to_variant;

use crate::arithmetic::truncated;
use crate::function::Function;
use crate::value::Value;
use jiff::tz::TimeZone;

/// The list.
pub(crate) const ALL: &[Function] = &[
    to_array::TO_ARRAY,
    to_boolean::TO_BOOLEAN,
    to_double::TO_DOUBLE,
    to_duration::TO_DURATION,
    to_geopoint::TO_GEOPOINT,
    to_ip::TO_IP,
    to_long::TO_LONG,
    to_smartscape_id::TO_SMARTSCAPE_ID,
    to_string::TO_STRING,
    to_timeframe::TO_TIMEFRAME,
    to_timestamp::TO_TIMESTAMP,
    to_uid::TO_UID,
    to_variant::TO_VARIANT,
];

/// The value to be converted: of an array, its first element.
fn scalar<'a>(values: &[Value<'a>]) -> Value<'a> {
    match values {
        [array @ Value::Array(_), ..] => array.element(0),
        [value, ..] => value.clone(),
        [] => Value::Null,
    }
}

/// The value to be converted, and the time zone of the query.
fn zoned<'a>(values: &[Value<'a>]) -> (Value<'a>, Option<TimeZone>) {
    let zone = values.get(1).and_then(Value::as_str);
    (scalar(values), zone.and_then(crate::zone::named))
}

/// The whole part of a double; none beyond the longs.
fn whole(double: f64) -> Option<i64> {
    truncated(double)
}

/// What a value that is neither a double nor a text is as a long.
fn long(value: &Value<'_>) -> Option<i64> {
    match value {
        Value::Boolean(boolean) => Some(i64::from(*boolean)),
        Value::Long(long) => Some(*long),
        Value::Timestamp(nanos) | Value::Duration(nanos) => Some(*nanos),
        Value::Ip(std::net::IpAddr::V4(ip)) => Some(i64::from(u32::from(*ip))),
        Value::Uid(uid) => Some(uid.bits() as i64),
        _ => None,
    }
}

/// The number that a text is, in decimal digits with or without an exponent.
fn number(text: &str) -> Option<f64> {
    let is_number =
        |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
    text.bytes()
        .all(is_number)
        .then(|| text.parse().ok())
        .flatten()
}
