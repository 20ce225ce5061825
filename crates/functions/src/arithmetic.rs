//! `+ - * / %` and the unary minus, by DQL's tables of types.
//!
//! Types that do not go together give null, and so do overflow, division by zero and results that are not finite.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::row::{Row, apply};
use crate::typed::Typed;
use crate::types::Type;
use crate::value::Value;

/// An operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

/// The operators with the names of their plan functions.
const ALL: &[(Arithmetic, &str, Row)] = &[
    (
        Arithmetic::Add,
        "add",
        Row::new(|types| returns(Arithmetic::Add, types), add_row),
    ),
    (
        Arithmetic::Subtract,
        "subtract",
        Row::new(|types| returns(Arithmetic::Subtract, types), subtract_row),
    ),
    (
        Arithmetic::Multiply,
        "multiply",
        Row::new(|types| returns(Arithmetic::Multiply, types), multiply_row),
    ),
    (
        Arithmetic::Divide,
        "divide",
        Row::new(|types| returns(Arithmetic::Divide, types), divide_row),
    ),
    (
        Arithmetic::Remainder,
        "remainder",
        Row::new(|types| returns(Arithmetic::Remainder, types), remainder_row),
    ),
];

const NEGATE: Row = Row::new(
    |types| match types {
        [ty @ (Type::Long | Type::Double | Type::Duration)] => ty.clone(),
        [Type::Dynamic] => Type::Dynamic,
        _ => Type::Null,
    },
    negate_row,
);

/// The plan functions, for registration by name.
pub(crate) fn rows() -> impl Iterator<Item = (&'static str, Row)> {
    let negate = std::iter::once(("negate", NEGATE));
    ALL.iter().map(|(_, name, row)| (*name, *row)).chain(negate)
}

/// `left op right`; none where their types are known and do not go together.
pub fn arithmetic(op: Arithmetic, left: &Typed, right: &Typed) -> Option<Typed> {
    let (_, name, row) = ALL.iter().find(|(known, ..)| *known == op)?;
    let types = [left.ty(), right.ty()];
    if types.contains(&Type::Null) {
        return Some(Typed::null());
    }
    match returns(op, &types) {
        Type::Null => None,
        _ => Some(apply(name, *row, &[left.clone(), right.clone()])),
    }
}

/// `-value`; none where its type is known and has no negative.
pub fn negate(value: &Typed) -> Option<Typed> {
    match value.ty() {
        Type::Null => Some(Typed::null()),
        Type::Long | Type::Double | Type::Duration | Type::Dynamic => {
            Some(apply("negate", NEGATE, std::slice::from_ref(value)))
        }
        _ => None,
    }
}

/// The type of a result; null for types that do not go together.
pub(crate) fn returns(op: Arithmetic, types: &[Type]) -> Type {
    use Arithmetic::{Add, Divide, Multiply, Remainder, Subtract};
    let [left, right] = types else {
        return Type::Null;
    };
    match (left, op, right) {
        (Type::Null, ..) | (.., Type::Null) => Type::Null,
        (Type::Dynamic, ..) | (.., Type::Dynamic) => Type::Dynamic,
        (Type::Long, _, Type::Long) => Type::Long,
        (Type::Long | Type::Double, _, Type::Long | Type::Double) => Type::Double,
        (Type::Timestamp(_), Subtract, Type::Timestamp(_)) => Type::Duration,
        (Type::Timestamp(_), Add | Subtract, Type::Duration)
        | (Type::Duration, Add, Type::Timestamp(_)) => Type::TIMESTAMP,
        (Type::Duration, Add | Subtract | Remainder, Type::Duration) => Type::Duration,
        (Type::Duration, Divide, Type::Duration) => Type::Double,
        (Type::Duration, Multiply | Divide, Type::Long | Type::Double)
        | (Type::Long | Type::Double, Multiply, Type::Duration) => Type::Duration,
        (Type::Timeframe, Add | Subtract, Type::Duration)
        | (Type::Duration, Add, Type::Timeframe) => Type::Timeframe,
        (Type::Ip, Add | Subtract, Type::Ip | Type::Long | Type::Double)
        | (Type::Long | Type::Double, Add | Subtract, Type::Ip) => Type::Ip,
        _ => Type::Null,
    }
}

fn pair<'v, 'a>(values: &'v [Value<'a>]) -> Option<(&'v Value<'a>, &'v Value<'a>)> {
    match values {
        [left, right] => Some((left, right)),
        _ => None,
    }
}

