//! `bin(expression, interval, at:?)`

use std::sync::Arc;

use arrow::array::{Array, AsArray, Float64Array, Int64Array};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility, cast,
    lit,
};
use syntax::{Code, Diagnostic};

use crate::document::null;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, Arguments, optional, required};
use crate::row::{self, Row, apply};
use crate::typed::Typed;
use crate::types::{Precision, Type};
use crate::value::Value;

pub(super) const BIN: Function = Function {
    name: "bin",
    summary: "Rounds down to a multiple of an interval, counted from 0 or from the epoch in UTC, shifted by `at`.",
    parameters: &[
        required("expression", Accepts::MEASURE, "what is rounded"),
        required("interval", Accepts::AMOUNT, "the size of a bin"),
        optional("at", Accepts::MEASURE, "where a bin begins; 0 unless given"),
    ],
    examples: &[
        ("bin(27, 10)", "20"),
        ("bin(-42.13, 10)", "-50.0"),
        ("bin(27, 10, at: 5)", "25"),
        ("bin(90s, 1m)", "1m"),
    ],
    body: Body::Build(|arguments, _| build(arguments)),
};

/// For values whose types are known only record by record.
pub(crate) const BIN_OF: Row = Row::new(row::dynamic, |values| match values {
    [value, interval, at] => bin(value, interval, at),
    _ => Value::Null,
});

fn build(arguments: &Arguments) -> Result<Typed, Diagnostic> {
    let value = &arguments.required("expression")?.value;
    let interval = arguments.required("interval")?;
    let at = arguments.get("at");
    let of_any_type = |value: &Typed| value.ty() == Type::Dynamic;
    if of_any_type(value)
        || of_any_type(&interval.value)
        || at.is_some_and(|at| of_any_type(&at.value))
    {
        let at = at.map_or_else(Typed::null, |at| at.value.clone());
        return Ok(apply(
            "bin_of",
            BIN_OF,
            &[value.clone(), interval.value.clone(), at],
        ));
    }
    let shift = |zero: Expr| at.map_or(zero, |at| as_long(&at.value.expr()));
    match (value.ty(), interval.value.ty()) {
        (Type::Null, _) | (_, Type::Null) => Ok(Typed::null()),
        (ty @ (Type::Timestamp(_) | Type::Duration), Type::Duration) => {
            let nanos = match ty {
                Type::Timestamp(Precision::Micro) => cast(value.expr(), Type::TIMESTAMP.arrow()),
                _ => value.expr(),
            };
            let binned = call(
                as_long(&nanos),
                as_long(&interval.value.expr()),
                shift(lit(0i64)),
            );
            let ty = if ty == Type::Duration {
                ty
            } else {
                Type::TIMESTAMP
            };
            Ok(Typed::known(cast(binned, ty.arrow()), ty))
        }
        (Type::Long, Type::Long) if at.is_none_or(|at| at.value.ty() == Type::Long) => {
            Ok(Typed::known(
                call(value.expr(), interval.value.expr(), shift(lit(0i64))),
                Type::Long,
            ))
        }
        (Type::Duration | Type::Timestamp(_), _) | (_, Type::Duration) => Err(Diagnostic::error(
            Code::WrongType,
            interval.span,
            format!(
                "{} can't be binned by {}",
                value.ty().article(),
                interval.value.ty().article()
            ),
        )),
        _ => {
            let double = |value: &Typed| value.double().unwrap_or_else(|| null(&Type::Double));
            let at = at.map_or_else(|| lit(0.0), |at| double(&at.value));
            Ok(Typed::known(
                call(double(value), double(&interval.value), at),
                Type::Double,
            ))
        }
    }
}

/// The same for single values of any types.
pub(crate) fn bin<'a>(value: &Value<'_>, interval: &Value<'_>, at: &Value<'_>) -> Value<'a> {
    let shift = match at {
        Value::Null => Some(0),
        Value::Long(at) | Value::Duration(at) | Value::Timestamp(at) => Some(*at),
        _ => None,
    };
    match (value, interval, shift) {
        (Value::Timestamp(nanos), Value::Duration(interval), Some(at)) => {
            Value::or_null(long(*nanos, *interval, at), Value::Timestamp)
        }
        (Value::Duration(nanos), Value::Duration(interval), Some(at)) => {
            Value::or_null(long(*nanos, *interval, at), Value::Duration)
        }
        (Value::Long(value), Value::Long(interval), Some(at)) => {
            Value::or_null(long(*value, *interval, at), Value::Long)
        }
        _ => {
            let at = match at {
                Value::Null => Some(0.0),
                at => at.as_number(),
            };
            let binned = value.as_number().zip(interval.as_number()).zip(at);
            let binned = binned.and_then(|((value, interval), at)| double(value, interval, at));
            Value::or_null(binned, Value::double)
        }
    }
}

fn as_long(value: &Expr) -> Expr {
    cast(value.clone(), DataType::Int64)
}

fn call(value: Expr, interval: Expr, at: Expr) -> Expr {
    udf().call(vec![value, interval, at])
}

pub(super) fn udf() -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(Bin {
        signature: Signature::any(3, Volatility::Immutable),
    }))
}

/// `bin(value, interval, at)` over three longs or three doubles; null for an interval that is not positive, and where
/// the result does not fit.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Bin {
    signature: Signature,
}

impl ScalarUDFImpl for Bin {
    fn name(&self) -> &str {
        "dql_bin"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        Ok(arguments[0].clone())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let scalar = args
            .args
            .iter()
            .all(|value| matches!(value, ColumnarValue::Scalar(_)));
        let rows = if scalar { 1 } else { args.number_rows };
        let [value, interval, at] = args.args.as_slice() else {
            return exec_err!("dql_bin takes three numbers");
        };
        let (value, interval, at) = (
            value.to_array(rows)?,
            interval.to_array(rows)?,
            at.to_array(rows)?,
        );
        let binned: Arc<dyn Array> = match value.data_type() {
            DataType::Int64 => {
                let [value, interval, at] =
                    [&value, &interval, &at].map(|array| array.as_primitive::<Int64Type>().iter());
                Arc::new(
                    value
                        .zip(interval)
                        .zip(at)
                        .map(|((value, interval), at)| long(value?, interval?, at?))
                        .collect::<Int64Array>(),
                )
            }
            DataType::Float64 => {
                let [value, interval, at] = [&value, &interval, &at]
                    .map(|array| array.as_primitive::<Float64Type>().iter());
                Arc::new(
                    value
                        .zip(interval)
                        .zip(at)
                        .map(|((value, interval), at)| double(value?, interval?, at?))
                        .collect::<Float64Array>(),
                )
            }
            other => return exec_err!("dql_bin takes numbers, not {other}"),
        };
        Ok(if scalar {
            ColumnarValue::Scalar(ScalarValue::try_from_array(&binned, 0)?)
        } else {
            ColumnarValue::Array(binned)
        })
    }
}

fn long(value: i64, interval: i64, at: i64) -> Option<i64> {
    if interval <= 0 {
        return None;
    }
    value
        .checked_sub(at)?
        .div_euclid(interval)
        .checked_mul(interval)?
        .checked_add(at)
}

fn double(value: f64, interval: f64, at: f64) -> Option<f64> {
    let binned = ((value - at) / interval).floor() * interval + at;
    (interval > 0.0 && binned.is_finite()).then_some(binned)
}
