//! `tanh(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const TANH: Function = Function {
    name: "tanh",
    summary: "The hyperbolic tangent.",
    parameters: &[required("expression", Accepts::NUMBER, "the number")],
    examples: &[("tanh(0)", "0.0"), ("tanh(100)", "1.0")],
    body: Body::Row(Row::new(row::double, |values| {
        super::double(values, f64::tanh)
    })),
};
