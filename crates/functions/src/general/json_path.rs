//! `jsonPath(expression, jsonPath, seek?)`

use super::path::{EXPRESSION, SEEK, steps, value};
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::typed::Typed;

pub(super) const JSON_PATH: Function = Function {
    name: "jsonPath",
    summary: "The value at a place of a JSON object in a text; null where there is none.",
    parameters: &[
        EXPRESSION,
        required(
            "jsonPath",
            Accepts::STRING,
            "the place as a JSONPath, such as `$.a.b[0]` or `$['a']['b']`",
        )
        .literal(),
        SEEK,
    ],
    examples: &[
        (
            "jsonPath(\"\"\"{\"a\":{\"b\":[1,2]}}\"\"\", \"$.a.b[1]\")",
            "2",
        ),
        (
            "jsonPath(\"\"\"{\"a\":{\"b\":[1,2]}}\"\"\", \"$['a']['b'][-1]\")",
            "2",
        ),
        ("jsonPath(\"\"\"{\"a\":1}\"\"\", \"$.a.b\")", "null"),
        (
            "jsonPath(\"\"\"x {\"a\":1}\"\"\", \"$.a\", seek: true)",
            "1",
        ),
        ("jsonPath(\"\"\"[1]\"\"\", \"$[0]\")", "null"),
    ],
    body: Body::Build(|arguments, _| {
        let path = arguments.required("jsonPath")?;
        match path.value.string_value() {
            Some(text) => value(arguments, steps(text, path.span)?),
            None => Ok(Typed::null()),
        }
    }),
};
