//! `lower(expression)`

use datafusion::logical_expr::{Expr, cast};

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::typed::Typed;
use crate::types::Type;

pub(super) const LOWER: Function = Function {
    name: "lower",
    summary: "A text in lower case.",
    parameters: &[required("expression", Accepts::STRING, "the text")],
    examples: &[("lower(\"DQL Is\")", "\"dql is\"")],
    body: Body::Build(|arguments, _| {
        let value = &arguments.required("expression")?.value;
        Ok(value.string().map_or_else(Typed::null, |text| {
            Typed::known(lowered(text), Type::String)
        }))
    }),
};

/// The text in lower case; `Utf8View` in and out.
pub(super) fn lowered(text: Expr) -> Expr {
    cast(
        datafusion::functions::string::expr_fn::lower(text),
        Type::String.arrow(),
    )
}
