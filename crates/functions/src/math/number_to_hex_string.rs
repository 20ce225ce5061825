//! `numberToHexString(expression, minLength:?)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, optional, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const NUMBER_TO_HEX_STRING: Function = Function {
    name: "numberToHexString",
    summary: "A number as hexadecimal digits; a negative one as its 64 bits.",
    parameters: &[
        required("expression", Accepts::LONG, "the number"),
        optional(
            "minLength",
            Accepts::LONG,
            "how many digits at least, zeros in front; 0 unless given",
        )
        .constant()
        .within(0, 1 << 20),
    ],
    examples: &[
        ("numberToHexString(127)", "\"7f\""),
        ("numberToHexString(256)", "\"100\""),
        ("numberToHexString(255, minLength: 4)", "\"00ff\""),
        ("numberToHexString(-1)", "\"ffffffffffffffff\""),
    ],
    body: Body::Row(Row::new(row::string, |values| match values {
        [Value::Long(long), length] => {
            let length = length
                .as_long()
                .and_then(|length| usize::try_from(length).ok());
            Value::string(format!("{long:0width$x}", width = length.unwrap_or(0)))
        }
        _ => Value::Null,
    })),
};
