//! `vectorCosineDistance(firstExpression, secondExpression)`

use super::vector::distance;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const VECTOR_COSINE_DISTANCE: Function = Function {
    name: "vectorCosineDistance",
    summary: "1 minus the cosine of the angle between two vectors; null where one of them is all zeros.",
    parameters: &[
        required("firstExpression", Accepts::ARRAY, "an array of numbers"),
        required(
            "secondExpression",
            Accepts::ARRAY,
            "another of the same length",
        ),
    ],
    examples: &[
        ("vectorCosineDistance(array(1, 0), array(0, 2))", "1.0"),
        ("vectorCosineDistance(array(1, 2), array(2, 4))", "0.0"),
        ("vectorCosineDistance(array(1, 0), array(-1, 0))", "2.0"),
        ("vectorCosineDistance(array(0, 0), array(1, 0))", "null"),
        ("vectorCosineDistance(array(1, 2), array(1, 2, 3))", "null"),
    ],
    body: Body::Row(Row::new(row::double, cosine)),
};

fn cosine<'a>(values: &[Value<'a>]) -> Value<'a> {
    distance(values, |a, b| {
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        1.0 - dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
    })
}
