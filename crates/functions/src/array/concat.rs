//! `arrayConcat(array, …)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, variadic};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const ARRAY_CONCAT: Function = Function {
    name: "arrayConcat",
    summary: "The elements of several arrays in one; what is no array is passed over, and null comes of none at all.",
    parameters: &[variadic("array", Accepts::ARRAY, "the arrays in order")],
    examples: &[
        (
            "arrayConcat(array(1), null, array(null, 2))",
            "array(1, null, 2)",
        ),
        ("arrayConcat(array(1), array(\"x\"))", "array(1, \"x\")"),
        ("arrayConcat(array(), array())", "array()"),
        ("arrayConcat(null)", "null"),
    ],
    body: Body::Row(Row::new(returns, concat)),
};

fn returns(types: &[Type]) -> Type {
    let element = types.iter().fold(Type::Null, |all, ty| match ty {
        Type::Array(element) => all.or(element),
        Type::Dynamic => Type::Dynamic,
        _ => all,
    });
    Type::Array(Box::new(element))
}

fn concat<'a>(values: &[Value<'a>]) -> Value<'a> {
    let mut arrays = values.iter().filter_map(Value::as_array).peekable();
    if arrays.peek().is_none() {
        return Value::Null;
    }
    Value::Array(arrays.flatten().cloned().collect())
}
