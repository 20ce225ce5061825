//! `log(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const LOG: Function = Function {
    name: "log",
    summary: "The natural logarithm; null for 0 and less.",
    parameters: &[required("expression", Accepts::NUMBER, "the number")],
    examples: &[("log(1)", "0.0"), ("log(0)", "null"), ("log(-1)", "null")],
    body: Body::Row(Row::new(row::double, |values| {
        super::double(values, f64::ln)
    })),
};
