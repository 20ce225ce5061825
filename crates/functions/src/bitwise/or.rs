//! `bitwiseOr(firstExpression, secondExpression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const BITWISE_OR: Function = Function {
    name: "bitwiseOr",
    summary: "The bits that are set in at least one of two longs.",
    parameters: &[
        required("firstExpression", Accepts::LONG, "a long"),
        required("secondExpression", Accepts::LONG, "another long"),
    ],
    examples: &[
        ("bitwiseOr(12, 10)", "14"),
        ("bitwiseOr(-8, 7)", "-1"),
        ("bitwiseOr(null, 10)", "null"),
    ],
    body: Body::Row(Row::new(row::long, |values| match values {
        [Value::Long(a), Value::Long(b)] => Value::Long(a | b),
        _ => Value::Null,
    })),
};
