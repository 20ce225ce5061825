//! `arrayAvg(array)`

use super::reduce::{Kernel, Reduction};
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const ARRAY_AVG: Function = Function {
    name: "arrayAvg",
    summary: "The mean of an array's numbers; 0 where it has none.",
    parameters: &[required(
        "array",
        Accepts::ARRAY,
        "the array; what is no number in it is passed over",
    )],
    examples: &[
        ("arrayAvg(array(2, 3, 7, 7, 1))", "4.0"),
        ("arrayAvg(array(1, \"x\", null, 2))", "1.5"),
        ("arrayAvg(array(\"a\"))", "0.0"),
        ("arrayAvg(array())", "0.0"),
        ("arrayAvg(null)", "null"),
    ],
    body: Body::Build(|arguments, _| REDUCTION.call(arguments)),
};

pub(super) const REDUCTION: Reduction = Reduction {
    name: "arrayAvg",
    row: Row::new(row::double, average),
    kernel: Kernel::Avg,
};

fn average<'a>(values: &[Value<'a>]) -> Value<'a> {
    let [Value::Array(elements)] = values else {
        return Value::Null;
    };
    let numbers = || elements.iter().filter_map(Value::as_number);
    match numbers().count() {
        0 => Value::Double(0.0),
        count => Value::double(numbers().sum::<f64>() / count as f64),
    }
}
