//! `sqrt(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const SQRT: Function = Function {
    name: "sqrt",
    summary: "The square root; null for less than 0.",
    parameters: &[required("expression", Accepts::NUMBER, "the number")],
    examples: &[("sqrt(81)", "9.0"), ("sqrt(-14)", "null")],
    body: Body::Row(Row::new(row::double, |values| {
        super::double(values, f64::sqrt)
    })),
};
