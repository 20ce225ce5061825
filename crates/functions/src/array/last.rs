//! `arrayLast(array)`

use super::element_type;
use super::reduce::{Kernel, Reduction};
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::value::Value;

pub(super) const ARRAY_LAST: Function = Function {
    name: "arrayLast",
    summary: "The last element of an array that is not null.",
    parameters: &[required("array", Accepts::ARRAY, "the array")],
    examples: &[
        ("arrayLast(array(4, 5, null))", "5"),
        ("arrayLast(array(1, \"x\", null))", "\"x\""),
        ("arrayLast(array(null, null))", "null"),
        ("arrayLast(array())", "null"),
    ],
    body: Body::Build(|arguments, _| REDUCTION.call(arguments)),
};

pub(super) const REDUCTION: Reduction = Reduction {
    name: "arrayLast",
    row: Row::new(element_type, last),
    kernel: Kernel::Last,
};

fn last<'a>(values: &[Value<'a>]) -> Value<'a> {
    match values {
        [Value::Array(elements)] => elements
            .iter()
            .rev()
            .find(|element| !element.is_null())
            .map_or(Value::Null, Value::clone),
        _ => Value::Null,
    }
}
