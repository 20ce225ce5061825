//! `iMax(expression)`

use super::Iterative;
use super::ordered;
use crate::array::element_type;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::total;

pub(super) const I_MAX: Function = Function {
    name: "iMax",
    summary: "The greatest of what an expression gives for each element; null is passed over, and null comes of a mixture of types.",
    parameters: &[required(
        "expression",
        Accepts::ORDERED,
        "what is worked out for each element of the arrays in it that are marked `[]`",
    )],
    examples: &[
        ("iMax(array(3, 1)[])", "3"),
        ("iMax(array(\"b\", \"B\")[])", "\"b\""),
        ("iMax(array(1, 2.5)[])", "2.5"),
        ("iMax(array(1, null)[])", "1"),
        ("iMax(array(1, \"x\")[])", "null"),
    ],
    body: Body::Iterative(Iterative::Over(|results| {
        row::apply("iMax", ROW, std::slice::from_ref(results))
    })),
};

pub(super) const ROW: Row = Row::new(element_type, |values| {
    ordered(values)
        .into_iter()
        .max_by(total)
        .unwrap_or_default()
});
