//! `json_in(needle, value, …)`: DQL's `in` for values whose types are known only record by record, given as JSON text.
//!
//! An array stands for its elements, on both sides. A null needle gives null; other nulls equal nothing.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanBuilder, StringViewArray};
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// Whether `needle` or an element of it is one of `values` or of their elements; all are JSON texts (`Utf8View`).
pub(crate) fn member(needle: Expr, values: Vec<Expr>) -> Expr {
    udf().call([vec![needle], values].concat())
}

pub(super) fn udf() -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(JsonIn {
        signature: Signature::variadic(vec![DataType::Utf8View], Volatility::Immutable),
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
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let Some((needles, values)) = args.args.split_first() else {
            return exec_err!("json_in needs a value to look for");
        };
        // Literals, which are the rule, are read once for all records.
        let mut fixed = HashSet::new();
        let mut columns: Vec<ArrayRef> = Vec::new();
        for value in values {
            match value {
                ColumnarValue::Scalar(_) => {
                    let value = value.to_array(1)?;
                    texts(&value)?
                        .iter()
                        .flatten()
                        .for_each(|value| each(value, |element| _ = fixed.insert(element)));
                }
                ColumnarValue::Array(array) => columns.push(Arc::clone(array)),
            }
        }
        let columns: Vec<&StringViewArray> = columns.iter().map(texts).collect::<Result<_>>()?;
        let needles = needles.to_array(args.number_rows)?;
        let needles = texts(&needles)?;
        let mut builder = BooleanBuilder::with_capacity(needles.len());
        for (row, needle) in needles.iter().enumerate() {
            builder.append_option(needle.map(|needle| {
                let mut own = HashSet::new();
                let in_row = columns
                    .iter()
                    .filter(|column| column.is_valid(row))
                    .map(|column| column.value(row));
                in_row.for_each(|value| each(value, |element| _ = own.insert(element)));
                let mut found = false;
                each(needle, |element| {
                    found |= fixed.contains(&element) || own.contains(&element);
                });
                found
            }));
        }
        Ok(ColumnarValue::Array(Arc::new(builder.finish())))
    }
}

fn texts(array: &ArrayRef) -> Result<&StringViewArray> {
    match array.as_string_view_opt() {
        Some(texts) => Ok(texts),
        None => exec_err!("json_in reads JSON text, not {}", array.data_type()),
    }
}

/// The value, or the elements of an array, in the form that equal values share; null is left out.
fn each(value: &str, mut take: impl FnMut(String)) {
    let elements = match json::classify(value) {
        json::Kind::Array => json::elements(value).ok().flatten().unwrap_or_default(),
        _ => vec![value],
    };
    for element in elements {
        let mut canonical = String::new();
        if json::classify(element) != json::Kind::Null
            && json::canonical(element, &mut canonical).is_ok()
        {
            take(canonical);
        }
    }
}
