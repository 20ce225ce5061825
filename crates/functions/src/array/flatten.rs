//! `arrayFlatten(array)`

use super::element_type;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const ARRAY_FLATTEN: Function = Function {
    name: "arrayFlatten",
    summary: "The elements of an array, those of arrays in it in their place, however deep.",
    parameters: &[required("array", Accepts::ARRAY, "the array")],
    examples: &[
        (
            "arrayFlatten(array(array(2, 3), array(7, 7, 1)))",
            "array(2, 3, 7, 7, 1)",
        ),
        (
            "arrayFlatten(array(1, array(\"x\", array(2)), null))",
            "array(1, \"x\", 2, null)",
        ),
        ("arrayFlatten(array(array()))", "array()"),
        ("arrayFlatten(null)", "null"),
    ],
    body: Body::Row(Row::new(returns, flatten)),
};

fn returns(types: &[Type]) -> Type {
    let mut element = element_type(types);
    while let Type::Array(inner) = element {
        element = *inner;
    }
    Type::Array(Box::new(element))
}

fn flatten<'a>(values: &[Value<'a>]) -> Value<'a> {
    let [Value::Array(elements)] = values else {
        return Value::Null;
    };
    let mut flat = Vec::with_capacity(elements.len());
    splice(elements, &mut flat);
    Value::Array(flat)
}

/// Values nest no deeper than the JSON scanner lets them.
fn splice<'a>(elements: &[Value<'a>], flat: &mut Vec<Value<'a>>) {
    for element in elements {
        match element {
            Value::Array(inner) => splice(inner, flat),
            other => flat.push(other.clone()),
        }
    }
}
