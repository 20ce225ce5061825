//! `sin(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const SIN: Function = Function {
    name: "sin",
    summary: "The sine of an angle in radians.",
    parameters: &[required("expression", Accepts::NUMBER, "the number")],
    examples: &[("sin(0)", "0.0")],
    body: Body::Row(Row::new(row::double, |values| {
        super::double(values, f64::sin)
    })),
};
