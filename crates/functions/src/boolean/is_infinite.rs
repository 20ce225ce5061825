//! `isInfinite(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const IS_INFINITE: Function = Function {
    name: "isInfinite",
    summary: "Whether a number is infinite, which results never are.",
    parameters: &[required("expression", Accepts::NUMBER, "the number")],
    examples: &[("isInfinite(1.5)", "false"), ("isInfinite(null)", "null")],
    body: Body::Row(Row::new(row::boolean, |values| match values {
        [number] => Value::or_null(number.as_number(), |double| {
            Value::Boolean(double.is_infinite())
        }),
        _ => Value::Null,
    })),
};
