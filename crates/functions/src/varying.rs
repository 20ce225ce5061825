//! Columns that DataFusion may not take for constant.
//!
//! Through an outer join it holds a column to be constant that was so on its side, though unmatched rows are null there:
//! a sort by such a column is dropped, and groups by it are believed to come in order. [`varying`] hides the constant.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, ScalarValue, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility,
};

/// `value` as it is, of which nothing is known but its type.
pub fn varying(value: Expr) -> Expr {
    udf().call(vec![value, mark_udf().call(Vec::new())])
}

/// For registration by name.
pub(crate) fn udf() -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(Varying {
        signature: Signature::any(2, Volatility::Immutable),
    }))
}

/// For registration by name.
pub(crate) fn mark_udf() -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(Mark {
        // What is not volatile and has no arguments is replaced by its value.
        signature: Signature::nullary(Volatility::Volatile),
    }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Varying {
    signature: Signature,
}

impl ScalarUDFImpl for Varying {
    fn name(&self) -> &str {
        "varying"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        type_of(self.name(), arguments.first())
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        field_like(self.name(), args.arg_fields.first())
    }

    fn invoke_with_args(&self, mut args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        if args.args.len() != 2 {
            return exec_err!("varying takes a value and a mark");
        }
        Ok(args.args.swap_remove(0))
    }
}

/// The type of a value that a function of ours passes on as it is.
pub(crate) fn type_of(function: &str, value: Option<&DataType>) -> Result<DataType> {
    match value {
        Some(value) => Ok(value.clone()),
        None => plan_err!("{function} lacks a value"),
    }
}

/// The field of such a value, which may always be null.
pub(crate) fn field_like(function: &str, value: Option<&FieldRef>) -> Result<FieldRef> {
    let ty = type_of(function, value.map(|value| value.data_type()))?;
    Ok(Arc::new(Field::new(function, ty, true)))
}

/// The leaf that makes an expression over constants none.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Mark {
    signature: Signature,
}

impl ScalarUDFImpl for Mark {
    fn name(&self) -> &str {
        "varying_mark"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, _: ScalarFunctionArgs) -> Result<ColumnarValue> {
        Ok(ColumnarValue::Scalar(ScalarValue::Boolean(Some(true))))
    }
}
