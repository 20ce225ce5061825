//! Functions over time, and time by the calendar.

pub(crate) mod bin;
pub mod calendar;
mod format;
mod part;
mod pattern;
pub mod text;
mod timestamp;
mod unix;

use std::sync::Arc;

use datafusion::logical_expr::ScalarUDF;

use crate::function::Function;

/// The list.
pub(crate) const ALL: &[Function] = &[
    bin::BIN,
    format::FORMAT_TIMESTAMP,
    part::GET_DAY_OF_MONTH,
    part::GET_DAY_OF_WEEK,
    part::GET_DAY_OF_YEAR,
    part::GET_HOUR,
    part::GET_MINUTE,
    part::GET_MONTH,
    part::GET_SECOND,
    part::GET_WEEK_OF_YEAR,
    part::GET_YEAR,
    timestamp::TIMESTAMP,
    unix::TIMESTAMP_FROM_UNIX_MILLIS,
    unix::TIMESTAMP_FROM_UNIX_NANOS,
    unix::TIMESTAMP_FROM_UNIX_SECONDS,
    unix::UNIX_MILLIS_FROM_TIMESTAMP,
    unix::UNIX_NANOS_FROM_TIMESTAMP,
    unix::UNIX_SECONDS_FROM_TIMESTAMP,
];

/// The functions of this folder that plans may hold.
pub(crate) fn udfs() -> Vec<Arc<ScalarUDF>> {
    vec![bin::udf()]
}
