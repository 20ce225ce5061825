//! `takeAny(expression)`, `takeFirst(expression)` and `takeLast(expression)`.

use syntax::Diagnostic;

use super::gather::take::Take;
use super::gather::{Gather, gather};
use crate::function::{Aggregate, Aggregation};
use crate::parameter::{Accepts, Arguments, Parameter, required};

const PARAMETERS: &[Parameter] = &[required(
    "expression",
    Accepts::ANY,
    "the values; null is passed over",
)];

/// The first, so that the same query gives the same value twice.
pub(super) const TAKE_ANY: Aggregate = Aggregate {
    name: "takeAny",
    summary: "Any one of the values that are not null.",
    parameters: PARAMETERS,
    series: false,
    ordered: true,
    build: build::<Take<true>>,
};

pub(super) const TAKE_FIRST: Aggregate = Aggregate {
    name: "takeFirst",
    summary: "The first of the values that are not null, in the order of the records.",
    parameters: PARAMETERS,
    series: false,
    ordered: true,
    build: build::<Take<true>>,
};

pub(super) const TAKE_LAST: Aggregate = Aggregate {
    name: "takeLast",
    summary: "The last of the values that are not null, in the order of the records.",
    parameters: PARAMETERS,
    series: false,
    ordered: true,
    build: build::<Take<false>>,
};

fn build<G: Gather>(arguments: &Arguments) -> Result<Aggregation, Diagnostic> {
    let value = arguments.required("expression")?.value.clone();
    let ty = value.ty();
    Ok(gather::<G>(Vec::new(), &[value, arguments.place()], ty))
}
