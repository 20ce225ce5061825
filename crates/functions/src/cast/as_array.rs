//! `asArray(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const AS_ARRAY: Function = Function {
    name: "asArray",
    summary: "The value where it is an array, else null; nothing is converted.",
    parameters: &[required("value", Accepts::ARRAY, "the value")],
    examples: &[
        ("asArray(array(1))[0]", "1"),
        ("asArray(if(true, 5, else: false))", "null"),
    ],
    body: Body::Row(Row::new(
        |types| super::kept(types, Type::Array(Box::new(Type::Dynamic))),
        |values| super::only(values, |value| matches!(value, Value::Array(_))),
    )),
};
