//! `bitwiseNot(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const BITWISE_NOT: Function = Function {
    name: "bitwiseNot",
    summary: "A long with every bit turned over.",
    parameters: &[required("expression", Accepts::LONG, "the long")],
    examples: &[
        ("bitwiseNot(12)", "-13"),
        ("bitwiseNot(0)", "-1"),
        ("bitwiseNot(-1)", "0"),
        ("bitwiseNot(null)", "null"),
    ],
    body: Body::Row(Row::new(row::long, |values| match values {
        [Value::Long(long)] => Value::Long(!long),
        _ => Value::Null,
    })),
};
