//! `asRecord(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const AS_RECORD: Function = Function {
    name: "asRecord",
    summary: "The value where it is a record, else null; nothing is converted.",
    parameters: &[required("value", Accepts::RECORD, "the value")],
    examples: &[
        ("asRecord(record(a = 1))[a]", "1"),
        ("asRecord(if(true, 5, else: false))", "null"),
    ],
    body: Body::Row(Row::new(
        |_| Type::Record,
        |values| super::only(values, |value| matches!(value, Value::Record(_))),
    )),
};
