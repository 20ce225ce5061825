//! `sinh(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const SINH: Function = Function {
    name: "sinh",
    summary: "The hyperbolic sine.",
    parameters: &[required("expression", Accepts::NUMBER, "the number")],
    examples: &[("sinh(0)", "0.0")],
    body: Body::Row(Row::new(row::double, |values| {
        super::double(values, f64::sinh)
    })),
};
