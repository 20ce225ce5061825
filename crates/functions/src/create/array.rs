//! `array(expression, …)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, Parameter, variadic};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const ARRAY: Function = Function {
    name: "array",
    summary: "An array of the values, of any types; null is an element like others.",
    parameters: &[Parameter {
        required: false,
        ..variadic("expression", Accepts::ANY, "the elements in order")
    }],
    examples: &[
        ("array(\"a\", \"b\")[1]", "\"b\""),
        ("array(1, \"x\", null)[-1]", "null"),
        ("type(array())", "\"array\""),
    ],
    body: Body::Row(Row::new(
        |types| {
            let element = types.iter().fold(Type::Null, |all, ty| all.or(ty));
            Type::Array(Box::new(element))
        },
        |values| Value::Array(values.to_vec()),
    )),
};
