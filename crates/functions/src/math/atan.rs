//! `atan(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const ATAN: Function = Function {
    name: "atan",
    summary: "The arc tangent, -π/2 to π/2.",
    parameters: &[required("expression", Accepts::NUMBER, "the number")],
    examples: &[("atan(0)", "0.0"), ("atan(null)", "null")],
    body: Body::Row(Row::new(row::double, |values| {
        super::double(values, f64::atan)
    })),
};
