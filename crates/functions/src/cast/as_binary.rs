//! `asBinary(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const AS_BINARY: Function = Function {
    name: "asBinary",
    summary: "The value where it is a binary value, else null; nothing is converted.",
    parameters: &[required("value", Accepts::BINARY, "the value")],
    examples: &[
        ("asBinary(null)", "null"),
        ("asBinary(if(true, 5, else: false))", "null"),
    ],
    body: Body::Row(Row::new(
        |_| Type::Binary,
        |values| super::only(values, |value| matches!(value, Value::Binary(_))),
    )),
};
