//! `floor(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::value::Value;

pub(super) const FLOOR: Function = Function {
    name: "floor",
    summary: "The greatest whole number that is not greater; of the same type.",
    parameters: &[required("expression", Accepts::NUMBER, "the number")],
    examples: &[
        ("floor(0.5)", "0.0"),
        ("floor(-0.5)", "-1.0"),
        ("floor(3)", "3"),
    ],
    body: Body::Row(Row::new(super::same, |values| match values {
        [Value::Long(long)] => Value::Long(*long),
        [Value::Double(double)] => Value::double(f64::floor(*double)),
        _ => Value::Null,
    })),
};
