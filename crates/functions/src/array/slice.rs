//! `arraySlice(array, from:?, to:?)`

use super::array_type;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, optional, required};
use crate::row::Row;
use crate::value::Value;

pub(super) const ARRAY_SLICE: Function = Function {
    name: "arraySlice",
    summary: "The elements of an array from one place up to, but not including, another.",
    parameters: &[
        required("array", Accepts::ARRAY, "the array"),
        optional(
            "from",
            Accepts::LONG,
            "the place of the first, 0 unless given; negative places count from the end",
        ),
        optional(
            "to",
            Accepts::LONG,
            "the place behind the last, the end unless given",
        ),
    ],
    examples: &[
        ("arraySlice(array(0, 1, 2, 3, 4), from: -2)", "array(3, 4)"),
        (
            "arraySlice(array(0, 1, 2, 3, 4), to: -1)",
            "array(0, 1, 2, 3)",
        ),
        (
            "arraySlice(array(0, 1, 2, 3, 4), from: -100, to: 2)",
            "array(0, 1)",
        ),
        (
            "arraySlice(array(0, 1, 2, 3, 4), from: 3, to: 100)",
            "array(3, 4)",
        ),
        (
            "arraySlice(array(0, 1, 2, 3, 4), from: -1, to: 1)",
            "array()",
        ),
        ("arraySlice(null, from: 1)", "null"),
    ],
    body: Body::Row(Row::new(array_type, slice)),
};

fn slice<'a>(values: &[Value<'a>]) -> Value<'a> {
    let [Value::Array(elements), from, to] = values else {
        return Value::Null;
    };
    let place = |bound: &Value<'a>, default: usize| match bound {
        Value::Null => Some(default),
        Value::Long(place) => Some(clamped(*place, elements.len())),
        _ => None,
    };
    let (Some(from), Some(to)) = (place(from, 0), place(to, elements.len())) else {
        return Value::Null;
    };
    Value::Array(elements.get(from..to).unwrap_or_default().to_vec())
}

/// A place within the array or just behind it; negative ones count from its end.
fn clamped(place: i64, length: usize) -> usize {
    let size = usize::try_from(place.unsigned_abs()).unwrap_or(usize::MAX);
    if place < 0 {
        length.saturating_sub(size)
    } else {
        size.min(length)
    }
}
