//! `round(expression, decimals:?)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, optional, required};
use crate::row::Row;
use crate::value::Value;

pub(super) const ROUND: Function = Function {
    name: "round",
    summary: "The nearest number with so many decimals, half of one upwards; of the same type.",
    parameters: &[
        required("expression", Accepts::NUMBER, "the number"),
        optional("decimals", Accepts::LONG, "how many; 0 unless given")
            .constant()
            .within(0, i64::MAX),
    ],
    examples: &[
        ("round(0.5)", "1.0"),
        ("round(-0.5)", "0.0"),
        ("round(0.55, decimals: 1)", "0.6"),
        ("round(2.4)", "2.0"),
        ("round(7)", "7"),
        ("round(1.005, decimals: 2)", "1.01"),
    ],
    body: Body::Row(Row::new(super::same, |values| match values {
        [Value::Long(long), _] => Value::Long(*long),
        [Value::Double(double), decimals] => {
            Value::double(rounded(*double, decimals.as_long().unwrap_or(0)))
        }
        _ => Value::Null,
    })),
};

/// By the decimal digits that the number is written with: 0.55 is a half of one at one decimal, though the double is a
/// little more.
fn rounded(double: f64, decimals: i64) -> f64 {
    // Doubles have fewer digits than that behind the point, or so small a value that none is left.
    let Ok(decimals) = usize::try_from(decimals.min(330)) else {
        return double;
    };
    let text = format!("{:.decimals$}", double.abs());
    let Ok(near) = text.parse::<f64>() else {
        return double;
    };
    let written = format!("{:?}", double.abs());
    let half = match written.split_once('.') {
        Some((_, fraction)) if !written.contains('e') => {
            fraction.len() == decimals + 1 && fraction.ends_with('5')
        }
        _ => false,
    };
    if !half {
        return near.copysign(double) + 0.0;
    }
    // The number without its last digit, one step up for a half that is positive.
    let cut = written.get(..written.len() - 1).unwrap_or(&written);
    let Ok(below) = cut.trim_end_matches('.').parse::<f64>() else {
        return double;
    };
    if double < 0.0 {
        return -below + 0.0;
    }
    let step = 10f64.powi(-i32::try_from(decimals).unwrap_or(i32::MAX));
    format!("{:.decimals$}", below + step)
        .parse()
        .unwrap_or(double)
}
