//! `vectorL2Distance(firstExpression, secondExpression)`

use super::vector::distance;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const VECTOR_L2_DISTANCE: Function = Function {
    name: "vectorL2Distance",
    summary: "The length of the straight line between two vectors.",
    parameters: &[
        required("firstExpression", Accepts::ARRAY, "an array of numbers"),
        required(
            "secondExpression",
            Accepts::ARRAY,
            "another of the same length",
        ),
    ],
    examples: &[
        ("vectorL2Distance(array(0, 3), array(4, 0))", "5.0"),
        ("vectorL2Distance(array(1.5), array(-0.5))", "2.0"),
        ("vectorL2Distance(array(1, 2), array(1))", "null"),
        ("vectorL2Distance(array(1, 2), null)", "null"),
    ],
    body: Body::Row(Row::new(row::double, l2)),
};

fn l2<'a>(values: &[Value<'a>]) -> Value<'a> {
    distance(values, |a, b| {
        a.iter()
            .zip(b)
            .map(|(a, b)| (a - b).powi(2))
            .sum::<f64>()
            .sqrt()
    })
}
