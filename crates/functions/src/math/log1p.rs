//! `log1p(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const LOG1P: Function = Function {
    name: "log1p",
    summary: "The natural logarithm of 1 and a number; null for -1 and less.",
    parameters: &[required("expression", Accepts::NUMBER, "the number")],
    examples: &[("log1p(0)", "0.0"), ("log1p(-1)", "null")],
    body: Body::Row(Row::new(row::double, |values| {
        super::double(values, f64::ln_1p)
    })),
};
