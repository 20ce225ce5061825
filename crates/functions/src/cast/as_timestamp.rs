//! `asTimestamp(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const AS_TIMESTAMP: Function = Function {
    name: "asTimestamp",
    summary: "The value where it is a timestamp, else null; nothing is converted.",
    parameters: &[required("value", Accepts::TIMESTAMP, "the value")],
    examples: &[
        (
            "asTimestamp(timestampFromUnixNanos(1))",
            "timestampFromUnixNanos(1)",
        ),
        ("asTimestamp(if(true, 5, else: false))", "null"),
    ],
    body: Body::Row(Row::new(
        |_| Type::TIMESTAMP,
        |values| super::only(values, |value| matches!(value, Value::Timestamp(_))),
    )),
};
