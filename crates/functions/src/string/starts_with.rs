//! `startsWith(expression, prefix, caseSensitive?)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, optional, required};

pub(super) const STARTS_WITH: Function = Function {
    name: "startsWith",
    summary: "Whether a text begins with another.",
    parameters: &[
        required("expression", Accepts::STRING, "the text searched"),
        required("prefix", Accepts::STRING, "what it may begin with"),
        optional("caseSensitive", Accepts::BOOLEAN, "true unless given"),
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
    body: Body::Build(|arguments, truth| {
        super::like(
            arguments,
            "prefix",
            truth,
            |part| format!("{part}%"),
            datafusion::functions::string::expr_fn::starts_with,
        )
    }),
};
