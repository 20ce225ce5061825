//! DQL's values, comparisons and three-valued logic, on JSON.
//!
//! A missing key and a JSON null are the same nothing. Conditions are `Option<bool>`, none being null.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Number, Value};

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

/// `in(a, {…})`: null if `a` is null.
pub fn is_in(a: Option<&Value>, list: &[Value]) -> Option<bool> {
    let a = a?;
    Some(list.iter().any(|element| same(a, element)))
}

/// `isNull(a)`: never null itself.
pub fn is_null(a: Option<&Value>) -> Option<bool> {
    Some(a.is_none())
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

fn same(a: &Value, b: &Value) -> bool {
    normal(a) == normal(b)
}

/// The value in a form in which equal values are alike: 1.0 is 1, and keys have no order.
fn normal(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::Number(whole(number).unwrap_or_else(|| number.clone())),
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

/// A double that is a whole number, as that number.
fn whole(number: &Number) -> Option<Number> {
    let double = number.as_f64().filter(|_| number.is_f64())?;
    // Beyond 2^63 a double has no long beside it.
    (double.fract() == 0.0 && double.abs() < 9.2e18).then(|| Number::from(double as i64))
}

fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        // By bytes, which is by code point.
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        (Value::Number(a), Value::Number(b)) => compare(a, b),
        _ => None,
    }
}

/// Numbers exactly: a long is not rounded to a double.
fn compare(a: &Number, b: &Number) -> Option<Ordering> {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        (Some(a), None) => against(a, b.as_f64()?),
        (None, Some(b)) => against(b, a.as_f64()?).map(Ordering::reverse),
        (None, None) => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}

/// A long against a double: first the whole parts, then the fraction decides.
fn against(long: i128, double: f64) -> Option<Ordering> {
    let floor = double.floor();
    Some(long.cmp(&(floor as i128)).then(if double > floor {
        Ordering::Less
    } else {
        Ordering::Equal
    }))
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
