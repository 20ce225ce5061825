//! `asDouble(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const AS_DOUBLE: Function = Function {
    name: "asDouble",
    summary: "The value where it is a double, else null; nothing is converted.",
    parameters: &[required("value", Accepts::DOUBLE, "the value")],
    examples: &[
        ("asDouble(1.5)", "1.5"),
        ("asDouble(if(true, 5, else: false))", "null"),
    ],
    body: Body::Row(Row::new(
        |_| Type::Double,
        |values| super::only(values, |value| matches!(value, Value::Double(_))),
    )),
};
