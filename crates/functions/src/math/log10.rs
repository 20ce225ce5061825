//! `log10(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const LOG10: Function = Function {
    name: "log10",
    summary: "The logarithm to base 10; null for 0 and less.",
    parameters: &[required("expression", Accepts::NUMBER, "the number")],
    examples: &[("log10(100)", "2.0"), ("log10(0)", "null")],
    body: Body::Row(Row::new(row::double, |values| {
        super::double(values, f64::log10)
    })),
};
