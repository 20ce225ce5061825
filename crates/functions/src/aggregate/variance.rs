//! `stddev(expression)` and `variance(expression)`, of a whole population.

use crate::function::Aggregate;
use crate::parameter::{Accepts, Parameter, required};

const PARAMETERS: &[Parameter] = &[required(
    "expression",
    Accepts::NUMBER,
    "the numbers; null is passed over",
)];

pub(super) const STDDEV: Aggregate = Aggregate {
    name: "stddev",
    summary: "The standard deviation of numbers as a whole population; null where a value is no number.",
    parameters: PARAMETERS,
    series: false,
    ordered: false,
    build: |arguments| {
        super::of_numbers(
            arguments,
            datafusion::functions_aggregate::expr_fn::stddev_pop,
        )
    },
};

pub(super) const VARIANCE: Aggregate = Aggregate {
    name: "variance",
    summary: "The variance of numbers as a whole population; null where a value is no number.",
    parameters: PARAMETERS,
    series: false,
    ordered: false,
    build: |arguments| {
        super::of_numbers(arguments, datafusion::functions_aggregate::expr_fn::var_pop)
    },
};
