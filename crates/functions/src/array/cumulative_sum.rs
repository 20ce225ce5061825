//! `arrayCumulativeSum(array)`

use super::{doubles, numbers};
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::value::Value;

pub(super) const ARRAY_CUMULATIVE_SUM: Function = Function {
    name: "arrayCumulativeSum",
    summary: "The running total of an array of numbers; null adds nothing to it.",
    parameters: &[required("array", Accepts::ARRAY, "the array")],
    examples: &[
        (
            "arrayCumulativeSum(array(2, null, 7, null, 1))",
            "array(2, 2, 9, 9, 10)",
        ),
        ("arrayCumulativeSum(array(2, \"3\", 7))", "null"),
        (
            "arrayCumulativeSum(array(1, 0.5, -2))",
            "array(1, 1.5, -0.5)",
        ),
        ("arrayCumulativeSum(array())", "array()"),
    ],
    body: Body::Row(Row::new(doubles, cumulative_sum)),
};

fn cumulative_sum<'a>(values: &[Value<'a>]) -> Value<'a> {
    let [array] = values else {
        return Value::Null;
    };
    let Some(numbers) = numbers(array) else {
        return Value::Null;
    };
    let totals = numbers.into_iter().scan(0.0, |total, number| {
        *total += number.unwrap_or(0.0);
        Some(Value::double(*total))
    });
    Value::Array(totals.collect())
}
