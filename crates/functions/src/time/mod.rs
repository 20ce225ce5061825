//! Functions over time.

mod bin;

use std::sync::Arc;

use datafusion::logical_expr::ScalarUDF;

use crate::function::Function;

/// The list.
pub(crate) const ALL: &[Function] = &[bin::BIN];

/// The functions of this folder that plans may hold.
pub(crate) fn udfs() -> Vec<Arc<ScalarUDF>> {
    vec![bin::udf()]
}
