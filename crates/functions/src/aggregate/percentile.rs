//! `percentile(expression, percentile)`, `median`, `percentiles`, `percentRank` and `percentileFromSamples`.

use syntax::{Code, Diagnostic};

use super::gather::gather;
use super::gather::percentile::Percentile;
use crate::function::{Aggregate, Aggregation};
use crate::parameter::{Accepts, Argument, Arguments, Parameter, optional, required, variadic};
use crate::types::Type;
use crate::value::Value;

const SPREAD: Accepts = Accepts::MEASURE.or(Accepts::BOOLEAN);

const VALUES: Parameter = required("expression", SPREAD, "the values; null is passed over");

const PERCENTAGE: Parameter = required(
    "percentile",
    Accepts::NUMBER,
    "how much lies at or below the value, 0 to 100",
)
.constant()
.within(0, 100);

const WEIGHT: Parameter = optional(
    "weight",
    Accepts::NUMBER,
    "how often a record counts; 1 where it is left out, and not at all where it is not above 0",
);

pub(super) const PERCENTILE: Aggregate = Aggregate {
    name: "percentile",
    summary: "The least value at or below which lies a percentage of all values: exactly for up to 8,192 different ones, \
              beyond that at most 0.5 % off; null for a mixture of types.",
    parameters: &[VALUES, PERCENTAGE, WEIGHT],
    series: true,
    ordered: false,
    build: |arguments| {
        let percentage = arguments.constant("percentile").unwrap_or_default();
        weighted(arguments, percentage)
    },
};

pub(super) const MEDIAN: Aggregate = Aggregate {
    name: "median",
    summary: "The percentile at 50.",
    parameters: &[VALUES, WEIGHT],
    series: true,
    ordered: false,
    build: |arguments| weighted(arguments, Value::Long(50)),
};

pub(super) const PERCENTILES: Aggregate = Aggregate {
    name: "percentiles",
    summary: "An array of the percentiles at several percentages, in their order.",
    parameters: &[
        VALUES,
        variadic("percentile", Accepts::NUMBER, "the percentages, 0 to 100")
            .constant()
            .within(0, 100),
        WEIGHT,
    ],
    series: false,
    ordered: false,
    build: |arguments| {
        let percentages = arguments.all("percentile");
        let percentages = percentages.filter_map(|percentage| percentage.value.fixed());
        weighted(arguments, Value::Array(percentages.collect()))
    },
};

pub(super) const PERCENT_RANK: Aggregate = Aggregate {
    name: "percentRank",
    summary: "How much of all values lies below a value, 0.0 to 1.0; null where it is of another type than they are.",
    parameters: &[
        VALUES,
        required("value", SPREAD, "what they are compared with").constant(),
    ],
    series: true,
    ordered: false,
    build: |arguments| {
        let value = arguments.required("expression")?.value.clone();
        let rank = arguments.constant("value").unwrap_or_default();
        let settings = vec![Value::Record(vec![("rank".into(), rank)])];
        Ok(gather::<Percentile>(settings, &[value], Type::Double))
    },
};

pub(super) const PERCENTILE_FROM_SAMPLES: Aggregate = Aggregate {
    name: "percentileFromSamples",
    summary: "The percentile of the elements of arrays.",
    parameters: &[
        required(
            "expression",
            Accepts::ARRAY,
            "arrays of samples; anything else is passed over",
        ),
        PERCENTAGE,
        optional(
            "originalCount",
            Accepts::NUMBER,
            "how many values the samples of a record stand for; as many as there are where it is left out",
        ),
    ],
    series: true,
    ordered: false,
    build: |arguments| {
        let mut values = vec![arguments.required("expression")?.value.clone()];
        let count = weight(arguments, "originalCount")?;
        values.extend(count.map(|count| count.value.clone()));
        let percentage = arguments.constant("percentile").unwrap_or_default();
        let element = match values.first().map(crate::Typed::ty) {
            Some(Type::Array(element)) => *element,
            _ => Type::Dynamic,
        };
        let settings = vec![percentage, Value::Boolean(true)];
        Ok(gather::<Percentile>(settings, &values, of_values(element)))
    },
};

/// What `asked` of the values and their weights.
fn weighted(arguments: &Arguments, asked: Value<'static>) -> Result<Aggregation, Diagnostic> {
    let mut values = vec![arguments.required("expression")?.value.clone()];
    let weight = weight(arguments, "weight")?;
    let one = of_values(arguments.required("expression")?.value.ty());
    let returns = match asked {
        Value::Array(_) => Type::Array(Box::new(one)),
        _ => one,
    };
    values.extend(weight.map(|weight| weight.value.clone()));
    let settings = vec![asked, Value::Boolean(false)];
    Ok(gather::<Percentile>(settings, &values, returns))
}

/// A weight, if one is given; one that is below 0 for all records is no weight.
fn weight<'a>(arguments: &'a Arguments, name: &str) -> Result<Option<&'a Argument>, Diagnostic> {
    let weight = arguments.get(name);
    let fixed = arguments
        .constant(name)
        .and_then(|weight| weight.as_number());
    match weight {
        Some(weight) if fixed.is_some_and(|fixed| fixed < 0.0) => Err(Diagnostic::error(
            Code::OutOfRange,
            weight.span,
            format!("`{name}` has to be 0 or more"),
        )),
        weight => Ok(weight),
    }
}

/// The type of a percentile of values of type `ty`.
fn of_values(ty: Type) -> Type {
    match ty {
        Type::Long => Type::Double,
        ty @ (Type::Double | Type::Duration | Type::Timestamp(_) | Type::Boolean | Type::Null) => {
            ty
        }
        _ => Type::Dynamic,
    }
}
