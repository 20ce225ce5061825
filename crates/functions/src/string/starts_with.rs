//! `startsWith(expression, prefix, caseSensitive?)`

use crate::function::Function;
use crate::parameter::{Accepts, optional, required};

pub(super) const STARTS_WITH: Function = Function {
    name: "startsWith",
    summary: "Whether a text begins with another.",
    parameters: &[
        required("expression", Accepts::String, "the text searched"),
        required("prefix", Accepts::String, "what it may begin with"),
        optional("caseSensitive", Accepts::Boolean, "true unless given"),
    ],
    examples: &[
        ("startsWith(\"DQL is\", \"DQL\")", "true"),
        ("startsWith(\"DQL is\", \"dql\")", "false"),
        (
            "startsWith(\"DQL is\", \"dql\", caseSensitive: false)",
            "true",
        ),
        ("startsWith(\"100%\", \"1_0\")", "false"),
    ],
    build: |arguments, truth| {
        super::like(
            arguments,
            "prefix",
            truth,
            |part| format!("{part}%"),
            datafusion::functions::string::expr_fn::starts_with,
        )
    },
};
