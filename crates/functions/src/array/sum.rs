//! `arraySum(array)`

use super::reduce::{Kernel, Reduction};
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const ARRAY_SUM: Function = Function {
    name: "arraySum",
    summary: "The sum of an array's numbers, a double; 0 where it has none.",
    parameters: &[required(
        "array",
        Accepts::ARRAY,
        "the array; what is no number in it is passed over",
    )],
    examples: &[
        ("arraySum(array(2, 3, 7))", "12.0"),
        ("arraySum(array(1, \"x\", null, 2.5))", "3.5"),
        ("arraySum(array(\"a\"))", "0.0"),
        ("arraySum(null)", "null"),
    ],
    body: Body::Build(|arguments, _| REDUCTION.call(arguments)),
};

pub(super) const REDUCTION: Reduction = Reduction {
    name: "arraySum",
    row: Row::new(row::double, sum),
    kernel: Kernel::Sum,
};

fn sum<'a>(values: &[Value<'a>]) -> Value<'a> {
    match values {
        [Value::Array(elements)] => {
            Value::double(elements.iter().filter_map(Value::as_number).sum())
        }
        _ => Value::Null,
    }
}
