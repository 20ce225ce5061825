//! `asLong(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const AS_LONG: Function = Function {
    name: "asLong",
    summary: "The value where it is a long, else null; nothing is converted.",
    parameters: &[required("value", Accepts::LONG, "the value")],
    examples: &[
        ("asLong(3)", "3"),
        ("asLong(if(true, \"5\", else: false))", "null"),
    ],
    body: Body::Row(Row::new(
        |_| Type::Long,
        |values| super::only(values, |value| matches!(value, Value::Long(_))),
    )),
};
