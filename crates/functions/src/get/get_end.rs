//! `getEnd(timeframe)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const GET_END: Function = Function {
    name: "getEnd",
    summary: "The end of a timeframe.",
    parameters: &[required("timeframe", Accepts::TIMEFRAME, "the timeframe")],
    examples: &[
        (
            "getEnd(timeframe(from: timestampFromUnixNanos(1), to: timestampFromUnixNanos(5)))",
            "timestampFromUnixNanos(5)",
        ),
        ("getEnd(null)", "null"),
    ],
    body: Body::Row(Row::new(row::timestamp, |values| match values {
        [timeframe @ Value::Timeframe(..)] => timeframe.member("end"),
        _ => Value::Null,
    })),
};
