//! `countDistinct(expression)` and its spellings.

use syntax::Diagnostic;

use super::gather::distinct::{Distinct, PRECISION};
use super::gather::exact::Exact;
use super::gather::gather;
use crate::function::{Aggregate, Aggregation};
use crate::parameter::{Accepts, Arguments, Parameter, optional, required};
use crate::types::Type;
use crate::value::Value;

const VALUES: Parameter = required(
    "expression",
    Accepts::ANY,
    "the values counted; null is none",
);

const PARAMETERS: &[Parameter] = &[
    VALUES,
    optional(
        "precision",
        Accepts::LONG,
        "how good an estimate is, 3 to 16; 14 where it is left out",
    )
    .constant()
    .within(3, 16),
];

pub(super) const COUNT_DISTINCT: Aggregate = Aggregate {
    name: "countDistinct",
    summary: "How many different values there are: exactly for up to 4,096, beyond that with an error of at most 1 %, or \
              as `precision` has it.",
    parameters: PARAMETERS,
    series: true,
    ordered: false,
    build,
};

pub(super) const COUNT_DISTINCT_APPROX: Aggregate = Aggregate {
    name: "countDistinctApprox",
    summary: "Another name of countDistinct.",
    parameters: PARAMETERS,
    series: true,
    ordered: false,
    build,
};

pub(super) const COUNT_DISTINCT_EXACT: Aggregate = Aggregate {
    name: "countDistinctExact",
    summary: "How many different values there are, exactly; more than a million are an error.",
    parameters: &[VALUES],
    series: true,
    ordered: false,
    build: |arguments| {
        let value = arguments.required("expression")?.value.clone();
        Ok(gather::<Exact>(Vec::new(), &[value], Type::Long))
    },
};

fn build(arguments: &Arguments) -> Result<Aggregation, Diagnostic> {
    let value = arguments.required("expression")?.value.clone();
    let precision = arguments.long("precision").unwrap_or(PRECISION);
    let settings = vec![Value::Long(precision)];
    Ok(gather::<Distinct>(settings, &[value], Type::Long))
}
