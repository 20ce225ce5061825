//! The path to a place in a JSON document, as it travels in a plan: one literal argument a step.

use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{ColumnarValue, Expr, lit};

/// One step into a JSON value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// The value of a key.
    Key(String),
    /// An element; negative counts from the end.
    Index(i64),
}

impl Step {
    /// The step as a literal argument.
    pub(super) fn literal(&self) -> Expr {
        match self {
            Step::Key(key) => lit(key.as_str()),
            Step::Index(index) => lit(*index),
        }
    }
}

/// The steps that a call's literal arguments stand for.
pub(super) fn steps(arguments: &[ColumnarValue]) -> Result<Vec<Step>> {
    arguments
        .iter()
        .map(|argument| match argument {
            ColumnarValue::Scalar(
                ScalarValue::Utf8(Some(key))
                | ScalarValue::Utf8View(Some(key))
                | ScalarValue::LargeUtf8(Some(key)),
            ) => Ok(Step::Key(key.clone())),
            ColumnarValue::Scalar(ScalarValue::Int64(Some(index))) => Ok(Step::Index(*index)),
            _ => exec_err!("a step into JSON must be a literal key or index"),
        })
        .collect()
}
