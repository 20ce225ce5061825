//! `count()`

use datafusion::functions_aggregate::expr_fn::count as count_of;
use datafusion::logical_expr::lit;

use crate::function::{Aggregate, Aggregation};
use crate::types::Type;

pub(super) const COUNT: Aggregate = Aggregate {
    name: "count",
    summary: "How many records there are.",
    parameters: &[],
    series: true,
    ordered: false,
    build: |_| Ok(Aggregation::one(count_of(lit(1i64)), Type::Long)),
};
