//! `exp(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const EXP: Function = Function {
    name: "exp",
    summary: "e to the power of a number.",
    parameters: &[required("expression", Accepts::NUMBER, "the number")],
    examples: &[("exp(0)", "1.0"), ("exp(1000)", "null")],
    body: Body::Row(Row::new(row::double, |values| {
        super::double(values, f64::exp)
    })),
};
