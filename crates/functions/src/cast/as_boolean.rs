//! `asBoolean(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const AS_BOOLEAN: Function = Function {
    name: "asBoolean",
    summary: "The value where it is a boolean, else null; nothing is converted.",
    parameters: &[required("value", Accepts::BOOLEAN, "the value")],
    examples: &[
        ("asBoolean(true)", "true"),
        ("asBoolean(if(true, 5, else: false))", "null"),
    ],
    body: Body::Row(Row::new(
        |_| Type::Boolean,
        |values| super::only(values, |value| matches!(value, Value::Boolean(_))),
    )),
};
