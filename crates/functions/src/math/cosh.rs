//! `cosh(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const COSH: Function = Function {
    name: "cosh",
    summary: "The hyperbolic cosine.",
    parameters: &[required("expression", Accepts::NUMBER, "the number")],
    examples: &[("cosh(0)", "1.0"), ("cosh(1e10)", "null")],
    body: Body::Row(Row::new(row::double, |values| {
        super::double(values, f64::cosh)
    })),
};
