//! `arrayToString(array, delimiter:?)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, optional, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const ARRAY_TO_STRING: Function = Function {
    name: "arrayToString",
    summary: "The text forms of an array's elements, one behind the other; null is left out.",
    parameters: &[
        required("array", Accepts::ARRAY, "the array"),
        optional(
            "delimiter",
            Accepts::STRING,
            "what stands between them; nothing unless given",
        )
        .constant(),
    ],
    examples: &[
        ("arrayToString(array(\"D\", \"Q\", \"L\"))", "\"DQL\""),
        (
            "arrayToString(array(1, 2.5, true), delimiter: \", \")",
            "\"1, 2.5, true\"",
        ),
        (
            "arrayToString(array(\"a\", null, \"b\"), delimiter: \"-\")",
            "\"a-b\"",
        ),
        ("arrayToString(array())", "\"\""),
        ("arrayToString(null)", "null"),
    ],
    body: Body::Row(Row::new(row::string, to_string)),
};

fn to_string<'a>(values: &[Value<'a>]) -> Value<'a> {
    let [Value::Array(elements), delimiter] = values else {
        return Value::Null;
    };
    let texts: Vec<String> = elements.iter().filter_map(Value::text).collect();
    Value::string(texts.join(delimiter.as_str().unwrap_or_default()))
}
