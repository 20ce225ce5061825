//! `bitwiseAnd(firstExpression, secondExpression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const BITWISE_AND: Function = Function {
    name: "bitwiseAnd",
    summary: "The bits that are set in both of two longs.",
    parameters: &[
        required("firstExpression", Accepts::LONG, "a long"),
        required("secondExpression", Accepts::LONG, "another long"),
    ],
    examples: &[
        ("bitwiseAnd(12, 10)", "8"),
        ("bitwiseAnd(-1, 255)", "255"),
        ("bitwiseAnd(12, null)", "null"),
    ],
    body: Body::Row(Row::new(row::long, |values| match values {
        [Value::Long(a), Value::Long(b)] => Value::Long(a & b),
        _ => Value::Null,
    })),
};
