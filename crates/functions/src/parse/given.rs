//! What plan functions over patterns are given besides a text: pattern, time zone, base time.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{TimeUnit, TimestampNanosecondType};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::ColumnarValue;

use crate::dpl::Program;

/// The arguments behind the text.
pub(super) struct Given<'a> {
    pub(super) pattern: &'a str,
    pub(super) zone: &'a str,
    pub(super) base: &'a ColumnarValue,
    pub(super) rest: &'a [ColumnarValue],
}

pub(super) fn given(arguments: &[ColumnarValue]) -> Result<Given<'_>> {
    match arguments {
        [
            ColumnarValue::Scalar(pattern),
            ColumnarValue::Scalar(zone),
            base,
            rest @ ..,
        ] => Ok(Given {
            pattern: literal(Some(pattern))?,
            zone: literal(Some(zone))?,
            base,
            rest,
        }),
        _ => exec_err!("a pattern, a time zone and a base time are expected"),
    }
}

/// The text of a literal.
pub(super) fn literal(value: Option<&ScalarValue>) -> Result<&str> {
    match value.and_then(|value| value.try_as_str()) {
        Some(Some(text)) => Ok(text),
        _ => exec_err!("a pattern and its time zone are literals"),
    }
}

/// The program of a pattern that has been checked before.
pub(super) fn program(pattern: &str, zone: &str) -> Result<Arc<Program>> {
    match super::pattern(pattern, zone) {
        Ok(program) => Ok(program),
        Err(_) => exec_err!("this pattern does not compile"),
    }
}

/// The moment whose year formats without year take, row by row.
pub(super) enum BaseTimes {
    All(i64),
    Each(ArrayRef),
}

impl BaseTimes {
    pub(super) fn new(base: &ColumnarValue) -> Result<BaseTimes> {
        match base {
            ColumnarValue::Scalar(ScalarValue::TimestampNanosecond(base, _)) => {
                Ok(BaseTimes::All(base.unwrap_or(0)))
            }
            ColumnarValue::Array(array)
                if matches!(
                    array.data_type(),
                    arrow::datatypes::DataType::Timestamp(TimeUnit::Nanosecond, _)
                ) =>
            {
                Ok(BaseTimes::Each(Arc::clone(array)))
            }
            _ => exec_err!("a base time is a timestamp in nanoseconds"),
        }
    }

    pub(super) fn get(&self, row: usize) -> i64 {
        match self {
            BaseTimes::All(base) => *base,
            BaseTimes::Each(array) => array
                .as_primitive_opt::<TimestampNanosecondType>()
                .filter(|array| array.is_valid(row))
                .map_or(0, |array| array.value(row)),
        }
    }
}
