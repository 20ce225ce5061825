//! `coalesce(expression, …)`

use crate::document::{either, null};
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
        // As DataFusion's own is rewritten by a rule that may be off.
        let mut exprs = exprs.into_iter().rev();
        let last = exprs.next().unwrap_or_else(|| null(&ty));
        let first = exprs.fold(last, |rest, value| {
            either(value.clone().is_not_null(), value, rest)
        });
        Ok(Typed::of(first, ty))
    }),
};
