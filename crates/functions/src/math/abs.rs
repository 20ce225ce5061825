//! `abs(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::value::Value;

pub(super) const ABS: Function = Function {
    name: "abs",
    summary: "The absolute value, of the same type.",
    parameters: &[required(
        "expression",
        Accepts::AMOUNT,
        "the number or duration",
    )],
    examples: &[
        ("abs(-42.13)", "42.13"),
        ("abs(-7)", "7"),
        ("abs(-5s)", "5s"),
        ("abs(-9223372036854775807 - 1)", "null"),
    ],
    body: Body::Row(Row::new(super::same, |values| match values {
        [Value::Long(long)] => Value::or_null(long.checked_abs(), Value::Long),
        [Value::Double(double)] => Value::double(double.abs()),
        [Value::Duration(nanos)] => Value::or_null(nanos.checked_abs(), Value::Duration),
        _ => Value::Null,
    })),
};
