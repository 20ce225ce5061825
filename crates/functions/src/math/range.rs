//! `range(expression, interval, at:?)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, optional, required};
use crate::row::Row;
use crate::time::bin::bin;
use crate::types::Type;
use crate::value::Value;

pub(super) const RANGE: Function = Function {
    name: "range",
    summary: "The bin that a value lies in, as by `bin`: a record of its start and its end.",
    parameters: &[
        required("expression", Accepts::MEASURE, "the value"),
        required("interval", Accepts::AMOUNT, "the size of a bin"),
        optional("at", Accepts::MEASURE, "where a bin begins; 0 unless given"),
    ],
    examples: &[
        ("range(27, 10)", "record(start = 20, end = 30)"),
        ("range(0, 10, at: 5)[start]", "-5"),
        ("range(90s, 1m)[end]", "2m"),
        ("range(5, 0)", "null"),
    ],
    body: Body::Row(Row::new(
        |_| Type::Record,
        |values| {
            let [value, interval, at] = values else {
                return Value::Null;
            };
            let start = bin(value, interval, at);
            let end = match (&start, interval) {
                (Value::Null, _) => return Value::Null,
                (Value::Long(start), Value::Long(interval)) => {
                    Value::or_null(start.checked_add(*interval), Value::Long)
                }
                (Value::Timestamp(start), Value::Duration(interval)) => {
                    Value::or_null(start.checked_add(*interval), Value::Timestamp)
                }
                (Value::Duration(start), Value::Duration(interval)) => {
                    Value::or_null(start.checked_add(*interval), Value::Duration)
                }
                (start, interval) => {
                    let sum = start.as_number().zip(interval.as_number());
                    Value::or_null(sum, |(start, interval)| Value::double(start + interval))
                }
            };
            Value::Record(vec![("start".into(), start), ("end".into(), end)])
        },
    )),
};
