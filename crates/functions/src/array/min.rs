//! `arrayMin(array)`

use super::element_type;
use super::reduce::ordered;
use super::reduce::{Kernel, Reduction};
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::value::Value;
use crate::value::total;

pub(super) const ARRAY_MIN: Function = Function {
    name: "arrayMin",
    summary: "The least of an array's numbers; where it has none, of its strings, timestamps, durations or booleans, if all are of one type.",
    parameters: &[required(
        "array",
        Accepts::ARRAY,
        "the array; null in it is passed over",
    )],
    examples: &[
        ("arrayMin(array(2, 7, 3))", "2"),
        ("arrayMin(array(\"b\", \"a\", \"B\"))", "\"B\""),
        ("arrayMin(array(2, 2.5, null, -1))", "-1"),
        ("arrayMin(array(\"z\", 5, 4))", "4"),
        ("arrayMin(array(true, false))", "false"),
        ("arrayMin(array())", "null"),
    ],
    body: Body::Build(|arguments, _| REDUCTION.call(arguments)),
};

pub(super) const REDUCTION: Reduction = Reduction {
    name: "arrayMin",
    row: Row::new(element_type, min),
    kernel: Kernel::Min,
};

fn min<'a>(values: &[Value<'a>]) -> Value<'a> {
    ordered(values)
        .into_iter()
        .min_by(|a, b| total(a, b))
        .map_or(Value::Null, Value::clone)
}
