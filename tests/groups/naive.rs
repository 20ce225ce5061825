//! Aggregations by hand: plain loops over the values of a group, in the order of the records.

use std::cmp::Ordering;

use functions::Value;
use functions::value::{equal, total};

/// A value without borrowed parts.
pub type Plain = Value<'static>;

/// The aggregation of that call, in which `v` is the value: `median(v)`.
pub fn aggregate(call: &str, values: &[Plain]) -> Plain {
    let there: Vec<&Plain> = values.iter().filter(|value| !value.is_null()).collect();
    match call {
        "count()" => Value::Long(values.len() as i64),
        "countIf(v > 1)" => {
            let above = |value: &&&Plain| match value {
                Value::Long(long) => *long > 1,
                Value::Double(double) => *double > 1.0,
                _ => false,
            };
            Value::Long(there.iter().filter(above).count() as i64)
        }
        "countDistinct(v)" | "countDistinctExact(v)" => Value::Long(distinct(&there).len() as i64),
        "collectArray(v)" if values.is_empty() => Value::Null,
        "collectArray(v)" => Value::Array(values.to_vec()),
        "collectDistinct(v)" if values.is_empty() => Value::Null,
        "collectDistinct(v)" => Value::Array(distinct(&there)),
        "takeAny(v)" | "takeFirst(v)" => there.first().map(|v| (*v).clone()).unwrap_or_default(),
        "takeLast(v)" => there.last().map(|v| (*v).clone()).unwrap_or_default(),
        "sum(v)" => sum(&there),
        "avg(v)" => match sum(&there) {
            Value::Double(sum) => Value::double(sum / there.len() as f64),
            Value::Duration(sum) => Value::Duration(sum / there.len() as i64),
            _ => Value::Null,
        },
        "min(v)" => extreme(&there, Ordering::Less),
        "max(v)" => extreme(&there, Ordering::Greater),
        "median(v)" => percentile(&there, 50.0),
        "percentile(v, 75)" => percentile(&there, 75.0),
        "percentRank(v, 1)" => {
            if there.is_empty() || kinds(&there) != ["number"] {
                return Value::Null;
            }
            let below = numbers(&there).iter().filter(|n| **n < 1.0).count();
            Value::Double(below as f64 / there.len() as f64)
        }
        "variance(v)" => variance(&there),
        "stddev(v)" => match variance(&there) {
            Value::Double(variance) => Value::Double(variance.sqrt()),
            other => other,
        },
        other => panic!("{other} is not told how to work out"),
    }
}

/// The different kinds of the values.
fn kinds(values: &[&Plain]) -> Vec<&'static str> {
    let mut kinds: Vec<&str> = values
        .iter()
        .map(|value| match value.type_name() {
            Some("long" | "double") => "number",
            other => other.unwrap_or("null"),
        })
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

fn numbers(values: &[&Plain]) -> Vec<f64> {
    values
        .iter()
        .filter_map(|value| value.as_number())
        .collect()
}

fn distinct(values: &[&Plain]) -> Vec<Plain> {
    let mut seen: Vec<Plain> = Vec::new();
    for value in values {
        if !seen.iter().any(|known| equal(known, value) == Some(true)) {
            seen.push((*value).clone());
        }
    }
    seen
}

fn sum(values: &[&Plain]) -> Plain {
    match kinds(values).as_slice() {
        ["number"] => Value::double(numbers(values).iter().sum()),
        ["duration"] => Value::Duration(
            values
                .iter()
                .map(|value| match value {
                    Value::Duration(nanos) => *nanos,
                    _ => 0,
                })
                .sum(),
        ),
        _ => Value::Null,
    }
}

fn extreme(values: &[&Plain], wanted: Ordering) -> Plain {
    if !matches!(
        kinds(values).as_slice(),
        ["number" | "string" | "boolean" | "timestamp" | "duration"]
    ) {
        return Value::Null;
    }
    let mut best = values[0];
    for value in values {
        if total(value, best) == wanted {
            best = value;
        }
    }
    let double = values.iter().any(|value| matches!(value, Value::Double(_)));
    match best {
        Value::Long(long) if double => Value::Double(*long as f64),
        best => best.clone(),
    }
}

/// The least value at or below which lies that percentage of all.
fn percentile(values: &[&Plain], percentage: f64) -> Plain {
    if !matches!(
        kinds(values).as_slice(),
        ["number" | "boolean" | "timestamp" | "duration"]
    ) {
        return Value::Null;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| total(a, b));
    let place = (percentage * sorted.len() as f64 / 100.0).ceil() as usize;
    match sorted[place.max(1) - 1] {
        Value::Long(long) => Value::Double(*long as f64),
        other => other.clone(),
    }
}

fn variance(values: &[&Plain]) -> Plain {
    if kinds(values) != ["number"] {
        return Value::Null;
    }
    let numbers = numbers(values);
    let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
    let squares: f64 = numbers.iter().map(|number| (number - mean).powi(2)).sum();
    Value::Double(squares / numbers.len() as f64)
}

/// Records in groups of one key, in the order in which the keys come first, each under its first spelling.
pub fn groups<R>(records: &[R], key: impl Fn(&R) -> Plain) -> Vec<(Plain, Vec<&R>)> {
    let mut groups: Vec<(Plain, Vec<&R>)> = Vec::new();
    for record in records {
        let own = key(record);
        let same = |known: &Plain| match equal(known, &own) {
            Some(equal) => equal,
            None => known.is_null() && own.is_null(),
        };
        match groups.iter_mut().find(|(known, _)| same(known)) {
            Some((_, group)) => group.push(record),
            None => groups.push((own, vec![record])),
        }
    }
    groups
}
