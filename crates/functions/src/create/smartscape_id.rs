//! `smartscapeId(type, numericId)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const SMARTSCAPE_ID: Function = Function {
    name: "smartscapeId",
    summary: "A Smartscape id of a type and a number.",
    parameters: &[
        required("type", Accepts::STRING, "the type, in capitals"),
        required("numericId", Accepts::LONG, "the number"),
    ],
    examples: &[(
        "toString(smartscapeId(\"HOST\", 123))",
        "\"HOST-000000000000007B\"",
    )],
    body: Body::Row(Row::new(
        |_| Type::Smartscape,
        |values| match values {
            [Value::String(kind), Value::Long(number)] => {
                Value::Smartscape(format!("{kind}-{:016X}", *number as u64).into())
            }
            _ => Value::Null,
        },
    )),
};
