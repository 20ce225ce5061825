//! `isTrueOrNull(expression)`

use datafusion::logical_expr::{Expr, lit};

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::typed::Typed;

pub(super) const IS_TRUE_OR_NULL: Function = Function {
    name: "isTrueOrNull",
    summary: "Whether a condition is true or null; what is no boolean counts as null.",
    parameters: &[required("expression", Accepts::BOOLEAN, "the condition")],
    examples: &[
        ("isTrueOrNull(null)", "true"),
        ("isTrueOrNull(false)", "false"),
        ("isTrueOrNull(true)", "true"),
    ],
    body: Body::Build(|arguments, _| {
        let value = &arguments.required("expression")?.value;
        Ok(Typed::boolean_of(match value.boolean() {
            Some(condition) => Expr::IsNotFalse(Box::new(condition)),
            None => lit(true),
        }))
    }),
};
