//! `json_equal(a, b)` and `json_less(a, b)` …: DQL's comparison of two values whose types are known only record by
//! record, both given as JSON text.
//!
//! Values of different types (long and double are one) are unequal, and neither is less: `==` gives false, `<` null.
//! A null on either side gives null.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::{Array, AsArray, BooleanBuilder};
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// Which comparison. The others are these two with sides changed or negated, which SQL's logic does right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Comparison {
    /// `==`
    Equal,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
}

impl Comparison {
    pub(super) const ALL: &[Comparison] =
        &[Comparison::Equal, Comparison::Less, Comparison::LessOrEqual];
}

/// The comparison of two JSON texts (`Utf8View`).
pub(crate) fn compare(comparison: Comparison, left: Expr, right: Expr) -> Expr {
    udf(comparison).call(vec![left, right])
}

pub(super) fn udf(comparison: Comparison) -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(JsonCompare {
        comparison,
        signature: Signature::exact(
            vec![DataType::Utf8View, DataType::Utf8View],
            Volatility::Immutable,
        ),
    }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct JsonCompare {
    comparison: Comparison,
    signature: Signature,
}

impl ScalarUDFImpl for JsonCompare {
    fn name(&self) -> &str {
        match self.comparison {
            Comparison::Equal => "json_equal",
            Comparison::Less => "json_less",
            Comparison::LessOrEqual => "json_less_or_equal",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [left, right] = args.args.as_slice() else {
            return exec_err!("{} takes two values", self.name());
        };
        let (left, right) = (
            left.to_array(args.number_rows)?,
            right.to_array(args.number_rows)?,
        );
        let (Some(left), Some(right)) = (left.as_string_view_opt(), right.as_string_view_opt())
        else {
            return exec_err!("{} compares JSON texts", self.name());
        };
        let mut builder = BooleanBuilder::with_capacity(left.len());
        for (left, right) in left.iter().zip(right) {
            let answer = left
                .zip(right)
                .and_then(|(left, right)| match self.comparison {
                    Comparison::Equal => Some(json::equal(left, right)),
                    Comparison::Less => order(left, right).map(Ordering::is_lt),
                    Comparison::LessOrEqual => order(left, right).map(Ordering::is_le),
                });
            builder.append_option(answer);
        }
        Ok(ColumnarValue::Array(Arc::new(builder.finish())))
    }
}

/// The order of two JSON texts, where DQL defines one: numbers, and strings by code point.
fn order(left: &str, right: &str) -> Option<Ordering> {
    use json::Kind::{Double, Long, String};
    match (json::classify(left), json::classify(right)) {
        (Long, Long) => Some(json::as_long(left)?.cmp(&json::as_long(right)?)),
        (Double, Double) => json::as_double(left)?.partial_cmp(&json::as_double(right)?),
        (Long, Double) => long_and_double(json::as_long(left)?, json::as_double(right)?),
        (Double, Long) => {
            long_and_double(json::as_long(right)?, json::as_double(left)?).map(Ordering::reverse)
        }
        (String, String) => Some(json::as_string(left)?.cmp(&json::as_string(right)?)),
        _ => None,
    }
}

/// The order of a long and a finite double, exactly: a double can't hold every long.
fn long_and_double(long: i64, double: f64) -> Option<Ordering> {
    // The first double beyond the longs. Its negative is the least long.
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    if double >= BEYOND {
        return Some(Ordering::Less);
    }
    if double < -BEYOND {
        return Some(Ordering::Greater);
    }
    let whole = double.trunc();
    let rest = 0.0.partial_cmp(&(double - whole))?;
    Some(long.cmp(&(whole as i64)).then(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longs_and_doubles_are_compared_exactly() {
        use Ordering::{Equal, Greater, Less};
        let table = [
            ("1", "1.0", Equal),
            ("1", "1.5", Less),
            ("-1", "-1.5", Greater),
            ("2", "1.5", Greater),
            ("9007199254740993", "9007199254740992.0", Greater),
            ("9007199254740992", "9007199254740992.0", Equal),
            ("9223372036854775807", "9223372036854775808", Less),
            ("-9223372036854775808", "-9223372036854775808.0", Equal),
            ("-9223372036854775808", "-1e300", Greater),
            ("0", "1e300", Less),
        ];
        for (long, double, expected) in table {
            assert_eq!(order(long, double), Some(expected), "{long} {double}");
            assert_eq!(
                order(double, long),
                Some(expected.reverse()),
                "{double} {long}"
            );
        }
    }
}
