//! `arrayMax(array)`

use super::element_type;
use super::reduce::ordered;
use super::reduce::{Kernel, Reduction};
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::value::Value;
use crate::value::total;

pub(super) const ARRAY_MAX: Function = Function {
    name: "arrayMax",
    summary: "The greatest of an array's numbers; where it has none, of its strings, timestamps, durations or booleans, if all are of one type.",
    parameters: &[required(
        "array",
        Accepts::ARRAY,
        "the array; null in it is passed over",
    )],
    examples: &[
        ("arrayMax(array(2, 7, 3))", "7"),
        ("arrayMax(array(\"b\", \"a\", \"B\"))", "\"b\""),
        ("arrayMax(array(2, 2.5, null, -1))", "2.5"),
        ("arrayMax(array(\"z\", 5, 4))", "5"),
        ("arrayMax(array(true, false))", "true"),
        ("arrayMax(array())", "null"),
    ],
    body: Body::Build(|arguments, _| REDUCTION.call(arguments)),
};

pub(super) const REDUCTION: Reduction = Reduction {
    name: "arrayMax",
    row: Row::new(element_type, max),
    kernel: Kernel::Max,
};

fn max<'a>(values: &[Value<'a>]) -> Value<'a> {
    ordered(values)
        .into_iter()
        .max_by(|a, b| total(a, b))
        .map_or(Value::Null, Value::clone)
}
