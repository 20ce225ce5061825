//! `duration(value, unit)`

use crate::arithmetic::rounded;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::time::calendar::{nanoseconds, unit};
use crate::value::Value;

pub(super) const DURATION: Function = Function {
    name: "duration",
    summary: "So many units of time; a fraction is kept to the nanosecond.",
    parameters: &[
        required("value", Accepts::NUMBER, "how many"),
        required(
            "unit",
            Accepts::STRING,
            "`ns`, `us`, `ms`, `s`, `m`, `h` or `d`",
        ),
    ],
    examples: &[
        ("duration(60, \"s\")", "1m"),
        ("duration(1.5, unit: \"h\")", "90m"),
        ("duration(2, \"d\")", "48h"),
        ("duration(1, \"M\")", "null"),
        ("duration(1, \"fortnight\")", "null"),
    ],
    body: Body::Row(Row::new(row::duration, |values| match values {
        [value, Value::String(unit)] => made(value, unit).unwrap_or_default(),
        _ => Value::Null,
    })),
};

fn made<'a>(value: &Value<'_>, name: &str) -> Option<Value<'a>> {
    let nanos = nanoseconds(unit(name)?)?;
    Some(Value::Duration(match value {
        Value::Long(long) => long.checked_mul(nanos)?,
        Value::Double(double) => rounded(double * nanos as f64)?,
        _ => return None,
    }))
}
