//! `arrayRemoveNulls(array)`

use super::array_type;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::value::Value;

pub(super) const ARRAY_REMOVE_NULLS: Function = Function {
    name: "arrayRemoveNulls",
    summary: "The elements of an array that are not null.",
    parameters: &[required("array", Accepts::ARRAY, "the array")],
    examples: &[
        ("arrayRemoveNulls(array(2, null, 7))", "array(2, 7)"),
        ("arrayRemoveNulls(array(null, \"x\", 1))", "array(\"x\", 1)"),
        ("arrayRemoveNulls(array(null))", "array()"),
        ("arrayRemoveNulls(null)", "null"),
    ],
    body: Body::Row(Row::new(array_type, remove_nulls)),
};

fn remove_nulls<'a>(values: &[Value<'a>]) -> Value<'a> {
    let [Value::Array(elements)] = values else {
        return Value::Null;
    };
    let present = elements.iter().filter(|element| !element.is_null());
    Value::Array(present.cloned().collect())
}
