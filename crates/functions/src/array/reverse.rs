//! `arrayReverse(array)`

use super::array_type;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::value::Value;

pub(super) const ARRAY_REVERSE: Function = Function {
    name: "arrayReverse",
    summary: "The elements of an array, the last one first.",
    parameters: &[required("array", Accepts::ARRAY, "the array")],
    examples: &[
        ("arrayReverse(array(1, 2, 3))", "array(3, 2, 1)"),
        (
            "arrayReverse(array(\"x\", null, 1))",
            "array(1, null, \"x\")",
        ),
        ("arrayReverse(array())", "array()"),
        ("arrayReverse(null)", "null"),
    ],
    body: Body::Row(Row::new(array_type, reverse)),
};

fn reverse<'a>(values: &[Value<'a>]) -> Value<'a> {
    match values {
        [Value::Array(elements)] => Value::Array(elements.iter().rev().cloned().collect()),
        _ => Value::Null,
    }
}
