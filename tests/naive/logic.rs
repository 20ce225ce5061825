//! DQL's values, comparisons and three-valued logic, on JSON.
//!
//! A missing key and a JSON null are the same nothing. Conditions are `Option<bool>`, none being null.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Number, Value};

/// One step into a value: `[key]` or `[0]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The member of an object.
    Key(String),
    /// The element of an array, from 0; from the end for negative ones, -1 the last.
    Index(i64),
}

/// `event[a][0][b]`: the value at a path; none if a step leads nowhere, or the value is null.
pub fn at<'a>(value: &'a Value, path: &[Step]) -> Option<&'a Value> {
    path.iter()
        .try_fold(value, |value, step| match step {
            Step::Key(key) => value.as_object()?.get(key),
            Step::Index(index) => {
                let items = value.as_array()?;
                let length = items.len() as i64;
                let place = if *index < 0 { length + index } else { *index };
                items.get(usize::try_from(place).ok()?)
            }
        })
        .filter(|value| !value.is_null())
}

/// `event[a][b]`: the value at a path of keys; none if a key is missing, a value on the way is no object, or the value
/// is null.
pub fn get<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter()
        .try_fold(value, |value, key| value.as_object()?.get(*key))
        .filter(|value| !value.is_null())
}

/// `a == b`: null if either is; numbers by value, other values of one type by content, values of different types are
/// not equal.
pub fn equal(a: Option<&Value>, b: Option<&Value>) -> Option<bool> {
    Some(same(a?, b?))
}

/// `a != b`.
pub fn unequal(a: Option<&Value>, b: Option<&Value>) -> Option<bool> {
    not(equal(a, b))
}

/// `a < b`: for two numbers or two texts, else null.
pub fn less(a: Option<&Value>, b: Option<&Value>) -> Option<bool> {
    Some(order(a?, b?)? == Ordering::Less)
}

/// `a <= b`.
pub fn at_most(a: Option<&Value>, b: Option<&Value>) -> Option<bool> {
    Some(order(a?, b?)? != Ordering::Greater)
}

/// `startsWith(a, prefix)`: null if `a` is null or no text.
pub fn starts_with(a: Option<&Value>, prefix: &str) -> Option<bool> {
    Some(a?.as_str()?.starts_with(prefix))
}

/// `endsWith(a, suffix)`: null if `a` is null or no text.
pub fn ends_with(a: Option<&Value>, suffix: &str) -> Option<bool> {
    Some(a?.as_str()?.ends_with(suffix))
}

/// `contains(a, part)`: null if `a` is null or no text.
pub fn contains(a: Option<&Value>, part: &str) -> Option<bool> {
    Some(a?.as_str()?.contains(part))
}

/// `in(a, {…})`: null if `a` is null; an array stands for its elements.
pub fn is_in(a: Option<&Value>, list: &[Value]) -> Option<bool> {
    let needles = match a? {
        Value::Array(elements) => elements.iter().collect(),
        single => vec![single],
    };
    let mut needles = needles.into_iter().filter(|needle| !needle.is_null());
    Some(needles.any(|needle| list.iter().any(|element| same(needle, element))))
}

/// `a and b`.
pub fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// `a or b`.
pub fn or(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    not(and(not(a), not(b)))
}

/// `a xor b`.
pub fn xor(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    Some(a? != b?)
}

/// `not a`.
pub fn not(a: Option<bool>) -> Option<bool> {
    a.map(|a| !a)
}

/// `filter`: keeps what is true.
pub fn keeps(condition: Option<bool>) -> bool {
    condition == Some(true)
}

/// `filterOut`: keeps what is not true; null stays.
pub fn filter_out_keeps(condition: Option<bool>) -> bool {
    condition != Some(true)
}

/// Groups items by the values of some expressions; null is a group of its own. Groups come in the order in which
/// they are first seen.
pub fn group<'a, T, const N: usize>(
    items: impl IntoIterator<Item = &'a T>,
    by: impl Fn(&'a T) -> [Option<&'a Value>; N],
) -> Vec<([Option<&'a Value>; N], Vec<&'a T>)> {
    let mut groups: Vec<([Option<&Value>; N], Vec<&T>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for item in items {
        let values = by(item);
        let key = format!(
            "{:?}",
            values.map(|value| value.map(|value| normal(value).to_string()))
        );
        let place = *places.entry(key).or_insert_with(|| {
            groups.push((values, Vec::new()));
            groups.len() - 1
        });
        groups[place].1.push(item);
    }
    groups
}

/// `countDistinct`: how many different values there are, null not counted.
pub fn count_distinct<'a>(values: impl IntoIterator<Item = Option<&'a Value>>) -> usize {
    values
        .into_iter()
        .flatten()
        .map(|value| normal(value).to_string())
        .collect::<BTreeSet<_>>()
        .len()
}

/// `min(…)` and `max(…)`: the extreme of values of one type, a double if there is a double among them; null where types
/// are mixed, or have no order.
pub fn extreme<'a>(
    values: impl IntoIterator<Item = Option<&'a Value>>,
    greatest: bool,
) -> Option<Value> {
    let values: Vec<&Value> = values.into_iter().flatten().collect();
    let ranks: BTreeSet<u8> = values.iter().map(|value| rank(value)).collect();
    if ranks.len() != 1 || ranks.iter().any(|rank| *rank > 3) {
        return None;
    }
    let doubles = values
        .iter()
        .any(|value| value.is_number() && !value.is_i64());
    let extreme = if greatest {
        values.into_iter().max_by(|a, b| sort_order(a, b))
    } else {
        values.into_iter().min_by(|a, b| sort_order(a, b))
    };
    match extreme?.as_f64() {
        Some(double) if doubles => Some(Value::from(double)),
        _ => extreme.cloned(),
    }
}

