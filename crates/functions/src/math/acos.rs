//! `acos(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const ACOS: Function = Function {
    name: "acos",
    summary: "The arc cosine, 0 to π; null beyond -1 and 1.",
    parameters: &[required("expression", Accepts::NUMBER, "the number")],
    examples: &[("acos(1)", "0.0"), ("acos(2)", "null")],
    body: Body::Row(Row::new(row::double, |values| {
        super::double(values, f64::acos)
    })),
};
