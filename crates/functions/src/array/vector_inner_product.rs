//! `vectorInnerProductDistance(firstExpression, secondExpression)`

use super::vector::distance;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const VECTOR_INNER_PRODUCT_DISTANCE: Function = Function {
    name: "vectorInnerProductDistance",
    summary: "The negative inner product of two vectors.",
    parameters: &[
        required("firstExpression", Accepts::ARRAY, "an array of numbers"),
        required(
            "secondExpression",
            Accepts::ARRAY,
            "another of the same length",
        ),
    ],
    examples: &[
        (
            "vectorInnerProductDistance(array(1, 1, 1), array(1, 2, 3))",
            "-6.0",
        ),
        ("vectorInnerProductDistance(array(1.5), array(-2))", "3.0"),
        ("vectorInnerProductDistance(array(1, 2), array(1))", "null"),
        (
            "vectorInnerProductDistance(array(1, \"x\"), array(1, 2))",
            "null",
        ),
    ],
    body: Body::Row(Row::new(row::double, inner_product)),
};

fn inner_product<'a>(values: &[Value<'a>]) -> Value<'a> {
    distance(values, |a, b| {
        -a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>()
    })
}
