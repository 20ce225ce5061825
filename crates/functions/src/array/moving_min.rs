//! `arrayMovingMin(array, windowSize)`

use super::array_type;
use super::moving::{WINDOW, moving};
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::value::Value;
use crate::value::total;

pub(super) const ARRAY_MOVING_MIN: Function = Function {
    name: "arrayMovingMin",
    summary: "The least number of each element of an array and those before it within a window; null in it is passed over, and a text anywhere makes all null.",
    parameters: &[required("array", Accepts::ARRAY, "the array"), WINDOW],
    examples: &[
        (
            "arrayMovingMin(array(2, 3, 7, 7, 1), 2)",
            "array(2, 2, 3, 7, 1)",
        ),
        (
            "arrayMovingMin(array(2, null, 7, null, 1), 2)",
            "array(2, 2, 7, 7, 1)",
        ),
        (
            "arrayMovingMin(array(null, null, 1), 2)",
            "array(null, null, 1)",
        ),
        ("arrayMovingMin(array(2, \"9\", 4), 2)", "null"),
        ("arrayMovingMin(null, 2)", "null"),
    ],
    body: Body::Row(Row::new(array_type, moving_min)),
};

fn moving_min<'a>(values: &[Value<'a>]) -> Value<'a> {
    moving(values, |window| {
        window
            .iter()
            .min_by(|a, b| total(a, b))
            .map_or(Value::Null, |value| (*value).clone())
    })
}
