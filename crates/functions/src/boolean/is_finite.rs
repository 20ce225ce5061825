//! `isFinite(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const IS_FINITE: Function = Function {
    name: "isFinite",
    summary: "Whether a number is finite, which results always are.",
    parameters: &[required("expression", Accepts::NUMBER, "the number")],
    examples: &[("isFinite(1.5)", "true"), ("isFinite(null)", "null")],
    body: Body::Row(Row::new(row::boolean, |values| match values {
        [number] => Value::or_null(number.as_number(), |double| {
            Value::Boolean(double.is_finite())
        }),
        _ => Value::Null,
    })),
};
