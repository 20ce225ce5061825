//! `json_object(text, limit)`: the JSON object that a text begins with, as DPL's `JSON` matcher takes it.
//!
//! Null where the text begins with none, or with one of more than `limit` bytes.

use std::sync::Arc;

use arrow::array::{Array, AsArray, StringViewBuilder};
use arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility, lit,
};

use crate::figures::Figures;

/// The object that `text` (`Utf8View`) begins with, at most `limit` bytes long.
pub(crate) fn object(text: Expr, limit: usize) -> Expr {
    udf().call(vec![text, lit(limit as i64)])
}

pub(super) fn udf() -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(JsonObject {
        signature: Signature::exact(
            vec![DataType::Utf8View, DataType::Int64],
            Volatility::Immutable,
        ),
    }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct JsonObject {
    signature: Signature,
}

impl ScalarUDFImpl for JsonObject {
    fn name(&self) -> &str {
        "json_object"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8View)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [text, ColumnarValue::Scalar(ScalarValue::Int64(Some(limit)))] = args.args.as_slice()
        else {
            return exec_err!("json_object takes a text and a literal limit");
        };
        let texts = text.to_array(args.number_rows)?;
        let Some(texts) = texts.as_string_view_opt() else {
            return exec_err!("json_object reads text, not {}", texts.data_type());
        };
        let mut builder = StringViewBuilder::with_capacity(texts.len());
        let mut bytes = 0;
        for text in texts {
            let end = text.and_then(|text| json::object_end(text, 0, *limit as usize));
            bytes += text.map_or(0, str::len);
            builder.append_option(text.zip(end).and_then(|(text, end)| text.get(..end)));
        }
        Figures::count_json(&args.config_options, bytes);
        Ok(ColumnarValue::Array(Arc::new(builder.finish())))
    }
}
