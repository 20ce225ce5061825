//! `json_in(text, limit, seek)`: the JSON object that a text begins with, or the first one inside of it.
//!
//! Null where there is none, or where it has more than `limit` bytes.

use std::sync::Arc;

use arrow::array::{Array, AsArray, StringViewBuilder};
use arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility, lit,
};
use memchr::memchr_iter;

use crate::figures::Figures;

/// The object that `text` begins with, white space aside, or with `seek` the first one anywhere in it; at most `limit`
/// bytes long.
pub(crate) fn object_in(text: &str, limit: usize, seek: bool) -> Option<&str> {
    let object = |start: usize| {
        let end = json::object_end(text, start, limit)?;
        text.get(start..end)
    };
    if seek {
        return memchr_iter(b'{', text.as_bytes()).find_map(object);
    }
    let blank = |character: char| matches!(character, ' ' | '\t' | '\n' | '\r');
    object(text.len() - text.trim_start_matches(blank).len())
}

/// As [`object_in`], of a column (`Utf8View`).
pub(crate) fn object_of(text: Expr, limit: usize, seek: bool) -> Expr {
    udf().call(vec![text, lit(limit as i64), lit(seek)])
}

pub(super) fn udf() -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(JsonIn {
        signature: Signature::exact(
            vec![DataType::Utf8View, DataType::Int64, DataType::Boolean],
            Volatility::Immutable,
        ),
    }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct JsonIn {
    signature: Signature,
}

impl ScalarUDFImpl for JsonIn {
    fn name(&self) -> &str {
        "json_in"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8View)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [
            text,
            ColumnarValue::Scalar(ScalarValue::Int64(Some(limit))),
            ColumnarValue::Scalar(ScalarValue::Boolean(Some(seek))),
        ] = args.args.as_slice()
        else {
            return exec_err!("json_in takes a text, a literal limit, and whether to seek");
        };
        let texts = text.to_array(args.number_rows)?;
        let Some(texts) = texts.as_string_view_opt() else {
            return exec_err!("json_in reads text, not {}", texts.data_type());
        };
        let mut builder = StringViewBuilder::with_capacity(texts.len());
        let mut bytes = 0;
        for text in texts {
            bytes += text.map_or(0, str::len);
            let limit = usize::try_from(*limit).unwrap_or(0);
            builder.append_option(text.and_then(|text| object_in(text, limit, *seek)));
        }
        Figures::count_json(&args.config_options, bytes);
        Ok(ColumnarValue::Array(Arc::new(builder.finish())))
    }
}
