//! `e()`

use crate::function::{Body, Function};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const E: Function = Function {
    name: "e",
    summary: "The number e, 2.718281828459045.",
    parameters: &[],
    examples: &[("e()", "2.718281828459045")],
    body: Body::Row(Row::new(row::double, |_| {
        Value::Double(std::f64::consts::E)
    })),
};
