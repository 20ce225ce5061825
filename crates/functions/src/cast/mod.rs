//! Type assertions: the value where it has the type, else null.

mod as_array;
mod as_binary;
mod as_boolean;
mod as_double;
mod as_duration;
mod as_geopoint;
mod as_ip;
mod as_long;
mod as_number;
mod as_record;
mod as_smartscape_id;
mod as_string;
mod as_timeframe;
mod as_timestamp;
mod as_uid;

use crate::function::Function;
use crate::types::Type;
use crate::value::Value;

/// The list.
pub(crate) const ALL: &[Function] = &[
    as_array::AS_ARRAY,
    as_binary::AS_BINARY,
    as_boolean::AS_BOOLEAN,
    as_double::AS_DOUBLE,
    as_duration::AS_DURATION,
    as_geopoint::AS_GEOPOINT,
    as_ip::AS_IP,
    as_long::AS_LONG,
    as_number::AS_NUMBER,
    as_record::AS_RECORD,
    as_smartscape_id::AS_SMARTSCAPE_ID,
    as_string::AS_STRING,
    as_timeframe::AS_TIMEFRAME,
    as_timestamp::AS_TIMESTAMP,
    as_uid::AS_UID,
];

/// The static type of the argument where it is known, else `ty`.
fn kept(types: &[Type], ty: Type) -> Type {
    match types {
        [known @ (Type::Array(_) | Type::Long | Type::Double)] => known.clone(),
        _ => ty,
    }
}

/// The value where it is of the wanted type.
fn only<'a>(values: &[Value<'a>], wanted: fn(&Value<'a>) -> bool) -> Value<'a> {
    match values {
        [value] if wanted(value) => value.clone(),
        _ => Value::Null,
    }
}
