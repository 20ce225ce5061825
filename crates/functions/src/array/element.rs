//! `arrayElement(expression, index)`

use super::element_type;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::value::Value;

pub(super) const ARRAY_ELEMENT: Function = Function {
    name: "arrayElement",
    summary: "The element of an array at a place, counted from 0, or from the end where it is negative; null where there is none.",
    parameters: &[
        required("expression", Accepts::ARRAY, "the array"),
        required("index", Accepts::LONG, "the place"),
    ],
    examples: &[
        ("arrayElement(array(\"x\", \"y\"), -1)", "\"y\""),
        ("arrayElement(array(\"x\", \"y\"), 0)", "\"x\""),
        ("arrayElement(array(\"x\", \"y\"), 2)", "null"),
        ("arrayElement(array(\"x\", \"y\"), -3)", "null"),
        ("arrayElement(array(1, \"y\"), null)", "null"),
    ],
    body: Body::Row(Row::new(element_type, element)),
};

fn element<'a>(values: &[Value<'a>]) -> Value<'a> {
    match values {
        [array, Value::Long(index)] => array.element(*index),
        _ => Value::Null,
    }
}
