//! Functions over groups of records.
//!
//! Counts, sums, extremes and moments of columns are DataFusion's own; what it has not, or not by DQL's rules, is
//! written over values in `gather/`.

mod avg;
mod collect;
mod correlation;
mod count;
mod count_distinct;
mod count_if;
pub(crate) mod elementwise;
mod gather;
mod held;
mod max;
mod min;
mod percentile;
pub(crate) mod series;
mod sum;
mod take;
mod take_ordered;
mod variance;

use std::sync::Arc;

use datafusion::functions_aggregate::expr_fn::count as count_of;
use datafusion::logical_expr::{AggregateUDF, Expr, lit};
use syntax::Diagnostic;

use self::gather::take::Take;
use self::gather::total::Total;
use self::gather::{Gather, gather as gathered};
use crate::document::{either, null, only};
use crate::function::{Aggregate, Aggregation};
use crate::json::Language;
use crate::parameter::Arguments;
use crate::typed::Typed;
use crate::types::Type;
use crate::value::Value;
use crate::value::udf::group;

/// The list.
pub(crate) const ALL: &[Aggregate] = &[
    avg::AVG,
    collect::COLLECT_ARRAY,
    collect::COLLECT_DISTINCT,
    correlation::CORRELATION,
    count::COUNT,
    count_distinct::COUNT_DISTINCT,
    count_distinct::COUNT_DISTINCT_APPROX,
    count_distinct::COUNT_DISTINCT_EXACT,
    count_if::COUNT_IF,
    max::MAX,
    percentile::MEDIAN,
    min::MIN,
    percentile::PERCENTILE,
    percentile::PERCENTILE_FROM_SAMPLES,
    percentile::PERCENTILES,
    percentile::PERCENT_RANK,
    variance::STDDEV,
    sum::SUM,
    take::TAKE_ANY,
    take::TAKE_FIRST,
    take::TAKE_LAST,
    take_ordered::TAKE_MAX,
    take_ordered::TAKE_MIN,
    variance::VARIANCE,
];

/// The aggregate functions of ours that plans may hold, for registration by name.
pub(crate) fn udafs() -> Vec<Arc<AggregateUDF>> {
    let mut all = gather::all();
    all.push(series::udf());
    all
}

/// Whether equal values of the type can differ in how they are written: records by the order of their keys, numbers by
/// being a long or a double.
pub fn has_spellings(ty: &Type) -> bool {
    match ty {
        Type::Dynamic | Type::Record => true,
        Type::Array(_) => ty.is_text(),
        _ => false,
    }
}

/// A text that is the same for all spellings of a value, made of its value text, so that JSON is read once for both.
pub fn spelling_key(value: &Typed) -> Expr {
    group(value.value_text())
}

/// Of the equal values of a group, the one that comes first, as value text; null for strings, which have one spelling.
/// `place` is the place of a record among all.
pub fn first_spelling(value: &Typed, place: Expr) -> Aggregation {
    let string = spelling_key(value).like(lit("\"%"));
    first_text(
        either(string, null(&Type::String), value.value_text()),
        place,
    )
}

/// The first of value texts that are not null, by the places of their records.
pub fn first_text(text: Expr, place: Expr) -> Aggregation {
    let values = [Typed::dynamic(text), Typed::known(place, Type::Long)];
    gathered::<Take<true>>(Vec::new(), &values, Type::Dynamic)
}

/// An aggregation that is null for every group.
fn nothing() -> Aggregation {
    Aggregation {
        exprs: Vec::new(),
        finish: Box::new(|_| Typed::null()),
    }
}

/// Sum or average: numbers give a double, durations a duration, a mixture null.
fn total(
    arguments: &Arguments,
    of: fn(Expr) -> Expr,
    mean: bool,
) -> Result<Aggregation, Diagnostic> {
    let value = &arguments.required("expression")?.value;
    match value.ty() {
        // Only JSON can't hold durations.
        Type::Dynamic if !is_json(value) => {
            let settings = vec![Value::Boolean(mean)];
            let total = gathered::<Total>(settings, std::slice::from_ref(value), Type::Dynamic);
            Ok(total)
        }
        Type::Duration => {
            let settings = vec![Value::Boolean(mean)];
            let total = gathered::<Total>(settings, std::slice::from_ref(value), Type::Duration);
            Ok(total)
        }
        _ => of_numbers(arguments, of),
    }
}

fn is_json(value: &Typed) -> bool {
    matches!(value, Typed::Place(place) if place.document.language == Language::Json)
}

/// A double made of numbers; null where a value is none, and where the result is not finite.
fn of_numbers(arguments: &Arguments, of: fn(Expr) -> Expr) -> Result<Aggregation, Diagnostic> {
    let value = &arguments.required("expression")?.value;
    let Some(number) = value.double().filter(|_| value.ty() != Type::Null) else {
        return Ok(nothing());
    };
    let finite = |result: &Expr| {
        let range = result.clone().between(lit(f64::MIN), lit(f64::MAX));
        only(range, result.clone())
    };
    if value.ty() != Type::Dynamic {
        return Ok(Aggregation {
            exprs: vec![of(number)],
            finish: Box::new(move |columns| match columns {
                [result] => Typed::known(finite(result), Type::Double),
                _ => Typed::null(),
            }),
        });
    }
    Ok(Aggregation {
        exprs: vec![of(number.clone()), count_of(number), count_of(value.expr())],
        finish: Box::new(move |columns| match columns {
            [result, numbers, values] => Typed::known(
                only(numbers.clone().eq(values.clone()), finite(result)),
                Type::Double,
            ),
            _ => Typed::null(),
        }),
    })
}

/// The least or greatest value: `G` of values known only record by record, `of` columns.
fn extreme<G: Gather>(
    arguments: &Arguments,
    of: fn(Expr) -> Expr,
) -> Result<Aggregation, Diagnostic> {
    let value = &arguments.required("expression")?.value;
    match value.ty() {
        Type::Null => Ok(nothing()),
        Type::Dynamic => Ok(gathered::<G>(
            Vec::new(),
            std::slice::from_ref(value),
            Type::Dynamic,
        )),
        Type::Boolean
        | Type::Long
        | Type::Double
        | Type::String
        | Type::Timestamp(_)
        | Type::Duration => Ok(Aggregation::one(of(value.expr()), value.ty())),
        _ => Ok(nothing()),
    }
}