fn add_row<'a>(values: &[Value<'a>]) -> Value<'a> {
    pair(values)
        .and_then(|(a, b)| add(a, b))
        .unwrap_or_default()
}

fn subtract_row<'a>(values: &[Value<'a>]) -> Value<'a> {
    pair(values)
        .and_then(|(a, b)| subtract(a, b))
        .unwrap_or_default()
}

fn multiply_row<'a>(values: &[Value<'a>]) -> Value<'a> {
    pair(values)
        .and_then(|(a, b)| multiply(a, b))
        .unwrap_or_default()
}

fn divide_row<'a>(values: &[Value<'a>]) -> Value<'a> {
    pair(values)
        .and_then(|(a, b)| divide(a, b))
        .unwrap_or_default()
}

fn remainder_row<'a>(values: &[Value<'a>]) -> Value<'a> {
    pair(values)
        .and_then(|(a, b)| remainder(a, b))
        .unwrap_or_default()
}

fn negate_row<'a>(values: &[Value<'a>]) -> Value<'a> {
    match values {
        [Value::Long(long)] => Value::or_null(long.checked_neg(), Value::Long),
        [Value::Double(double)] => Value::double(-double),
        [Value::Duration(nanos)] => Value::or_null(nanos.checked_neg(), Value::Duration),
        _ => Value::Null,
    }
}

fn add<'a>(a: &Value<'a>, b: &Value<'a>) -> Option<Value<'a>> {
    Some(match (a, b) {
        (Value::Long(a), Value::Long(b)) => Value::Long(a.checked_add(*b)?),
        (Value::Timestamp(time), Value::Duration(by))
        | (Value::Duration(by), Value::Timestamp(time)) => Value::Timestamp(time.checked_add(*by)?),
        (Value::Duration(a), Value::Duration(b)) => Value::Duration(a.checked_add(*b)?),
        (Value::Timeframe(start, end), Value::Duration(by))
        | (Value::Duration(by), Value::Timeframe(start, end)) => {
            Value::Timeframe(start.checked_add(*by)?, end.checked_add(*by)?)
        }
        (Value::Ip(_), _) | (_, Value::Ip(_)) => address(a, b, false)?,
        _ => Value::double(a.as_number()? + b.as_number()?),
    })
}

pub(crate) fn subtract<'a>(a: &Value<'a>, b: &Value<'a>) -> Option<Value<'a>> {
    Some(match (a, b) {
        (Value::Long(a), Value::Long(b)) => Value::Long(a.checked_sub(*b)?),
        (Value::Timestamp(a), Value::Timestamp(b)) => Value::Duration(a.checked_sub(*b)?),
        (Value::Timestamp(time), Value::Duration(by)) => Value::Timestamp(time.checked_sub(*by)?),
        (Value::Duration(a), Value::Duration(b)) => Value::Duration(a.checked_sub(*b)?),
        (Value::Timeframe(start, end), Value::Duration(by)) => {
            Value::Timeframe(start.checked_sub(*by)?, end.checked_sub(*by)?)
        }
        (Value::Ip(_), _) | (_, Value::Ip(_)) => address(a, b, true)?,
        _ => Value::double(a.as_number()? - b.as_number()?),
    })
}

fn multiply<'a>(a: &Value<'a>, b: &Value<'a>) -> Option<Value<'a>> {
    Some(match (a, b) {
        (Value::Long(a), Value::Long(b)) => Value::Long(a.checked_mul(*b)?),
        (Value::Duration(nanos), Value::Long(by)) | (Value::Long(by), Value::Duration(nanos)) => {
            Value::Duration(nanos.checked_mul(*by)?)
        }
        (Value::Duration(nanos), Value::Double(by))
        | (Value::Double(by), Value::Duration(nanos)) => {
            Value::Duration(rounded(*nanos as f64 * by)?)
        }
        _ => Value::double(a.as_number()? * b.as_number()?),
    })
}

fn divide<'a>(a: &Value<'a>, b: &Value<'a>) -> Option<Value<'a>> {
    Some(match (a, b) {
        (Value::Long(a), Value::Long(b)) => Value::Long(a.checked_div(*b)?),
        (Value::Duration(a), Value::Duration(b)) => Value::double(*a as f64 / *b as f64),
        (Value::Duration(nanos), Value::Long(by)) => {
            let (nanos, by) = (i128::from(*nanos), i128::from(*by));
            let whole = nanos.checked_div(by)?;
            // Half away from zero, as doubles are rounded.
            let up = (nanos % by).abs() * 2 >= by.abs();
            let sign = if (nanos < 0) == (by < 0) { 1 } else { -1 };
            Value::Duration(i64::try_from(if up { whole + sign } else { whole }).ok()?)
        }
        (Value::Duration(nanos), Value::Double(by)) => {
            Value::Duration(rounded(*nanos as f64 / by)?)
        }
        _ => Value::double(a.as_number()? / b.as_number()?),
    })
}

