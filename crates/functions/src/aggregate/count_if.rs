//! `countIf(condition)`

use datafusion::functions_aggregate::expr_fn::count as count_of;
use datafusion::logical_expr::lit;

use crate::document::only;
use crate::function::{Aggregate, Aggregation};
use crate::parameter::{Accepts, required};
use crate::types::Type;

pub(super) const COUNT_IF: Aggregate = Aggregate {
    name: "countIf",
    summary: "How many records meet a condition.",
    parameters: &[required(
        "condition",
        Accepts::BOOLEAN,
        "counted where it is true",
    )],
    series: true,
    ordered: false,
    build: |arguments| {
        let condition = &arguments.required("condition")?.value;
        let condition = condition.boolean().unwrap_or_else(|| lit(false));
        Ok(Aggregation::one(
            count_of(only(condition, lit(1i64))),
            Type::Long,
        ))
    },
};
