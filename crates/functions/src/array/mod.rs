//! Functions over arrays.

mod avg;

use std::sync::Arc;

use datafusion::logical_expr::ScalarUDF;

use crate::function::Function;

/// The list.
pub(crate) const ALL: &[Function] = &[avg::ARRAY_AVG];

/// The functions of this folder that plans may hold.
pub(crate) fn udfs() -> Vec<Arc<ScalarUDF>> {
    vec![avg::udf()]
}
