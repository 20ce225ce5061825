//! `arrayDiff(array)`

use super::differences;
use crate::arithmetic::subtract;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::value::Value;

pub(super) const ARRAY_DIFF: Function = Function {
    name: "arrayDiff",
    summary: "Each element of an array minus the one before it, as `-` has it; null for the first, and where there is no difference.",
    parameters: &[required("array", Accepts::ARRAY, "the array")],
    examples: &[
        (
            "arrayDiff(array(5, null, 2, 4, -1))",
            "array(null, null, null, 2, -5)",
        ),
        ("arrayDiff(array(1h, 90m, 1.5))", "array(null, 30m, null)"),
        ("arrayDiff(array())", "array()"),
        ("arrayDiff(null)", "null"),
    ],
    body: Body::Row(Row::new(differences, diff)),
};

fn diff<'a>(values: &[Value<'a>]) -> Value<'a> {
    let [Value::Array(elements)] = values else {
        return Value::Null;
    };
    let before = std::iter::once(&Value::Null).chain(elements);
    let differences = elements
        .iter()
        .zip(before)
        .map(|(element, before)| subtract(element, before).unwrap_or_default());
    Value::Array(differences.collect())
}
