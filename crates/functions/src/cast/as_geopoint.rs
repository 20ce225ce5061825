//! `asGeopoint(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const AS_GEOPOINT: Function = Function {
    name: "asGeopoint",
    summary: "The value where it is a geo point, else null; nothing is converted.",
    parameters: &[required("value", Accepts::GEOPOINT, "the value")],
    examples: &[
        ("asGeopoint(null)", "null"),
        ("asGeopoint(if(true, 5, else: false))", "null"),
    ],
    body: Body::Row(Row::new(
        |_| Type::Geopoint,
        |values| super::only(values, |value| matches!(value, Value::Geopoint(..))),
    )),
};
