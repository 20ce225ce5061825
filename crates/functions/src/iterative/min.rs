//! `iMin(expression)`

use super::Iterative;
use super::ordered;
use crate::array::element_type;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::total;

pub(super) const I_MIN: Function = Function {
    name: "iMin",
    summary: "The least of what an expression gives for each element; null is passed over, and null comes of a mixture of types.",
    parameters: &[required(
        "expression",
        Accepts::ORDERED,
        "what is worked out for each element of the arrays in it that are marked `[]`",
    )],
    examples: &[
        ("iMin(array(3, 1)[])", "1"),
        ("iMin(array(\"b\", \"B\")[])", "\"B\""),
        ("iMin(array(true, false)[])", "false"),
        ("iMin(array(1, null)[])", "1"),
        ("iMin(array(1, \"x\")[])", "null"),
    ],
    body: Body::Iterative(Iterative::Over(|results| {
        row::apply("iMin", ROW, std::slice::from_ref(results))
    })),
};

pub(super) const ROW: Row = Row::new(element_type, |values| {
    ordered(values)
        .into_iter()
        .min_by(total)
        .unwrap_or_default()
});
