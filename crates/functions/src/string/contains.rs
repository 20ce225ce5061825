//! `contains(expression, substring, caseSensitive?)`

use crate::function::Function;
use crate::parameter::{Accepts, optional, required};

pub(super) const CONTAINS: Function = Function {
    name: "contains",
    summary: "Whether a text holds another.",
    parameters: &[
        required("expression", Accepts::String, "the text searched"),
        required("substring", Accepts::String, "the text looked for"),
        optional("caseSensitive", Accepts::Boolean, "true unless given"),
    ],
    examples: &[
        ("contains(\"haystack\", \"stack\")", "true"),
        ("contains(\"haystack\", \"Stack\")", "false"),
        ("contains(\"haystack\", \"\")", "true"),
        ("contains(\"a\\\\b\", \"\\\\\")", "true"),
    ],
    build: |arguments, truth| {
        super::like(
            arguments,
            "substring",
            truth,
            |part| format!("%{part}%"),
            datafusion::functions::string::expr_fn::contains,
        )
    },
};
