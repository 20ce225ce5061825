//! `countDistinct(expression)` and its spellings. All of them count exactly, which an approximation may.

use datafusion::functions_aggregate::expr_fn::count_distinct;
use syntax::Diagnostic;

use crate::function::{Aggregate, Aggregation};
use crate::parameter::{Accepts, Arguments, Parameter, required};
use crate::types::Type;

const PARAMETERS: &[Parameter] = &[required(
    "expression",
    Accepts::ANY,
    "the values counted; null is none",
)];

pub(super) const COUNT_DISTINCT: Aggregate = Aggregate {
    name: "countDistinct",
    summary: "How many different values there are.",
    parameters: PARAMETERS,
    series: true,
    build,
};

pub(super) const COUNT_DISTINCT_APPROX: Aggregate = Aggregate {
    name: "countDistinctApprox",
    summary: "How many different values there are, approximately.",
    parameters: PARAMETERS,
    series: true,
    build,
};

pub(super) const COUNT_DISTINCT_EXACT: Aggregate = Aggregate {
    name: "countDistinctExact",
    summary: "How many different values there are, exactly.",
    parameters: PARAMETERS,
    series: true,
    build,
};

fn build(arguments: &Arguments) -> Result<Aggregation, Diagnostic> {
    let value = &arguments.required("expression")?.value;
    Ok(Aggregation::one(
        count_distinct(value.group_key()),
        Type::Long,
    ))
}
