//! `signum(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::value::Value;

pub(super) const SIGNUM: Function = Function {
    name: "signum",
    summary: "-1, 0 or 1 as a number is less than, equal to or greater than 0; of the same type.",
    parameters: &[required("expression", Accepts::NUMBER, "the number")],
    examples: &[
        ("signum(-42.13)", "-1.0"),
        ("signum(0)", "0"),
        ("signum(0.0)", "0.0"),
    ],
    body: Body::Row(Row::new(super::same, |values| match values {
        [Value::Long(long)] => Value::Long(long.signum()),
        [Value::Double(0.0)] => Value::Double(0.0),
        [Value::Double(double)] => Value::double(double.signum()),
        _ => Value::Null,
    })),
};
