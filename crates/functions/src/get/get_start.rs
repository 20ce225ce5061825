//! `getStart(timeframe)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const GET_START: Function = Function {
    name: "getStart",
    summary: "The start of a timeframe.",
    parameters: &[required("timeframe", Accepts::TIMEFRAME, "the timeframe")],
    examples: &[
        (
            "getStart(timeframe(from: timestampFromUnixNanos(1), to: timestampFromUnixNanos(5)))",
            "timestampFromUnixNanos(1)",
        ),
        ("getStart(null)", "null"),
    ],
    body: Body::Row(Row::new(row::timestamp, |values| match values {
        [timeframe @ Value::Timeframe(..)] => timeframe.member("start"),
        _ => Value::Null,
    })),
};
