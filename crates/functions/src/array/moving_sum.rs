//! `arrayMovingSum(array, windowSize)`

use super::doubles;
use super::moving::{WINDOW, moving};
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::value::Value;

pub(super) const ARRAY_MOVING_SUM: Function = Function {
    name: "arrayMovingSum",
    summary: "The sum of each element of an array and those before it within a window; null in it is passed over, and a text anywhere makes all null.",
    parameters: &[required("array", Accepts::ARRAY, "the array"), WINDOW],
    examples: &[
        (
            "arrayMovingSum(array(2, 3, 7, 7, 1), 2)",
            "array(2, 5, 10, 14, 8)",
        ),
        (
            "arrayMovingSum(array(2, null, 7, null, 1), 2)",
            "array(2, 2, 7, 7, 1)",
        ),
        (
            "arrayMovingSum(array(null, null, 1), 2)",
            "array(null, null, 1)",
        ),
        ("arrayMovingSum(array(2, \"9\", 4), 2)", "null"),
        ("arrayMovingSum(null, 2)", "null"),
    ],
    body: Body::Row(Row::new(doubles, moving_sum)),
};

fn moving_sum<'a>(values: &[Value<'a>]) -> Value<'a> {
    moving(values, |window| {
        Value::double(window.iter().filter_map(|value| value.as_number()).sum())
    })
}
