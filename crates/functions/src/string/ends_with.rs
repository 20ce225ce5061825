//! `endsWith(expression, suffix, caseSensitive?)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, optional, required};

pub(super) const ENDS_WITH: Function = Function {
    name: "endsWith",
    summary: "Whether a text ends with another.",
    parameters: &[
        required("expression", Accepts::STRING, "the text searched"),
        required("suffix", Accepts::STRING, "what it may end with"),
        optional("caseSensitive", Accepts::BOOLEAN, "true unless given"),
    ],
    examples: &[
        ("endsWith(\"a.json\", \".json\")", "true"),
        ("endsWith(\"a.JSON\", \".json\")", "false"),
        (
            "endsWith(\"a.JSON\", \".json\", caseSensitive: false)",
            "true",
        ),
    ],
    body: Body::Build(|arguments, truth| {
        super::like(
            arguments,
            "suffix",
            truth,
            |part| format!("%{part}"),
            datafusion::functions::string::expr_fn::ends_with,
        )
    }),
};
