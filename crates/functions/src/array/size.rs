//! `arraySize(array)`

use super::reduce::{Kernel, Reduction};
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const ARRAY_SIZE: Function = Function {
    name: "arraySize",
    summary: "How many elements an array has, nulls included.",
    parameters: &[required("array", Accepts::ARRAY, "the array")],
    examples: &[
        ("arraySize(array(2, null, 7))", "3"),
        ("arraySize(array())", "0"),
        ("arraySize(null)", "null"),
    ],
    body: Body::Build(|arguments, _| REDUCTION.call(arguments)),
};

pub(super) const REDUCTION: Reduction = Reduction {
    name: "arraySize",
    row: Row::new(row::long, size),
    kernel: Kernel::Size,
};

fn size<'a>(values: &[Value<'a>]) -> Value<'a> {
    match values {
        [Value::Array(elements)] => Value::or_null(i64::try_from(elements.len()).ok(), Value::Long),
        _ => Value::Null,
    }
}