/// The numbers that `sum(…)` and `avg(…)` are made of; none where there is no value, or one that is no number.
pub fn numbers<'a>(values: impl IntoIterator<Item = Option<&'a Value>>) -> Option<Vec<f64>> {
    let numbers: Option<Vec<f64>> = values.into_iter().flatten().map(Value::as_f64).collect();
    numbers.filter(|numbers| !numbers.is_empty())
}

/// The order in which `sort` puts two values: by type, then by value. Null is greatest.
pub fn sort_order(a: &Value, b: &Value) -> Ordering {
    let of = |values: Vec<&Value>, others: Vec<&Value>| {
        let pairs = values.iter().zip(&others);
        let first = pairs
            .map(|(a, b)| sort_order(a, b))
            .find(|order| order.is_ne());
        first.unwrap_or(values.len().cmp(&others.len()))
    };
    rank(a).cmp(&rank(b)).then_with(|| match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Array(a), Value::Array(b)) => of(a.iter().collect(), b.iter().collect()),
        (Value::Object(a), Value::Object(b)) => of(a.values().collect(), b.values().collect()),
        _ => order(a, b).unwrap_or(Ordering::Equal),
    })
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
        Value::Null => 6,
    }
}

fn same(a: &Value, b: &Value) -> bool {
    normal(a) == normal(b)
}

/// The value in a form in which equal values are alike: 1.0 is 1, and keys have no order.
pub fn normal(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::Number(normal_number(number)),
        Value::Array(items) => Value::Array(items.iter().map(normal).collect()),
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort();
            Value::Object(
                keys.into_iter()
                    .map(|key| (key.clone(), normal(&map[key])))
                    .collect::<Map<_, _>>(),
            )
        }
        other => other.clone(),
    }
}

/// A number as a long, if it is one by its value, or else as the nearest double. Numbers are longs of 64 bits with a
/// sign, or doubles.
fn normal_number(number: &Number) -> Number {
    if let Some(long) = number.as_i64() {
        return Number::from(long);
    }
    let double = number.as_f64().unwrap_or_default();
    // 2^63 is the first double that no long can hold, -2^63 is the least long.
    let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&double);
    if fits && double.fract() == 0.0 {
        return Number::from(double as i64);
    }
    Number::from_f64(double).unwrap_or_else(|| number.clone())
}

fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        // By bytes, which is by code point.
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        (Value::Number(a), Value::Number(b)) => compare(&normal_number(a), &normal_number(b)),
        _ => None,
    }
}

/// Normal numbers exactly: a long is not rounded to a double.
fn compare(a: &Number, b: &Number) -> Option<Ordering> {
    match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        (Some(a), None) => against(a, b.as_f64()?),
        (None, Some(b)) => against(b, a.as_f64()?).map(Ordering::reverse),
        (None, None) => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}

