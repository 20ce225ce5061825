//! `iAvg(expression)`

use super::Iterative;
use super::{amounts, total, total_type};
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const I_AVG: Function = Function {
    name: "iAvg",
    summary: "The mean of what an expression gives for each element; null is passed over, and null comes of nothing and of a mixture.",
    parameters: &[required(
        "expression",
        Accepts::AMOUNT,
        "what is worked out for each element of the arrays in it that are marked `[]`",
    )],
    examples: &[
        ("iAvg(array(1, 3)[])", "2.0"),
        ("iAvg(array(1, null, 2)[])", "1.5"),
        ("iAvg(array(1m, 2m)[])", "90s"),
        ("iAvg(array(\"a\")[])", "null"),
        ("iAvg(array()[])", "null"),
    ],
    body: Body::Iterative(Iterative::Over(|results| {
        row::apply("iAvg", ROW, std::slice::from_ref(results))
    })),
};

pub(super) const ROW: Row = Row::new(total_type, |values| {
    let Some(amounts) = amounts(values) else {
        return Value::Null;
    };
    match total(&amounts) {
        Some(Value::Double(sum)) => Value::double(sum / amounts.len() as f64),
        Some(Value::Duration(nanos)) => Value::or_null(
            crate::arithmetic::rounded(nanos as f64 / amounts.len() as f64),
            Value::Duration,
        ),
        _ => Value::Null,
    }
});
