//! Arrays of numbers as vectors.

use super::numbers;
use crate::value::Value;

/// `make` of two vectors; null where they differ in length, or hold anything but numbers.
pub(super) fn distance<'a>(values: &[Value<'a>], make: fn(&[f64], &[f64]) -> f64) -> Value<'a> {
    let [a, b] = values else {
        return Value::Null;
    };
    let vector = |value| numbers(value)?.into_iter().collect::<Option<Vec<f64>>>();
    match (vector(a), vector(b)) {
        (Some(a), Some(b)) if a.len() == b.len() => Value::double(make(&a, &b)),
        _ => Value::Null,
    }
}
