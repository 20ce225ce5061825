//! `contains(expression, substring, caseSensitive?)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, optional, required};

pub(super) const CONTAINS: Function = Function {
    name: "contains",
    summary: "Whether a text holds another.",
    parameters: &[
        required("expression", Accepts::STRING, "the text searched"),
        required("substring", Accepts::STRING, "the text looked for"),
        optional("caseSensitive", Accepts::BOOLEAN, "true unless given"),
    ],
    examples: &[
        ("contains(\"haystack\", \"stack\")", "true"),
        ("contains(\"haystack\", \"Stack\")", "false"),
        ("contains(\"haystack\", \"\")", "true"),
        ("contains(\"a\\\\b\", \"\\\\\")", "true"),
    ],
    body: Body::Build(|arguments, truth| {
        super::like(
            arguments,
            "substring",
            truth,
            |part| format!("%{part}%"),
            datafusion::functions::string::expr_fn::contains,
        )
    }),
};
