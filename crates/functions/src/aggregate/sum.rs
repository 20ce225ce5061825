//! `sum(expression)`

use crate::function::Aggregate;
use crate::parameter::{Accepts, required};

pub(super) const SUM: Aggregate = Aggregate {
    name: "sum",
    summary: "The sum of numbers, a double, or of durations; null for a mixture.",
    parameters: &[required(
        "expression",
        Accepts::AMOUNT,
        "the values; null is passed over",
    )],
    series: true,
    ordered: false,
    build: |arguments| {
        super::total(
            arguments,
            datafusion::functions_aggregate::expr_fn::sum,
            false,
        )
    },
};
