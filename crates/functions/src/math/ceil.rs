//! `ceil(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::value::Value;

pub(super) const CEIL: Function = Function {
    name: "ceil",
    summary: "The least whole number that is not less; of the same type.",
    parameters: &[required("expression", Accepts::NUMBER, "the number")],
    examples: &[
        ("ceil(0.5)", "1.0"),
        ("ceil(-0.5)", "0.0"),
        ("ceil(3)", "3"),
    ],
    body: Body::Row(Row::new(super::same, |values| match values {
        [Value::Long(long)] => Value::Long(*long),
        [Value::Double(double)] => Value::double(f64::ceil(*double)),
        _ => Value::Null,
    })),
};