fn remainder<'a>(a: &Value<'a>, b: &Value<'a>) -> Option<Value<'a>> {
    Some(match (a, b) {
        // The remainder by -1 is zero for every long, also where the quotient overflows.
        (Value::Long(a), Value::Long(b)) => Value::Long(match b {
            -1 => 0,
            b => a.checked_rem(*b)?,
        }),
        (Value::Duration(a), Value::Duration(b)) => Value::Duration(match b {
            -1 => 0,
            b => a.checked_rem(*b)?,
        }),
        _ => Value::double(a.as_number()? % b.as_number()?),
    })
}

/// The whole part; none beyond the range of longs.
pub(crate) fn truncated(double: f64) -> Option<i64> {
    rounded(double.trunc())
}

/// The nearest whole number, half away from zero; none beyond the range of longs.
pub(crate) fn rounded(double: f64) -> Option<i64> {
    let whole = double.round();
    (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0)
        .contains(&whole)
        .then_some(whole as i64)
}

/// Addresses count as unsigned numbers of their own width; two versions do not go together.
fn address<'a>(a: &Value<'a>, b: &Value<'a>, subtract: bool) -> Option<Value<'a>> {
    let wide = matches!(a, Value::Ip(IpAddr::V6(_))) || matches!(b, Value::Ip(IpAddr::V6(_)));
    // Whether it is negative, and its size: an address may take all 128 bits.
    let number = |value: &Value<'a>| match value {
        Value::Ip(IpAddr::V4(ip)) if !wide => Some((false, u128::from(u32::from(*ip)))),
        Value::Ip(IpAddr::V6(ip)) => Some((false, u128::from(*ip))),
        Value::Long(long) => Some((*long < 0, u128::from(long.unsigned_abs()))),
        Value::Double(double) => {
            rounded(double.trunc()).map(|long| (long < 0, u128::from(long.unsigned_abs())))
        }
        _ => None,
    };
    let ((a_less, a), (b_less, b)) = (number(a)?, number(b)?);
    let result = match (a_less, b_less != subtract) {
        (false, false) => a.checked_add(b)?,
        (false, true) => a.checked_sub(b)?,
        (true, false) => b.checked_sub(a)?,
        (true, true) => return None,
    };
    Some(Value::Ip(if wide {
        IpAddr::V6(Ipv6Addr::from(result))
    } else {
        IpAddr::V4(Ipv4Addr::from(u32::try_from(result).ok()?))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_numbers() {
        let ip = |text: &str| Value::Ip(text.parse().expect("an address"));
        let table = [
            (
                add(&ip("127.0.0.10"), &Value::Long(1)),
                Some(ip("127.0.0.11")),
            ),
            (
                add(&Value::Long(-10), &ip("127.0.0.10")),
                Some(ip("127.0.0.0")),
            ),
            (
                subtract(&ip("127.0.0.10"), &ip("10.0.0.1")),
                Some(ip("117.0.0.9")),
            ),
            (add(&ip("255.255.255.255"), &Value::Long(1)), None),
            (subtract(&ip("::"), &Value::Long(1)), None),
            (
                subtract(&ip("fe80::1"), &Value::Long(1)),
                Some(ip("fe80::")),
            ),
            (add(&ip("::1"), &ip("0.0.0.1")), None),
        ];
        for (result, expected) in table {
            assert_eq!(result, expected);
        }
    }

    #[test]
    fn what_has_no_result_is_null() {
        let long = Value::Long;
        assert_eq!(add(&long(i64::MAX), &long(1)), None);
        assert_eq!(divide(&long(1), &long(0)), None);
        assert_eq!(divide(&long(i64::MIN), &long(-1)), None);
        assert_eq!(remainder(&long(i64::MIN), &long(-1)), Some(long(0)));
        assert_eq!(remainder(&long(-7), &long(3)), Some(long(-1)));
        assert_eq!(divide(&Value::Double(1.0), &long(0)), Some(Value::Null));
        assert_eq!(add(&long(1), &Value::string("1")), None);
        let half = divide(&Value::Duration(-5), &long(2));
        assert_eq!(half, Some(Value::Duration(-3)));
    }
}