/// A long against a double: first the whole parts, then the fraction decides.
fn against(long: i64, double: f64) -> Option<Ordering> {
    let floor = double.floor();
    Some(
        i128::from(long)
            .cmp(&(floor as i128))
            .then(if double > floor {
                Ordering::Less
            } else {
                Ordering::Equal
            }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The examples of the language's own page on comparison.
    #[test]
    fn documented_comparisons() {
        let (one, text, truth) = (json!(1), json!("1"), json!(true));
        assert_eq!(equal(Some(&text), Some(&one)), Some(false));
        assert_eq!(unequal(Some(&text), Some(&one)), Some(true));
        assert_eq!(less(Some(&text), Some(&json!(2))), None);
        assert_eq!(less(Some(&truth), Some(&json!(false))), None);
        assert_eq!(
            equal(Some(&json!([1, 2])), Some(&json!([1, 2.0]))),
            Some(true)
        );
        assert_eq!(equal(Some(&json!(2)), Some(&json!(2.0))), Some(true));
        assert_eq!(equal(None, None), None);
        assert_eq!(less(Some(&json!("A")), Some(&json!("a"))), Some(true));
        assert_eq!(
            less(
                Some(&json!(9_007_199_254_740_993_i64)),
                Some(&json!(9_007_199_254_740_992.0))
            ),
            Some(false)
        );
        assert_eq!(less(Some(&json!(-3)), Some(&json!(-2.5))), Some(true));
    }

    /// The whole table of the language's page on logic.
    #[test]
    fn three_values() {
        let (t, f, n) = (Some(true), Some(false), None);
        for (a, b, both, either) in [
            (t, f, f, t),
            (t, n, n, t),
            (f, n, f, n),
            (n, n, n, n),
            (t, t, t, t),
            (f, f, f, f),
        ] {
            assert_eq!((and(a, b), or(a, b)), (both, either), "{a:?} {b:?}");
            assert_eq!((and(b, a), or(b, a)), (both, either), "{b:?} {a:?}");
        }
        assert_eq!(not(n), n);
        assert!(!keeps(not(n)) && filter_out_keeps(n) && !filter_out_keeps(t));
    }

    #[test]
    fn paths() {
        let value = json!({"a": {"b": 1, "c": null}, "t": "text", "x.y": 2});
        assert_eq!(get(&value, &["a", "b"]), Some(&json!(1)));
        assert_eq!(get(&value, &["a", "c"]), None);
        assert_eq!(get(&value, &["t", "b"]), None);
        assert_eq!(get(&value, &["x.y"]), Some(&json!(2)));
        assert_eq!(get(&value, &["x", "y"]), None);
    }

    #[test]
    fn steps() {
        let value = json!({"r": [{"a": 1}, {"a": 2}], "t": "text"});
        let key = |key: &str| Step::Key(key.to_owned());
        let read = |path: &[Step]| at(&value, path).cloned();
        assert_eq!(read(&[key("r"), Step::Index(0), key("a")]), Some(json!(1)));
        assert_eq!(read(&[key("r"), Step::Index(-1), key("a")]), Some(json!(2)));
        assert_eq!(read(&[key("r"), Step::Index(2)]), None);
        assert_eq!(read(&[key("r"), Step::Index(-3)]), None);
        assert_eq!(read(&[key("t"), Step::Index(0)]), None);
        assert_eq!(read(&[key("r"), key("a")]), None);
    }

    /// The examples of the language's pages on `in`, `min` and `max`, and on the order of types.
    #[test]
    fn membership_and_order() {
        let list = [json!("Python"), json!("Jetty")];
        assert_eq!(is_in(Some(&json!(["Java", "Jetty"])), &list), Some(true));
        assert_eq!(is_in(Some(&json!("JAVA")), &[json!("java")]), Some(false));
        assert_eq!(is_in(Some(&json!(2)), &[json!(1), json!(2.0)]), Some(true));
        assert_eq!(is_in(None, &list), None);
        let values = [json!("b"), json!("A"), json!("a")];
        let some = || values.iter().map(Some);
        assert_eq!(extreme(some(), false), Some(json!("A")));
        assert_eq!(extreme(some(), true), Some(json!("b")));
        assert_eq!(extreme([Some(&json!(2)), Some(&json!("x"))], false), None);
        assert_eq!(extreme([Some(&json!([1]))], false), None);
        let mixed = [json!(1), json!(2.5)];
        let least = extreme(mixed.iter().map(Some), false);
        assert!(least.is_some_and(|least| least.is_f64()));
        let sorted = [
            json!(false),
            json!(true),
            json!(-1),
            json!(9_007_199_254_740_992.0),
            json!(9_007_199_254_740_993_i64),
            json!("A"),
            json!("a"),
            json!([]),
            json!([0, 1]),
            json!([0, null]),
            json!({"b": 1}),
            json!({"a": 2}),
            json!(null),
        ];
        assert!(sorted.is_sorted_by(|a, b| sort_order(a, b).is_lt()));
        assert_eq!(
            numbers([Some(&json!(2)), None, Some(&json!(0.5))]),
            Some(vec![2.0, 0.5])
        );
        assert_eq!(numbers([Some(&json!(2)), Some(&json!("x"))]), None);
        assert_eq!(numbers([None]), None);
    }

    #[test]
    fn groups() {
        let items = [
            json!({"k": 1}),
            json!({"k": 1.0}),
            json!({}),
            json!({"k": null}),
            json!({"k": "1"}),
        ];
        let groups = group(&items, |item| [get(item, &["k"])]);
        assert_eq!(
            groups
                .iter()
                .map(|(_, items)| items.len())
                .collect::<Vec<_>>(),
            [2, 2, 1]
        );
        assert_eq!(
            count_distinct(items.iter().map(|item| get(item, &["k"]))),
            2
        );
    }
}
