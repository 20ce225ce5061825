//! `pi()`

use crate::function::{Body, Function};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const PI: Function = Function {
    name: "pi",
    summary: "The number π, 3.141592653589793.",
    parameters: &[],
    examples: &[("pi()", "3.141592653589793")],
    body: Body::Row(Row::new(row::double, |_| {
        Value::Double(std::f64::consts::PI)
    })),
};
