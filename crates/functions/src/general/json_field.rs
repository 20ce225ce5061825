//! `jsonField(expression, fieldName, seek?)`

use super::path::{EXPRESSION, SEEK, value};
use crate::function::{Body, Function};
use crate::json::Step;
use crate::parameter::{Accepts, required};
use crate::typed::Typed;

pub(super) const JSON_FIELD: Function = Function {
    name: "jsonField",
    summary: "The value of a field of a JSON object in a text; null where there is none.",
    parameters: &[
        EXPRESSION,
        required(
            "fieldName",
            Accepts::STRING,
            "the field's name, which is no path",
        )
        .literal(),
        SEEK,
    ],
    examples: &[
        ("jsonField(\"\"\"{\"n\":1}\"\"\", \"n\")", "1"),
        ("jsonField(\"\"\"{\"a.b\":[1.5]}\"\"\", \"a.b\")[0]", "1.5"),
        ("jsonField(\"\"\"JSON: {\"n\":1}\"\"\", \"n\")", "null"),
        (
            "jsonField(\"\"\"JSON: {} {\"n\":1} {\"m\":2}\"\"\", \"m\", seek: true)",
            "null",
        ),
        (
            "jsonField(\"\"\"JSON { {\"n\":\"x\"} tail\"\"\", \"n\", seek: true)",
            "\"x\"",
        ),
        ("jsonField(\"\"\"{\"n\":null}\"\"\", \"n\")", "null"),
    ],
    body: Body::Build(|arguments, _| {
        let name = &arguments.required("fieldName")?.value;
        match name.string_value() {
            Some(name) => value(arguments, vec![Step::Key(name.to_owned())]),
            None => Ok(Typed::null()),
        }
    }),
};
