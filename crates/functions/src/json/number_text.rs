//! `json_number_text(double)`: a double as JSON text, always with a fraction or an exponent, so that it stays a double.

use std::sync::Arc;

use arrow::array::{Array, AsArray, StringViewBuilder};
use arrow::datatypes::{DataType, Float64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// `double` (`Float64`) as JSON text.
pub(crate) fn number_text(double: Expr) -> Expr {
    udf().call(vec![double])
}

pub(super) fn udf() -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(JsonNumberText {
        signature: Signature::exact(vec![DataType::Float64], Volatility::Immutable),
    }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct JsonNumberText {
    signature: Signature,
}

impl ScalarUDFImpl for JsonNumberText {
    fn name(&self) -> &str {
        "json_number_text"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8View)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [double] = args.args.as_slice() else {
            return exec_err!("json_number_text takes one number");
        };
        let doubles = double.to_array(args.number_rows)?;
        let Some(doubles) = doubles.as_primitive_opt::<Float64Type>() else {
            return exec_err!(
                "json_number_text takes doubles, not {}",
                doubles.data_type()
            );
        };
        let mut builder = StringViewBuilder::with_capacity(doubles.len());
        for double in doubles {
            builder.append_option(double.filter(|d| d.is_finite()).map(|d| format!("{d:?}")));
        }
        Ok(ColumnarValue::Array(Arc::new(builder.finish())))
    }
}
