//! `max(expression)`

use super::gather::extreme::Extreme;
use crate::function::Aggregate;
use crate::parameter::{Accepts, required};

pub(super) const MAX: Aggregate = Aggregate {
    name: "max",
    summary: "The greatest value; null where types are mixed, long and double aside.",
    parameters: &[required(
        "expression",
        Accepts::ORDERED,
        "the values; null is passed over",
    )],
    series: true,
    ordered: false,
    build: |arguments| {
        let max = datafusion::functions_aggregate::expr_fn::max;
        super::extreme::<Extreme<false>>(arguments, max)
    },
};
