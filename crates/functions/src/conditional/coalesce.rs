//! `coalesce(expression, …)`

use crate::document::first_present;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, variadic};
use crate::typed::Typed;

pub(super) const COALESCE: Function = Function {
    name: "coalesce",
    summary: "The first value that is not null.",
    parameters: &[variadic(
        "expression",
        Accepts::ANY,
        "the values, the first one first",
    )],
    examples: &[
        ("coalesce(null, \"b\", \"c\")", "\"b\""),
        ("coalesce(null, 2)", "2"),
    ],
    body: Body::Build(|arguments, _| {
        let values: Vec<_> = arguments.all("expression").collect();
        let (exprs, ty) = super::unified(&values);
        Ok(Typed::of(first_present(exprs), ty))
    }),
};
