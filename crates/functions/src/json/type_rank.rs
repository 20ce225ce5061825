//! `json_type_rank(value)`: the place of a value's type in DQL's order of types; long and double are one.

use std::sync::Arc;

use arrow::array::{Array, AsArray, Int64Array};
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// The greatest rank of a type whose values have a least and a greatest: boolean, number, string.
pub(crate) const GREATEST_ORDERED_RANK: i64 = 3;

/// The rank of the type of `value` (JSON text, `Utf8View`). `Int64`
pub(crate) fn type_rank(value: Expr) -> Expr {
    udf().call(vec![value])
}

pub(super) fn udf() -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(JsonTypeRank {
        signature: Signature::exact(vec![DataType::Utf8View], Volatility::Immutable),
    }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct JsonTypeRank {
    signature: Signature,
}

impl ScalarUDFImpl for JsonTypeRank {
    fn name(&self) -> &str {
        "json_type_rank"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [value] = args.args.as_slice() else {
            return exec_err!("json_type_rank takes one value");
        };
        let values = value.to_array(args.number_rows)?;
        let Some(values) = values.as_string_view_opt() else {
            return exec_err!("json_type_rank reads JSON text, not {}", values.data_type());
        };
        let ranks: Int64Array = values.iter().map(|value| value.map(rank)).collect();
        Ok(ColumnarValue::Array(Arc::new(ranks)))
    }
}

/// The rank that [`super::sort_key`] begins its keys with too.
pub(super) fn rank(value: &str) -> i64 {
    match json::classify(value) {
        json::Kind::Boolean => 1,
        json::Kind::Long | json::Kind::Double => 2,
        json::Kind::String => 3,
        json::Kind::Array => 4,
        json::Kind::Object => 5,
        json::Kind::Null => 6,
    }
}
