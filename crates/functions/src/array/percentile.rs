//! `arrayPercentile(expression, percentile)`

use super::element_type;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;
use crate::value::total;

pub(super) const ARRAY_PERCENTILE: Function = Function {
    name: "arrayPercentile",
    summary: "The element that a share of an array's elements, in percent, is not above; numbers give a double, elements of different types null.",
    parameters: &[
        required(
            "expression",
            Accepts::ARRAY,
            "the array; null in it is passed over",
        ),
        required("percentile", Accepts::NUMBER, "the share")
            .constant()
            .within(0, 100),
    ],
    examples: &[
        ("arrayPercentile(array(10, 20, 30, 40), 50)", "20.0"),
        ("arrayPercentile(array(10, null, 20, 30, 40), 75.5)", "40.0"),
        ("arrayPercentile(array(3, 1, 2), 0)", "1.0"),
        ("arrayPercentile(array(1m, 3m, 2m), 100)", "3m"),
        ("arrayPercentile(array(1, \"x\"), 50)", "null"),
    ],
    body: Body::Row(Row::new(returns, percentile)),
};

/// The type of the result, from that of the array.
pub(super) fn returns(types: &[Type]) -> Type {
    match element_type(types) {
        Type::Long | Type::Double => Type::Double,
        ty @ (Type::Null | Type::Boolean | Type::Timestamp(_) | Type::Duration) => ty,
        _ => Type::Dynamic,
    }
}

fn percentile<'a>(values: &[Value<'a>]) -> Value<'a> {
    match values {
        [array, percentile] => match percentile.as_number() {
            Some(percentile) => nearest_rank(array, percentile),
            None => Value::Null,
        },
        _ => Value::Null,
    }
}

/// The least element that at least `percentile` percent of the elements are not above.
pub(super) fn nearest_rank<'a>(array: &Value<'a>, percentile: f64) -> Value<'a> {
    let Some(elements) = array.as_array() else {
        return Value::Null;
    };
    let mut sorted: Vec<Value<'a>> = Vec::with_capacity(elements.len());
    for element in elements.iter().filter(|element| !element.is_null()) {
        sorted.push(match element {
            Value::Long(long) => Value::Double(*long as f64),
            Value::Boolean(_) | Value::Double(_) | Value::Timestamp(_) | Value::Duration(_) => {
                element.clone()
            }
            _ => return Value::Null,
        });
    }
    let uniform = sorted.windows(2).all(|pair| match pair {
        [a, b] => a.type_name() == b.type_name(),
        _ => true,
    });
    if !uniform {
        return Value::Null;
    }
    sorted.sort_by(total);
    let rank = (percentile / 100.0 * sorted.len() as f64).ceil() as usize;
    sorted
        .get(rank.saturating_sub(1))
        .cloned()
        .unwrap_or_default()
}
