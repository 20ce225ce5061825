//! `iSum(expression)`

use super::Iterative;
use super::{amounts, total, total_type};
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const I_SUM: Function = Function {
    name: "iSum",
    summary: "The sum of what an expression gives for each element; null is passed over, and null comes of nothing and of a mixture.",
    parameters: &[required(
        "expression",
        Accepts::AMOUNT,
        "what is worked out for each element of the arrays in it that are marked `[]`",
    )],
    examples: &[
        ("iSum(array(1, 2, 3)[] * 2)", "12.0"),
        ("iSum(array(1, null)[])", "1.0"),
        ("iSum(array(1m, 30s)[])", "90s"),
        ("iSum(array(1, 1m)[])", "null"),
        ("iSum(array()[])", "null"),
    ],
    body: Body::Iterative(Iterative::Over(|results| {
        row::apply("iSum", ROW, std::slice::from_ref(results))
    })),
};

pub(super) const ROW: Row = Row::new(total_type, |values| {
    amounts(values)
        .and_then(|amounts| total(&amounts))
        .unwrap_or_default()
});
