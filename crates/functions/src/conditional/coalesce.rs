//! `coalesce(expression, …)`

use crate::function::Function;
use crate::parameter::{Accepts, variadic};

pub(super) const COALESCE: Function = Function {
    name: "coalesce",
    summary: "The first value that is not null.",
    parameters: &[variadic(
        "expression",
        Accepts::Any,
        "the values, the first one first",
    )],
    examples: &[
        ("coalesce(null, \"b\", \"c\")", "\"b\""),
        ("coalesce(null, 2)", "2"),
    ],
    build: |arguments, _| {
        let values: Vec<_> = arguments.all("expression").collect();
        let (exprs, ty) = super::unified(&values)?;
        Ok(super::value(
            datafusion::functions::core::expr_fn::coalesce(exprs),
            ty,
        ))
    },
};
