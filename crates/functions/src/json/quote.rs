//! `json_quote(text)`: a string as JSON text, so that it can stand beside values of other types.

use std::sync::Arc;

use arrow::array::{Array, AsArray, StringViewBuilder};
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// `text` (`Utf8View`) as a JSON string.
pub(crate) fn quote(text: Expr) -> Expr {
    udf().call(vec![text])
}

pub(super) fn udf() -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(JsonQuote {
        signature: Signature::exact(vec![DataType::Utf8View], Volatility::Immutable),
    }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct JsonQuote {
    signature: Signature,
}

impl ScalarUDFImpl for JsonQuote {
    fn name(&self) -> &str {
        "json_quote"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8View)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [text] = args.args.as_slice() else {
            return exec_err!("json_quote takes one text");
        };
        let texts = text.to_array(args.number_rows)?;
        let Some(texts) = texts.as_string_view_opt() else {
            return exec_err!("json_quote reads text, not {}", texts.data_type());
        };
        let mut builder = StringViewBuilder::with_capacity(texts.len());
        let mut quoted = String::new();
        for text in texts {
            match text {
                Some(text) => {
                    quoted.clear();
                    json::write_string(text, &mut quoted);
                    builder.append_value(&quoted);
                }
                None => builder.append_null(),
            }
        }
        Ok(ColumnarValue::Array(Arc::new(builder.finish())))
    }
}
