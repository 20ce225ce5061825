//! `asSmartscapeId(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const AS_SMARTSCAPE_ID: Function = Function {
    name: "asSmartscapeId",
    summary: "The value where it is a Smartscape id, else null; nothing is converted.",
    parameters: &[required("value", Accepts::SMARTSCAPE, "the value")],
    examples: &[
        (
            "asSmartscapeId(smartscapeId(\"HOST\", 1))",
            "smartscapeId(\"HOST\", 1)",
        ),
        ("asSmartscapeId(if(true, 5, else: false))", "null"),
    ],
    body: Body::Row(Row::new(
        |_| Type::Smartscape,
        |values| super::only(values, |value| matches!(value, Value::Smartscape(_))),
    )),
};
