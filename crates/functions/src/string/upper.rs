//! `upper(expression)`

use datafusion::logical_expr::{Expr, cast};

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::typed::Typed;
use crate::types::Type;

pub(super) const UPPER: Function = Function {
    name: "upper",
    summary: "A text in upper case.",
    parameters: &[required("expression", Accepts::STRING, "the text")],
    examples: &[("upper(\"Dql is\")", "\"DQL IS\"")],
    body: Body::Build(|arguments, _| {
        let value = &arguments.required("expression")?.value;
        Ok(value.string().map_or_else(Typed::null, |text| {
            Typed::known(changed(text), Type::String)
        }))
    }),
};

/// The text in upper case; `Utf8View` in and out.
fn changed(text: Expr) -> Expr {
    cast(
        datafusion::functions::string::expr_fn::upper(text),
        Type::String.arrow(),
    )
}
