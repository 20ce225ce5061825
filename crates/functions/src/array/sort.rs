//! `arraySort(array, direction:?)`

use super::array_type;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, optional, required};
use crate::row::Row;
use crate::value::Value;
use crate::value::total;

pub(super) const ARRAY_SORT: Function = Function {
    name: "arraySort",
    summary: "The elements of an array in order; those of different types in the order of the types, null last.",
    parameters: &[
        required("array", Accepts::ARRAY, "the array"),
        optional(
            "direction",
            Accepts::STRING,
            "`ascending`, which is the default, or `descending`",
        )
        .literal()
        .checked(check),
    ],
    examples: &[
        ("arraySort(array(2, 3, 7, 7, 1))", "array(1, 2, 3, 7, 7)"),
        (
            "arraySort(array(2, 3, 7, 7, 1), direction: \"descending\")",
            "array(7, 7, 3, 2, 1)",
        ),
        (
            "arraySort(array(\"b\", null, 2, \"B\", true, 1.5))",
            "array(true, 1.5, 2, \"B\", \"b\", null)",
        ),
        (
            "arraySort(array(1, null, 2), direction: \"descending\")",
            "array(2, 1, null)",
        ),
        ("arraySort(null)", "null"),
    ],
    body: Body::Row(Row::new(array_type, sort)),
};

const DESCENDING: &str = "descending";

fn check(direction: &str) -> Result<(), String> {
    match direction {
        "ascending" | DESCENDING => Ok(()),
        other => Err(format!(
            "`direction` of `arraySort` has to be \"ascending\" or \"descending\", not \"{other}\""
        )),
    }
}

fn sort<'a>(values: &[Value<'a>]) -> Value<'a> {
    let [Value::Array(elements), direction] = values else {
        return Value::Null;
    };
    let mut elements = elements.clone();
    if direction.as_str() == Some(DESCENDING) {
        // Null is last both ways.
        elements.sort_by(|a, b| a.is_null().cmp(&b.is_null()).then_with(|| total(b, a)));
    } else {
        elements.sort_by(total);
    }
    Value::Array(elements)
}
