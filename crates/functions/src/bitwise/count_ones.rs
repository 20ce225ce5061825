//! `bitwiseCountOnes(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const BITWISE_COUNT_ONES: Function = Function {
    name: "bitwiseCountOnes",
    summary: "How many of the 64 bits of a long are set.",
    parameters: &[required("expression", Accepts::LONG, "the long")],
    examples: &[
        ("bitwiseCountOnes(12)", "2"),
        ("bitwiseCountOnes(-1)", "64"),
        ("bitwiseCountOnes(0)", "0"),
        ("bitwiseCountOnes(null)", "null"),
    ],
    body: Body::Row(Row::new(row::long, |values| match values {
        [Value::Long(long)] => Value::Long(i64::from(long.count_ones())),
        _ => Value::Null,
    })),
};
