//! Equality and order of single values, as the operators and `sort` have them.
//!
//! [`crate::compare`] says the same with plan expressions, where types are known before a query runs.

use std::cmp::Ordering;

use super::Value;

/// The place of a value's type among all types, for `sort`: boolean, number, binary, string, timestamp, duration,
/// timeframe, uid, Smartscape id, ip, geo point, array, record, null. Long and double are one.
pub fn rank(value: &Value<'_>) -> u8 {
    match value {
        Value::Boolean(_) => 1,
        Value::Long(_) | Value::Double(_) => 2,
        Value::Binary(_) => 3,
        Value::String(_) => 4,
        Value::Timestamp(_) => 5,
        Value::Duration(_) => 6,
        Value::Timeframe(..) => 7,
        Value::Uid(_) => 8,
        Value::Smartscape(_) => 9,
        Value::Ip(_) => 10,
        Value::Geopoint(..) => 11,
        Value::Array(_) => 12,
        Value::Record(_) => 13,
        Value::Null => 14,
    }
}

/// `==`: none where either is null, false for different types. Inside arrays and records null equals null; the order
/// of keys does not matter.
pub fn equal(a: &Value<'_>, b: &Value<'_>) -> Option<bool> {
    (!a.is_null() && !b.is_null()).then(|| same(a, b))
}

/// Equality in which null equals null, for grouping and inside arrays and records.
pub(crate) fn same(a: &Value<'_>, b: &Value<'_>) -> bool {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Record(a), Value::Record(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, value)| b.iter().any(|(other, b)| key == other && same(value, b)))
        }
        _ => total(a, b) == Ordering::Equal,
    }
}

/// `<` and its like: none where either is null, where types differ, and for types without an order.
pub fn compare(a: &Value<'_>, b: &Value<'_>) -> Option<Ordering> {
    match (a, b) {
        (Value::Long(_) | Value::Double(_), Value::Long(_) | Value::Double(_))
        | (Value::String(_), Value::String(_))
        | (Value::Timestamp(_), Value::Timestamp(_))
        | (Value::Duration(_), Value::Duration(_))
        | (Value::Ip(_), Value::Ip(_))
        | (Value::Smartscape(_), Value::Smartscape(_)) => Some(total(a, b)),
        _ => None,
    }
}

/// The order of `sort`, ascending: by type, then by value; null last. Arrays compare element by element, the shorter
/// prefix first; records by their values in the order of their keys as written.
pub fn total(a: &Value<'_>, b: &Value<'_>) -> Ordering {
    match (a, b) {
        (Value::Boolean(a), Value::Boolean(b)) => a.cmp(b),
        (Value::Long(a), Value::Long(b)) => a.cmp(b),
        (Value::Long(a), Value::Double(b)) => long_and_double(*a, *b),
        (Value::Double(a), Value::Long(b)) => long_and_double(*b, *a).reverse(),
        (Value::Double(a), Value::Double(b)) => doubles(*a, *b),
        (Value::Binary(a), Value::Binary(b)) => a.cmp(b),
        (Value::String(a), Value::String(b)) | (Value::Smartscape(a), Value::Smartscape(b)) => {
            a.cmp(b)
        }
        (Value::Timestamp(a), Value::Timestamp(b)) | (Value::Duration(a), Value::Duration(b)) => {
            a.cmp(b)
        }
        (Value::Timeframe(a, b), Value::Timeframe(c, d)) => (a, b).cmp(&(c, d)),
        (Value::Uid(a), Value::Uid(b)) => a.cmp(b),
        (Value::Ip(a), Value::Ip(b)) => a.cmp(b),
        (Value::Geopoint(a, b), Value::Geopoint(c, d)) => doubles(*a, *c).then(doubles(*b, *d)),
        (Value::Array(a), Value::Array(b)) => sequence(a.iter(), b.iter()),
        (Value::Record(a), Value::Record(b)) => sequence(
            a.iter().map(|(_, value)| value),
            b.iter().map(|(_, value)| value),
        ),
        _ => rank(a).cmp(&rank(b)),
    }
}

fn sequence<'v, 'a: 'v>(
    mut a: impl Iterator<Item = &'v Value<'a>>,
    mut b: impl Iterator<Item = &'v Value<'a>>,
) -> Ordering {
    loop {
        match (a.next(), b.next()) {
            (Some(a), Some(b)) => match total(a, b) {
                Ordering::Equal => {}
                order => return order,
            },
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
        }
    }
}

/// Doubles are never NaN, and there is one zero.
fn doubles(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or(Ordering::Equal)
}

/// Exact: a double can't hold every long.
fn long_and_double(long: i64, double: f64) -> Ordering {
    // 2^63, the first double above all longs.
    const ABOVE: f64 = 9_223_372_036_854_775_808.0;
    if double >= ABOVE {
        Ordering::Less
    } else if double < -ABOVE {
        Ordering::Greater
    } else {
        // In range, so truncation loses the fraction alone.
        let whole = double.trunc();
        long.cmp(&(whole as i64)).then(doubles(whole, double))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::value::testing::value;

    #[test]
    fn longs_and_doubles_compare_exactly() {
        let long = Value::Long;
        let double = Value::Double;
        assert_eq!(compare(&long(2), &double(2.0)), Some(Ordering::Equal));
        assert_eq!(compare(&long(2), &double(2.5)), Some(Ordering::Less));
        assert_eq!(compare(&long(-2), &double(-2.5)), Some(Ordering::Greater));
        // 2^53 + 1 has no double.
        let near = double(9_007_199_254_740_992.0);
        assert_eq!(
            compare(&long(9_007_199_254_740_993), &near),
            Some(Ordering::Greater)
        );
        let above = double(9_223_372_036_854_775_808.0);
        assert_eq!(compare(&long(i64::MAX), &above), Some(Ordering::Less));
        assert_eq!(
            compare(&double(-9_223_372_036_854_775_808.0), &long(i64::MIN)),
            Some(Ordering::Equal)
        );
    }

    #[test]
    fn types_are_told_apart() {
        assert_eq!(equal(&Value::string("1"), &Value::Long(1)), Some(false));
        assert_eq!(equal(&Value::Null, &Value::Null), None);
        assert_eq!(compare(&Value::string("1"), &Value::Long(2)), None);
        assert_eq!(compare(&Value::Boolean(true), &Value::Boolean(false)), None);
        let record = |keys: [&'static str; 2]| {
            let member = |key: &'static str| (key.into(), Value::Long(key.len() as i64));
            Value::Record(keys.map(member).into())
        };
        assert_eq!(
            equal(&record(["a", "bb"]), &record(["bb", "a"])),
            Some(true)
        );
        let nulls = Value::Array(vec![Value::Null]);
        assert_eq!(equal(&nulls, &nulls), Some(true));
    }

    proptest! {
        #[test]
        fn the_order_is_total(a in value(), b in value(), c in value()) {
            prop_assert_eq!(total(&a, &b), total(&b, &a).reverse());
            if total(&a, &b) != Ordering::Greater && total(&b, &c) != Ordering::Greater {
                prop_assert_ne!(total(&a, &c), Ordering::Greater);
            }
        }
    }
}
