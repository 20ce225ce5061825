//! The bound on what a sub-query may hand to a join: its values are counted as they pass.

use std::sync::Arc;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, FieldRef};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility, lit,
};

use crate::figures::Figures;
use crate::varying::{field_like, type_of};

/// The most bytes that the records of a sub-query may hold: Grail's limit.
pub const SUBQUERY_LIMIT: u64 = 128 << 20;

/// `value` as it is, counted among the values of the sub-query of that number. The query fails where a sub-query holds
/// more than [`SUBQUERY_LIMIT`].
pub fn measured(value: Expr, subquery: i64) -> Expr {
    udf().call(vec![lit(subquery), value])
}

/// For registration by name.
pub(crate) fn udf() -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(Measured {
        // Counted twice, a value would count double: volatile expressions are left where they stand.
        signature: Signature::any(2, Volatility::Volatile),
    }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Measured {
    signature: Signature,
}

impl ScalarUDFImpl for Measured {
    fn name(&self) -> &str {
        "measured"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        type_of(self.name(), arguments.get(1))
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        field_like(self.name(), args.arg_fields.get(1))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [
            ColumnarValue::Scalar(ScalarValue::Int64(Some(subquery))),
            value,
        ] = args.args.as_slice()
        else {
            return exec_err!("measured takes a number and a value");
        };
        let bytes = match value {
            ColumnarValue::Array(array) => size(array.as_ref()),
            ColumnarValue::Scalar(scalar) => scalar.size() * args.number_rows,
        };
        let held = Figures::count_subquery(&args.config_options, *subquery, bytes as u64);
        if held > SUBQUERY_LIMIT {
            return exec_err!(
                "a sub-query gives more than {} MB, which is the most that is joined: keep fewer records of it with \
                 `filter` or `summarize`, or fewer fields with `fields`",
                SUBQUERY_LIMIT >> 20
            );
        }
        Ok(value.clone())
    }
}

/// The bytes of the values themselves: the buffers behind texts may be shared with others.
fn size(array: &dyn Array) -> usize {
    match array.as_string_view_opt() {
        Some(texts) => texts.lengths().map(|length| length as usize + 16).sum(),
        None => array.to_data().get_slice_memory_size().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::StringViewArray;
    use arrow::datatypes::Field;
    use datafusion::common::config::ConfigOptions;

    use super::*;

    fn pass(options: &Arc<ConfigOptions>, subquery: i64, text: &str) -> Result<ColumnarValue> {
        let column = Arc::new(StringViewArray::from(vec![text]));
        udf().invoke_with_args(ScalarFunctionArgs {
            args: vec![
                ColumnarValue::Scalar(ScalarValue::Int64(Some(subquery))),
                ColumnarValue::Array(column),
            ],
            arg_fields: Vec::new(),
            number_rows: 1,
            return_field: Arc::new(Field::new("value", DataType::Utf8View, true)),
            config_options: Arc::clone(options),
        })
    }

    #[test]
    fn each_sub_query_has_a_bound_of_its_own() {
        let mut options = ConfigOptions::default();
        options.extensions.insert(Figures::default());
        let options = Arc::new(options);
        let half = "x".repeat((SUBQUERY_LIMIT / 2) as usize - 16);
        assert!(pass(&options, 1, &half).is_ok());
        assert!(pass(&options, 1, &half).is_ok());
        assert!(pass(&options, 2, &half).is_ok());
        let error = pass(&options, 1, "").unwrap_err().to_string();
        assert!(error.contains("128 MB"), "{error}");
    }
}
