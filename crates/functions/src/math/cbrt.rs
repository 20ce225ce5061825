//! `cbrt(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const CBRT: Function = Function {
    name: "cbrt",
    summary: "The cube root.",
    parameters: &[required("expression", Accepts::NUMBER, "the number")],
    examples: &[("cbrt(-8)", "-2.0"), ("cbrt(27)", "3.0")],
    body: Body::Row(Row::new(row::double, |values| {
        super::double(values, f64::cbrt)
    })),
};
