//! `takeMax(expression)` and `takeMin(expression)`.

use syntax::Diagnostic;

use super::gather::take::TakeOrdered;
use super::gather::{Gather, gather};
use crate::function::{Aggregate, Aggregation};
use crate::parameter::{Accepts, Arguments, Parameter, required};

const PARAMETERS: &[Parameter] = &[required(
    "expression",
    Accepts::ANY,
    "the values; null is passed over",
)];

pub(super) const TAKE_MAX: Aggregate = Aggregate {
    name: "takeMax",
    summary: "The last of the values in the order of `sort`, whatever their types.",
    parameters: PARAMETERS,
    series: false,
    ordered: false,
    build: build::<TakeOrdered<false>>,
};

pub(super) const TAKE_MIN: Aggregate = Aggregate {
    name: "takeMin",
    summary: "The first of the values in the order of `sort`, whatever their types.",
    parameters: PARAMETERS,
    series: false,
    ordered: false,
    build: build::<TakeOrdered<true>>,
};

fn build<G: Gather>(arguments: &Arguments) -> Result<Aggregation, Diagnostic> {
    let value = arguments.required("expression")?.value.clone();
    let ty = value.ty();
    Ok(gather::<G>(Vec::new(), &[value], ty))
}
