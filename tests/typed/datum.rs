//! Values of the typed queries, and what the operators make of them: the rules of the language in plain Rust, with
//! nothing of the engine.

use std::cmp::Ordering;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Datum {
    Null,
    Bool(bool),
    Long(i64),
    Double(f64),
    Text(String),
    /// Nanoseconds since 1970.
    Time(i64),
    /// Nanoseconds.
    Span(i64),
    List(Vec<Datum>),
    Record(Vec<(String, Datum)>),
}

use Datum::{Bool, Double, List, Long, Null, Record, Span, Text, Time};

/// A double, or null where it is none that a result may be.
pub fn finite(double: f64) -> Datum {
    if double.is_finite() {
        Double(double + 0.0)
    } else {
        Null
    }
}

fn or_null<T>(value: Option<T>, make: impl FnOnce(T) -> Datum) -> Datum {
    value.map_or(Null, make)
}

impl Datum {
    pub fn is_null(&self) -> bool {
        *self == Null
    }

    /// The truth of a condition; none for null.
    pub fn truth(&self) -> Option<bool> {
        match self {
            Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    pub fn number(&self) -> Option<f64> {
        match self {
            Long(long) => Some(*long as f64),
            Double(double) => Some(*double),
            _ => None,
        }
    }
}

/// `a op b` for the arithmetic operators.
pub fn arithmetic(op: &str, a: &Datum, b: &Datum) -> Datum {
    match (a, op, b) {
        (Null, ..) | (.., Null) => Null,
        (Long(a), "+", Long(b)) => or_null(a.checked_add(*b), Long),
        (Long(a), "-", Long(b)) => or_null(a.checked_sub(*b), Long),
        (Long(a), "*", Long(b)) => or_null(a.checked_mul(*b), Long),
        (Long(a), "/", Long(b)) => or_null(a.checked_div(*b), Long),
        (Long(_), "%", Long(0)) => Null,
        (Long(a), "%", Long(b)) => Long((i128::from(*a) % i128::from(*b)) as i64),
        (Time(a), "-", Time(b)) => or_null(a.checked_sub(*b), Span),
        (Time(a), "+", Span(b)) | (Span(b), "+", Time(a)) => or_null(a.checked_add(*b), Time),
        (Time(a), "-", Span(b)) => or_null(a.checked_sub(*b), Time),
        (Span(a), "+", Span(b)) => or_null(a.checked_add(*b), Span),
        (Span(a), "-", Span(b)) => or_null(a.checked_sub(*b), Span),
        (Span(_), "%", Span(0)) => Null,
        (Span(a), "%", Span(b)) => Span((i128::from(*a) % i128::from(*b)) as i64),
        (Span(a), "*", Long(b)) | (Long(b), "*", Span(a)) => or_null(a.checked_mul(*b), Span),
        (Span(a), "/", Span(b)) => finite(*a as f64 / *b as f64),
        _ => match (a.number(), b.number()) {
            (Some(a), Some(b)) => finite(match op {
                "+" => a + b,
                "-" => a - b,
                "*" => a * b,
                "/" => a / b,
                _ => a % b,
            }),
            _ => Null,
        },
    }
}

/// Which of two values is less; none where neither is.
pub fn order(a: &Datum, b: &Datum) -> Option<Ordering> {
    match (a, b) {
        (Long(a), Long(b)) | (Time(a), Time(b)) | (Span(a), Span(b)) => Some(a.cmp(b)),
        (Text(a), Text(b)) => Some(a.chars().cmp(b.chars())),
        (Double(a), Double(b)) => a.partial_cmp(b),
        (Long(a), Double(b)) => Some(long_and_double(*a, *b)),
        (Double(a), Long(b)) => Some(long_and_double(*b, *a).reverse()),
        _ => None,
    }
}

fn long_and_double(long: i64, double: f64) -> Ordering {
    // The whole part of a double is exact in 128 bits, or far beyond all longs.
    let whole = double.floor().clamp(-1e30, 1e30) as i128;
    i128::from(long)
        .cmp(&whole)
        .then_with(|| match double > double.floor() {
            true => Ordering::Less,
            false => Ordering::Equal,
        })
}

/// Equality in which null equals null: inside of arrays and records, and for groups.
pub fn same(a: &Datum, b: &Datum) -> bool {
    match (a, b) {
        (Null, Null) => true,
        (Bool(a), Bool(b)) => a == b,
        (List(a), List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Record(a), Record(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, value)| {
                    b.iter()
                        .any(|(other, found)| key == other && same(value, found))
                })
        }
        _ => order(a, b) == Some(Ordering::Equal),
    }
}

/// `a op b` for the comparisons.
pub fn compare(op: &str, a: &Datum, b: &Datum) -> Datum {
    if a.is_null() || b.is_null() {
        return Null;
    }
    match op {
        "==" => Bool(same(a, b)),
        "!=" => Bool(!same(a, b)),
        _ => or_null(order(a, b), |order| {
            Bool(match op {
                "<" => order.is_lt(),
                "<=" => order.is_le(),
                ">" => order.is_gt(),
                _ => order.is_ge(),
            })
        }),
    }
}

/// `a op b` for `and`, `or`, `xor`.
pub fn logic(op: &str, a: &Datum, b: &Datum) -> Datum {
    let truth = match (op, a.truth(), b.truth()) {
        ("and", Some(false), _) | ("and", _, Some(false)) => Some(false),
        ("or", Some(true), _) | ("or", _, Some(true)) => Some(true),
        ("and", Some(a), Some(b)) => Some(a && b),
        ("or", Some(a), Some(b)) => Some(a || b),
        ("xor", Some(a), Some(b)) => Some(a != b),
        _ => None,
    };
    or_null(truth, Bool)
}

/// The order of `sort`: by type, then by value, null last.
pub fn sort_order(a: &Datum, b: &Datum) -> Ordering {
    let rank = |datum: &Datum| match datum {
        Bool(_) => 0,
        Long(_) | Double(_) => 1,
        Text(_) => 2,
        Time(_) => 3,
        Span(_) => 4,
        List(_) => 5,
        Record(_) => 6,
        Null => 7,
    };
    let all = |a: Vec<&Datum>, b: Vec<&Datum>| {
        let pairs = a.iter().zip(&b);
        let first = pairs
            .map(|(a, b)| sort_order(a, b))
            .find(|order| order.is_ne());
        first.unwrap_or(a.len().cmp(&b.len()))
    };
    rank(a).cmp(&rank(b)).then_with(|| match (a, b) {
        (Bool(a), Bool(b)) => a.cmp(b),
        (List(a), List(b)) => all(a.iter().collect(), b.iter().collect()),
        (Record(a), Record(b)) => all(
            a.iter().map(|(_, value)| value).collect(),
            b.iter().map(|(_, value)| value).collect(),
        ),
        _ => order(a, b).unwrap_or(Ordering::Equal),
    })
}
