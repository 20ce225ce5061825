//! `min(expression)`

use super::gather::extreme::Extreme;
use crate::function::Aggregate;
use crate::parameter::{Accepts, required};

pub(super) const MIN: Aggregate = Aggregate {
    name: "min",
    summary: "The least value; null where types are mixed, long and double aside.",
    parameters: &[required(
        "expression",
        Accepts::ORDERED,
        "the values; null is passed over",
    )],
    series: true,
    ordered: false,
    build: |arguments| {
        let min = datafusion::functions_aggregate::expr_fn::min;
        super::extreme::<Extreme<true>>(arguments, min)
    },
};
