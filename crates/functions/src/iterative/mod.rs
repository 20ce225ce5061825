//! Iterative expressions: `array[]` stands for the elements of an array, one after the other, and what an expression
//! over them gives is gathered by one of these functions. [`each`] is how they are in plans.

mod any;
mod avg;
mod collect_array;
mod each;
mod index;
mod max;
mod min;
mod sum;
mod texts;

use std::sync::Arc;

use datafusion::logical_expr::ScalarUDF;

use syntax::{Code, Diagnostic, Span};

use crate::array::Reduction;
use crate::function::Function;
use crate::row::Row;
use crate::typed::Typed;
use crate::types::Type;
use crate::value::Value;

pub use each::Scope;

/// The list.
pub(crate) const ALL: &[Function] = &[
    any::I_ANY,
    avg::I_AVG,
    collect_array::I_COLLECT_ARRAY,
    index::I_INDEX,
    max::I_MAX,
    min::I_MIN,
    sum::I_SUM,
];

/// How a function takes part in an iterative expression.
#[derive(Clone, Copy, Debug)]
pub enum Iterative {
    /// It is the place of the element.
    Index,
    /// It is made of the array of what its argument, `expression`, gives for each element.
    Over(fn(&Typed) -> Typed),
}

/// The complaint about a function that has no element to be asked of.
pub fn nothing(function: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::NothingToIterate,
        span,
        format!("`{function}` has no array to go over"),
    )
    .help("`[]` behind an array stands for its elements: iAny(tags[] == \"x\")")
}

/// The functions that go row by row over the gathered array.
pub(crate) fn rows() -> impl Iterator<Item = (&'static str, Row)> {
    let reduced = [any::REDUCTION].map(|Reduction { name, row, .. }| (name, row));
    let totals = [
        ("iAvg", avg::ROW),
        ("iMax", max::ROW),
        ("iMin", min::ROW),
        ("iSum", sum::ROW),
    ];
    reduced.into_iter().chain(totals)
}

/// The other functions of this folder that plans may hold.
pub(crate) fn udfs() -> Vec<Arc<ScalarUDF>> {
    texts::udfs()
}

/// The results that are not null, if they are all numbers or all durations, and there is one.
fn amounts<'v, 'a>(values: &'v [Value<'a>]) -> Option<Vec<&'v Value<'a>>> {
    let [Value::Array(results)] = values else {
        return None;
    };
    let present: Vec<_> = results.iter().filter(|result| !result.is_null()).collect();
    let numbers = || present.iter().all(|value| value.as_number().is_some());
    let durations = || {
        present
            .iter()
            .all(|value| matches!(value, Value::Duration(_)))
    };
    (!present.is_empty() && (numbers() || durations())).then_some(present)
}

/// The sum of results of one kind: a double, or nanoseconds. None where it is out of range.
fn total(amounts: &[&Value<'_>]) -> Option<Value<'static>> {
    if let Some(Value::Duration(_)) = amounts.first() {
        let nanos = amounts.iter().map(|value| match value {
            Value::Duration(nanos) => *nanos,
            _ => 0,
        });
        let sum = nanos.map(i128::from).sum::<i128>();
        return i64::try_from(sum).ok().map(Value::Duration);
    }
    let numbers = amounts.iter().filter_map(|value| value.as_number());
    Some(Value::double(numbers.sum()))
}

/// The type of a sum or a mean: a double of numbers, a duration of durations.
fn total_type(types: &[Type]) -> Type {
    match crate::array::element_type(types) {
        Type::Long | Type::Double => Type::Double,
        ty @ (Type::Duration | Type::Null) => ty,
        _ => Type::Dynamic,
    }
}

/// The results that the least and the greatest are taken of, as the aggregations of those names have it: all that are
/// not null, if they are of one type, and one with an order. One double among longs makes all of them doubles.
fn ordered<'a>(values: &[Value<'a>]) -> Vec<Value<'a>> {
    let [Value::Array(results)] = values else {
        return Vec::new();
    };
    let present: Vec<_> = results.iter().filter(|result| !result.is_null()).collect();
    if present.iter().all(|value| value.as_number().is_some()) {
        let double = present
            .iter()
            .any(|value| matches!(value, Value::Double(_)));
        return present
            .into_iter()
            .map(|value| match value.as_number() {
                Some(number) if double => Value::Double(number),
                _ => value.clone(),
            })
            .collect();
    }
    crate::array::uniform(present)
        .into_iter()
        .cloned()
        .collect()
}
