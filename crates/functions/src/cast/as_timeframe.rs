//! `asTimeframe(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const AS_TIMEFRAME: Function = Function {
    name: "asTimeframe",
    summary: "The value where it is a timeframe, else null; nothing is converted.",
    parameters: &[required("value", Accepts::TIMEFRAME, "the value")],
    examples: &[
        ("asTimeframe(null)", "null"),
        ("asTimeframe(if(true, 5, else: false))", "null"),
    ],
    body: Body::Row(Row::new(
        |_| Type::Timeframe,
        |values| super::only(values, |value| matches!(value, Value::Timeframe(..))),
    )),
};
