//! `arrayMedian(expression)`

use super::percentile::{nearest_rank, returns};
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::value::Value;

pub(super) const ARRAY_MEDIAN: Function = Function {
    name: "arrayMedian",
    summary: "The element in the middle of an array's elements; numbers give a double, elements of different types null.",
    parameters: &[required(
        "expression",
        Accepts::ARRAY,
        "the array; null in it is passed over",
    )],
    examples: &[
        ("arrayMedian(array(1, 2, 30))", "2.0"),
        ("arrayMedian(array(5, null, 2.5, 1))", "2.5"),
        ("arrayMedian(array(true, false, true))", "true"),
        ("arrayMedian(array(\"a\"))", "null"),
        ("arrayMedian(array())", "null"),
    ],
    body: Body::Row(Row::new(returns, median)),
};

fn median<'a>(values: &[Value<'a>]) -> Value<'a> {
    match values {
        [array] => nearest_rank(array, 50.0),
        _ => Value::Null,
    }
}
