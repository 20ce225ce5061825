//! `bitwiseShiftLeft(expression, numberOfBits)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const BITWISE_SHIFT_LEFT: Function = Function {
    name: "bitwiseShiftLeft",
    summary: "A long with its bits moved to the left; those beyond the last are lost.",
    parameters: &[
        required("expression", Accepts::LONG, "the long"),
        required(
            "numberOfBits",
            Accepts::LONG,
            "how far; its lowest six bits count",
        ),
    ],
    examples: &[
        ("bitwiseShiftLeft(1, 2)", "4"),
        ("bitwiseShiftLeft(9223372036854775807, 1)", "-2"),
        ("bitwiseShiftLeft(1, 65)", "2"),
        ("bitwiseShiftLeft(1, -1)", "-9223372036854775807 - 1"),
        ("bitwiseShiftLeft(1, null)", "null"),
    ],
    body: Body::Row(Row::new(row::long, |values| match values {
        [Value::Long(long), Value::Long(bits)] => Value::Long(long << (bits & 63)),
        _ => Value::Null,
    })),
};
