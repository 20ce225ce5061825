//! `asString(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const AS_STRING: Function = Function {
    name: "asString",
    summary: "The value where it is a string, else null; nothing is converted.",
    parameters: &[required("value", Accepts::STRING, "the value")],
    examples: &[
        ("asString(\"x\")", "\"x\""),
        ("asString(if(true, 5, else: false))", "null"),
    ],
    body: Body::Row(Row::new(
        |_| Type::String,
        |values| super::only(values, |value| matches!(value, Value::String(_))),
    )),
};
