//! `concat(expression, …, delimiter?)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, optional, variadic};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const CONCAT: Function = Function {
    name: "concat",
    summary: "The texts of its arguments, one behind the other; null where one of them is null.",
    parameters: &[
        variadic(
            "expression",
            Accepts::NUMBER.or(Accepts::STRING),
            "what is joined",
        ),
        optional(
            "delimiter",
            Accepts::STRING,
            "what stands between any two, nothing unless given",
        )
        .constant(),
    ],
    examples: &[
        ("concat(\"a\", \"b\", 3)", "\"ab3\""),
        ("concat(\"a\", 1.5, delimiter: \"-\")", "\"a-1.5\""),
        ("concat(\"a\", null)", "null"),
        ("concat({\"a\", \"\"}, delimiter: \", \")", "\"a, \""),
    ],
    body: Body::Row(Row::new(row::string, |values| {
        let Some((delimiter, values)) = values.split_first() else {
            return Value::Null;
        };
        let delimiter = delimiter.as_str().unwrap_or_default();
        let mut joined = String::new();
        for (place, value) in values.iter().enumerate() {
            if place > 0 {
                joined.push_str(delimiter);
            }
            match value {
                Value::String(text) => joined.push_str(text),
                Value::Long(_) | Value::Double(_) => {
                    joined.push_str(&value.text().unwrap_or_default());
                }
                _ => return Value::Null,
            }
        }
        Value::string(joined)
    })),
};
