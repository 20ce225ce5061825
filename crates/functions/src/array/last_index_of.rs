//! `arrayLastIndexOf(array, value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;
use crate::value::equal;

pub(super) const ARRAY_LAST_INDEX_OF: Function = Function {
    name: "arrayLastIndexOf",
    summary: "Where the last element of an array that equals a value is, counted from 0; -1 where none is.",
    parameters: &[
        required("array", Accepts::ARRAY, "the array"),
        required(
            "value",
            Accepts::ANY,
            "the value; for null the result is null",
        ),
    ],
    examples: &[
        ("arrayLastIndexOf(array(2, 3, 7, 7, 1), 7)", "3"),
        ("arrayLastIndexOf(array(2, 3), 11)", "-1"),
        ("arrayLastIndexOf(array(1, 1.0), 1)", "1"),
        ("arrayLastIndexOf(array(\"1\", null), 1)", "-1"),
        ("arrayLastIndexOf(array(null, 1), null)", "null"),
    ],
    body: Body::Row(Row::new(row::long, last_index_of)),
};

fn last_index_of<'a>(values: &[Value<'a>]) -> Value<'a> {
    let [Value::Array(elements), value] = values else {
        return Value::Null;
    };
    if value.is_null() {
        return Value::Null;
    }
    let place = elements
        .iter()
        .rposition(|element| equal(element, value) == Some(true));
    match place {
        None => Value::Long(-1),
        place => Value::or_null(
            place.and_then(|place| i64::try_from(place).ok()),
            Value::Long,
        ),
    }
}
