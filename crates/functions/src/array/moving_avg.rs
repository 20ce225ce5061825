//! `arrayMovingAvg(array, windowSize)`

use super::doubles;
use super::moving::{WINDOW, moving};
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::value::Value;

pub(super) const ARRAY_MOVING_AVG: Function = Function {
    name: "arrayMovingAvg",
    summary: "The mean of each element of an array and those before it within a window; null in it is passed over, and a text anywhere makes all null.",
    parameters: &[required("array", Accepts::ARRAY, "the array"), WINDOW],
    examples: &[
        (
            "arrayMovingAvg(array(2, 3, 7, 7, 1), 2)",
            "array(2.0, 2.5, 5.0, 7.0, 4.0)",
        ),
        (
            "arrayMovingAvg(array(2, null, 7, null, 1), 2)",
            "array(2, 2, 7, 7, 1)",
        ),
        (
            "arrayMovingAvg(array(null, null, 1), 2)",
            "array(null, null, 1)",
        ),
        ("arrayMovingAvg(array(2, \"9\", 4), 2)", "null"),
        ("arrayMovingAvg(null, 2)", "null"),
    ],
    body: Body::Row(Row::new(doubles, moving_avg)),
};

fn moving_avg<'a>(values: &[Value<'a>]) -> Value<'a> {
    moving(values, |window| {
        Value::double(
            window
                .iter()
                .filter_map(|value| value.as_number())
                .sum::<f64>()
                / window.len() as f64,
        )
    })
}
