//! `bitwiseShiftRight(expression, numberOfBits, ignoreSign:?)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, optional, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const BITWISE_SHIFT_RIGHT: Function = Function {
    name: "bitwiseShiftRight",
    summary: "A long with its bits moved to the right; what comes in from the left is the sign, or 0.",
    parameters: &[
        required("expression", Accepts::LONG, "the long"),
        required(
            "numberOfBits",
            Accepts::LONG,
            "how far; its lowest six bits count",
        ),
        optional(
            "ignoreSign",
            Accepts::BOOLEAN,
            "whether 0 comes in; false unless given",
        ),
    ],
    examples: &[
        ("bitwiseShiftRight(-8, 1)", "-4"),
        ("bitwiseShiftRight(-1, 2)", "-1"),
        (
            "bitwiseShiftRight(-1, 2, ignoreSign: true)",
            "4611686018427387903",
        ),
        ("bitwiseShiftRight(8, 67)", "1"),
        ("bitwiseShiftRight(null, 1)", "null"),
    ],
    body: Body::Row(Row::new(row::long, shift_right)),
};

fn shift_right<'a>(values: &[Value<'a>]) -> Value<'a> {
    match values {
        [Value::Long(long), Value::Long(bits), Value::Boolean(true)] => {
            Value::Long((long.cast_unsigned() >> (bits & 63)).cast_signed())
        }
        [
            Value::Long(long),
            Value::Long(bits),
            Value::Boolean(false) | Value::Null,
        ] => Value::Long(long >> (bits & 63)),
        _ => Value::Null,
    }
}
