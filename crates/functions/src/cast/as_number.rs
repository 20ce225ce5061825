//! `asNumber(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const AS_NUMBER: Function = Function {
    name: "asNumber",
    summary: "The value where it is a number, else null; nothing is converted.",
    parameters: &[required("value", Accepts::NUMBER, "the value")],
    examples: &[
        ("asNumber(3.5)", "3.5"),
        ("asNumber(if(true, \"5\", else: false))", "null"),
    ],
    body: Body::Row(Row::new(
        |types| super::kept(types, Type::Dynamic),
        |values| {
            super::only(values, |value| {
                matches!(value, Value::Long(_) | Value::Double(_))
            })
        },
    )),
};
