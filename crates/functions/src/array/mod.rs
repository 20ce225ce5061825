//! Functions over arrays.

mod avg;
mod concat;
mod cumulative_sum;
mod delta;
mod diff;
mod distinct;
mod element;
mod first;
mod flatten;
mod index_of;
mod last;
mod last_index_of;
mod max;
mod median;
mod min;
mod moving;
mod moving_avg;
mod moving_max;
mod moving_min;
mod moving_sum;
mod percentile;
mod reduce;
mod remove_nulls;
mod reverse;
mod size;
mod slice;
mod sort;
mod sum;
mod to_string;
mod vector;
mod vector_cosine;
mod vector_inner_product;
mod vector_l1;
mod vector_l2;

use std::sync::Arc;

use datafusion::logical_expr::ScalarUDF;

use crate::function::Function;
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(crate) use reduce::{Kernel, Reduction, uniform};

/// The list.
pub(crate) const ALL: &[Function] = &[
    avg::ARRAY_AVG,
    concat::ARRAY_CONCAT,
    cumulative_sum::ARRAY_CUMULATIVE_SUM,
    delta::ARRAY_DELTA,
    diff::ARRAY_DIFF,
    distinct::ARRAY_DISTINCT,
    element::ARRAY_ELEMENT,
    first::ARRAY_FIRST,
    flatten::ARRAY_FLATTEN,
    index_of::ARRAY_INDEX_OF,
    last::ARRAY_LAST,
    last_index_of::ARRAY_LAST_INDEX_OF,
    max::ARRAY_MAX,
    median::ARRAY_MEDIAN,
    min::ARRAY_MIN,
    moving_avg::ARRAY_MOVING_AVG,
    moving_max::ARRAY_MOVING_MAX,
    moving_min::ARRAY_MOVING_MIN,
    moving_sum::ARRAY_MOVING_SUM,
    percentile::ARRAY_PERCENTILE,
    remove_nulls::ARRAY_REMOVE_NULLS,
    reverse::ARRAY_REVERSE,
    size::ARRAY_SIZE,
    slice::ARRAY_SLICE,
    sort::ARRAY_SORT,
    sum::ARRAY_SUM,
    to_string::ARRAY_TO_STRING,
    vector_cosine::VECTOR_COSINE_DISTANCE,
    vector_inner_product::VECTOR_INNER_PRODUCT_DISTANCE,
    vector_l1::VECTOR_L1_DISTANCE,
    vector_l2::VECTOR_L2_DISTANCE,
];

/// The functions of this folder that plans may hold, but for those of functions that go row by row alone.
pub(crate) fn udfs() -> Vec<Arc<ScalarUDF>> {
    reduce::udfs().collect()
}

/// What goes row by row where a column is no list.
pub(crate) fn rows() -> impl Iterator<Item = (&'static str, Row)> {
    [
        avg::REDUCTION,
        first::REDUCTION,
        last::REDUCTION,
        max::REDUCTION,
        min::REDUCTION,
        size::REDUCTION,
        sum::REDUCTION,
    ]
    .into_iter()
    .map(|reduction| (reduction.name, reduction.row))
}

/// The type of the elements of the first argument.
pub(crate) fn element_type(types: &[Type]) -> Type {
    match types.first() {
        Some(Type::Array(element)) => element.as_ref().clone(),
        Some(Type::Null) => Type::Null,
        _ => Type::Dynamic,
    }
}

/// An array of the same elements as the first argument.
fn array_type(types: &[Type]) -> Type {
    Type::Array(Box::new(element_type(types)))
}

/// An array of doubles.
fn doubles(_: &[Type]) -> Type {
    Type::Array(Box::new(Type::Double))
}

/// An array of the differences of the first argument's elements.
fn differences(types: &[Type]) -> Type {
    use crate::arithmetic::{Arithmetic, returns};
    let element = element_type(types);
    let difference = returns(Arithmetic::Subtract, &[element.clone(), element]);
    Type::Array(Box::new(difference))
}

/// The numbers of an array, with its nulls; none where it holds anything else.
fn numbers(array: &Value<'_>) -> Option<Vec<Option<f64>>> {
    let number = |value: &Value<'_>| match value {
        Value::Null => Some(None),
        value => value.as_number().map(Some),
    };
    array.as_array()?.iter().map(number).collect()
}
