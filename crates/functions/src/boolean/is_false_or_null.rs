//! `isFalseOrNull(expression)`

use datafusion::logical_expr::{Expr, lit};

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::typed::Typed;

pub(super) const IS_FALSE_OR_NULL: Function = Function {
    name: "isFalseOrNull",
    summary: "Whether a condition is false or null; what is no boolean counts as null.",
    parameters: &[required("expression", Accepts::BOOLEAN, "the condition")],
    examples: &[
        ("isFalseOrNull(null)", "true"),
        ("isFalseOrNull(true)", "false"),
        ("isFalseOrNull(false)", "true"),
    ],
    body: Body::Build(|arguments, _| {
        let value = &arguments.required("expression")?.value;
        Ok(Typed::boolean_of(match value.boolean() {
            Some(condition) => Expr::IsNotTrue(Box::new(condition)),
            None => lit(true),
        }))
    }),
};
