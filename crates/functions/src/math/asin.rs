//! `asin(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const ASIN: Function = Function {
    name: "asin",
    summary: "The arc sine, -π/2 to π/2; null beyond -1 and 1.",
    parameters: &[required("expression", Accepts::NUMBER, "the number")],
    examples: &[("asin(0)", "0.0"), ("asin(-2)", "null")],
    body: Body::Row(Row::new(row::double, |values| {
        super::double(values, f64::asin)
    })),
};
