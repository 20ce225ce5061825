//! `splitString(expression, pattern)`

use std::borrow::Cow;

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const SPLIT_STRING: Function = Function {
    name: "splitString",
    summary: "The parts of a text between the occurrences of another; of the empty text, its single bytes.",
    parameters: &[
        required("expression", Accepts::STRING, "the text"),
        required("pattern", Accepts::STRING, "what stands between the parts"),
    ],
    examples: &[
        ("splitString(\"abc\", \"a\")", "array(\"\", \"bc\")"),
        ("splitString(\"abbc\", \"b\")", "array(\"a\", \"\", \"c\")"),
        ("splitString(\"abc\", \"\")", "array(\"a\", \"b\", \"c\")"),
        ("splitString(\"\", \",\")", "array(\"\")"),
        ("splitString(\"ä\", \"\")[1]", "\"\u{fffd}\""),
        ("splitString(\"a\", null)", "null"),
    ],
    body: Body::Row(Row::new(
        |_| Type::Array(Box::new(Type::String)),
        |values| {
            let [Value::String(text), Value::String(pattern)] = values else {
                return Value::Null;
            };
            let parts = if pattern.is_empty() && !text.is_empty() {
                text.as_bytes()
                    .chunks(1)
                    .map(|byte| part(String::from_utf8_lossy(byte)))
                    .collect()
            } else if pattern.is_empty() {
                vec![Value::string("")]
            } else {
                text.split(pattern.as_ref())
                    .map(|text| part(text.into()))
                    .collect()
            };
            Value::Array(parts)
        },
    )),
};

fn part<'a>(text: Cow<'_, str>) -> Value<'a> {
    Value::string(text.into_owned())
}
