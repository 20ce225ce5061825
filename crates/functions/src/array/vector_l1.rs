//! `vectorL1Distance(firstExpression, secondExpression)`

use super::vector::distance;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const VECTOR_L1_DISTANCE: Function = Function {
    name: "vectorL1Distance",
    summary: "The sum of the distances between the elements of two vectors.",
    parameters: &[
        required("firstExpression", Accepts::ARRAY, "an array of numbers"),
        required(
            "secondExpression",
            Accepts::ARRAY,
            "another of the same length",
        ),
    ],
    examples: &[
        ("vectorL1Distance(array(1, 1, 1), array(1, 2, 3))", "3.0"),
        ("vectorL1Distance(array(-1.5), array(2))", "3.5"),
        ("vectorL1Distance(array(1, 2), array(1))", "null"),
        ("vectorL1Distance(array(1, null), array(1, 2))", "null"),
    ],
    body: Body::Row(Row::new(row::double, l1)),
};

fn l1<'a>(values: &[Value<'a>]) -> Value<'a> {
    distance(values, |a, b| {
        a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum()
    })
}
