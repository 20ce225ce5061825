//! `arrayDistinct(array)`

use super::array_type;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::value::Value;
use crate::value::order::same;
use crate::value::total;

pub(super) const ARRAY_DISTINCT: Function = Function {
    name: "arrayDistinct",
    summary: "The different elements of an array, sorted; of equal ones the first stays.",
    parameters: &[required("array", Accepts::ARRAY, "the array")],
    examples: &[
        ("arrayDistinct(array(2, 3, 7, 7, 1))", "array(1, 2, 3, 7)"),
        (
            "arrayDistinct(array(\"b\", 2, \"B\", 2.0, true))",
            "array(true, 2, \"B\", \"b\")",
        ),
        ("arrayDistinct(array(null, 1, null))", "array(1, null)"),
        ("arrayDistinct(null)", "null"),
    ],
    body: Body::Row(Row::new(array_type, distinct)),
};

fn distinct<'a>(values: &[Value<'a>]) -> Value<'a> {
    let [Value::Array(elements)] = values else {
        return Value::Null;
    };
    let mut elements = elements.clone();
    elements.sort_by(total);
    elements.dedup_by(|a, b| same(a, b));
    Value::Array(elements)
}
