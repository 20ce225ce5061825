//! `collectArray(expression)` and `collectDistinct(expression)`.

use syntax::Diagnostic;

use super::gather::collect::{Collect, MOST};
use super::gather::gather;
use crate::function::{Aggregate, Aggregation};
use crate::parameter::{Accepts, Arguments, Parameter, optional, required};
use crate::types::Type;
use crate::value::Value;

const PARAMETERS: &[Parameter] = &[
    required("expression", Accepts::ANY, "the values"),
    optional(
        "maxLength",
        Accepts::LONG,
        "the greatest length of the array; 131,072 at most, and where it is left out",
    )
    .constant()
    .within(0, i64::MAX),
    optional(
        "expand",
        Accepts::BOOLEAN,
        "whether the elements of arrays are taken in their place, at any depth; `false` where it is left out",
    )
    .constant(),
];

pub(super) const COLLECT_ARRAY: Aggregate = Aggregate {
    name: "collectArray",
    summary: "The values as an array, in the order of the records, nulls included; null for no record.",
    parameters: PARAMETERS,
    series: false,
    ordered: true,
    build: |arguments| build(arguments, false),
};

pub(super) const COLLECT_DISTINCT: Aggregate = Aggregate {
    name: "collectDistinct",
    summary: "The different values as an array, in the order in which they come first, without null; null for no record.",
    parameters: PARAMETERS,
    series: false,
    ordered: true,
    build: |arguments| build(arguments, true),
};

fn build(arguments: &Arguments, distinct: bool) -> Result<Aggregation, Diagnostic> {
    let value = arguments.required("expression")?.value.clone();
    let expand = arguments
        .constant("expand")
        .and_then(|expand| expand.as_bool());
    let expand = expand.unwrap_or(false);
    let element = match value.ty() {
        Type::Array(element) if expand && !matches!(*element, Type::Array(_)) => *element,
        Type::Array(_) if expand => Type::Dynamic,
        Type::Null => Type::Dynamic,
        ty => ty,
    };
    let settings = vec![
        Value::Long(arguments.long("maxLength").unwrap_or(MOST)),
        Value::Boolean(expand),
        Value::Boolean(distinct),
    ];
    let returns = Type::Array(Box::new(element));
    Ok(gather::<Collect>(
        settings,
        &[value, arguments.place()],
        returns,
    ))
}
