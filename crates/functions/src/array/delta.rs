//! `arrayDelta(array)`

use super::differences;
use crate::arithmetic::subtract;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::value::Value;

pub(super) const ARRAY_DELTA: Function = Function {
    name: "arrayDelta",
    summary: "How much each element of an array is above the one before it that is not null; 0 where it is below.",
    parameters: &[required("array", Accepts::ARRAY, "the array")],
    examples: &[
        (
            "arrayDelta(array(2, 3, 7, 7, 1))",
            "array(null, 1, 4, 0, 0)",
        ),
        ("arrayDelta(array(5, null, 7))", "array(null, null, 2)"),
        ("arrayDelta(array(null, 1.5, 2))", "array(null, null, 0.5)"),
        ("arrayDelta(array(1, \"x\", 3))", "array(null, null, null)"),
        ("arrayDelta(null)", "null"),
    ],
    body: Body::Row(Row::new(differences, delta)),
};

fn delta<'a>(values: &[Value<'a>]) -> Value<'a> {
    let [Value::Array(elements)] = values else {
        return Value::Null;
    };
    let mut before = &Value::Null;
    let deltas = elements.iter().map(|element| {
        if element.is_null() {
            return Value::Null;
        }
        let delta = subtract(element, before).map_or(Value::Null, above);
        before = element;
        delta
    });
    Value::Array(deltas.collect())
}

/// The difference, unless it is negative.
fn above(difference: Value<'_>) -> Value<'_> {
    match difference {
        Value::Long(long) => Value::Long(long.max(0)),
        Value::Double(double) => Value::Double(double.max(0.0)),
        Value::Duration(nanos) => Value::Duration(nanos.max(0)),
        other => other,
    }
}
