//! `bitwiseXor(firstExpression, secondExpression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const BITWISE_XOR: Function = Function {
    name: "bitwiseXor",
    summary: "The bits that are set in one of two longs, but not in both.",
    parameters: &[
        required("firstExpression", Accepts::LONG, "a long"),
        required("secondExpression", Accepts::LONG, "another long"),
    ],
    examples: &[
        ("bitwiseXor(12, 10)", "6"),
        ("bitwiseXor(-1, 1)", "-2"),
        ("bitwiseXor(12, null)", "null"),
    ],
    body: Body::Row(Row::new(row::long, |values| match values {
        [Value::Long(a), Value::Long(b)] => Value::Long(a ^ b),
        _ => Value::Null,
    })),
};
