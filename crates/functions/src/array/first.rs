//! `arrayFirst(array)`

use super::element_type;
use super::reduce::{Kernel, Reduction};
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::value::Value;

pub(super) const ARRAY_FIRST: Function = Function {
    name: "arrayFirst",
    summary: "The first element of an array that is not null.",
    parameters: &[required("array", Accepts::ARRAY, "the array")],
    examples: &[
        ("arrayFirst(array(null, 4, 5))", "4"),
        ("arrayFirst(array(null, \"x\", 1))", "\"x\""),
        ("arrayFirst(array(null, null))", "null"),
        ("arrayFirst(array())", "null"),
    ],
    body: Body::Build(|arguments, _| REDUCTION.call(arguments)),
};

pub(super) const REDUCTION: Reduction = Reduction {
    name: "arrayFirst",
    row: Row::new(element_type, first),
    kernel: Kernel::First,
};

fn first<'a>(values: &[Value<'a>]) -> Value<'a> {
    match values {
        [Value::Array(elements)] => elements
            .iter()
            .find(|element| !element.is_null())
            .map_or(Value::Null, Value::clone),
        _ => Value::Null,
    }
}
