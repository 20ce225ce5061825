//! `takeAny(expression)`

use datafusion::functions_aggregate::first_last::first_value_udaf;
use datafusion::logical_expr::Expr;
use datafusion::logical_expr::expr::{AggregateFunction, NullTreatment};

use crate::function::{Aggregate, Aggregation};
use crate::parameter::{Accepts, required};
use crate::typed::Typed;
use crate::types::Type;

pub(super) const TAKE_ANY: Aggregate = Aggregate {
    name: "takeAny",
    summary: "Any one of the values that are not null.",
    parameters: &[required("expression", Accepts::ANY, "the values")],
    series: false,
    build: |arguments| {
        let value = &arguments.required("expression")?.value;
        let ty = value.ty();
        Ok(Aggregation {
            exprs: vec![Expr::AggregateFunction(AggregateFunction::new_udf(
                first_value_udaf(),
                vec![value.expr()],
                false,
                None,
                Vec::new(),
                Some(NullTreatment::IgnoreNulls),
            ))],
            finish: Box::new(move |columns| match (columns, ty) {
                ([column], Type::Dynamic) => Typed::dynamic(column.clone()),
                ([column], ty) => Typed::known(column.clone(), ty),
                _ => Typed::null(),
            }),
        })
    },
};
