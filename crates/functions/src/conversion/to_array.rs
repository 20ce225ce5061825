//! `toArray(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const TO_ARRAY: Function = Function {
    name: "toArray",
    summary: "An array as it is, and any other value in an array of its own.",
    parameters: &[required("value", Accepts::ANY, "the value")],
    examples: &[
        ("toArray(\"x\")", "array(\"x\")"),
        ("toArray(array(1, 2))", "array(1, 2)"),
        ("toArray(null)", "null"),
    ],
    body: Body::Row(Row::new(
        |types| match types {
            [Type::Array(element)] => Type::Array(element.clone()),
            [Type::Null] => Type::Null,
            // What is known only record by record may be an array of anything already.
            [Type::Dynamic] | [] => Type::Array(Box::new(Type::Dynamic)),
            [ty, ..] => Type::Array(Box::new(ty.clone())),
        },
        |values| match values {
            [array @ Value::Array(_)] => array.clone(),
            [Value::Null] | [] => Value::Null,
            [value, ..] => Value::Array(vec![value.clone()]),
        },
    )),
};
