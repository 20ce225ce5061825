//! `asDuration(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const AS_DURATION: Function = Function {
    name: "asDuration",
    summary: "The value where it is a duration, else null; nothing is converted.",
    parameters: &[required("value", Accepts::DURATION, "the value")],
    examples: &[
        ("asDuration(5m)", "5m"),
        ("asDuration(if(true, 5, else: false))", "null"),
    ],
    body: Body::Row(Row::new(
        |_| Type::Duration,
        |values| super::only(values, |value| matches!(value, Value::Duration(_))),
    )),
};
