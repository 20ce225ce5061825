//! `isNaN(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const IS_NA_N: Function = Function {
    name: "isNaN",
    summary: "Whether a number is none, which results never are.",
    parameters: &[required("expression", Accepts::NUMBER, "the number")],
    examples: &[("isNaN(1.5)", "false"), ("isNaN(null)", "null")],
    body: Body::Row(Row::new(row::boolean, |values| match values {
        [number] => Value::or_null(number.as_number(), |double| Value::Boolean(double.is_nan())),
        _ => Value::Null,
    })),
};
