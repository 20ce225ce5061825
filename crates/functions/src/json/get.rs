//! `json_string(document, step …)` and its kin: the value at a place in a JSON text, by wanted type.
//!
//! A value of another type, a missing one, JSON's null and a document that is no JSON all give null.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanBuilder, Float64Builder, Int64Builder, StringViewArray,
    StringViewBuilder,
};
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::path::{Step, steps};
use crate::figures::Figures;

/// What is wanted of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Want {
    /// The value of any type but null, as its normal JSON text.
    Value,
    /// The same with keys in order, so that equal values have equal texts.
    Canonical,
    /// A string, escapes undone.
    String,
    /// A long.
    Long,
    /// A long or a double, as a double.
    Number,
    /// A boolean.
    Boolean,
}

impl Want {
    pub(super) const ALL: &[Want] = &[
        Want::Value,
        Want::Canonical,
        Want::String,
        Want::Long,
        Want::Number,
        Want::Boolean,
    ];

    fn name(self) -> &'static str {
        match self {
            Want::Value => "json_value",
            Want::Canonical => "json_canonical",
            Want::String => "json_string",
            Want::Long => "json_long",
            Want::Number => "json_number",
            Want::Boolean => "json_boolean",
        }
    }

    fn arrow(self) -> DataType {
        match self {
            Want::Value | Want::Canonical | Want::String => DataType::Utf8View,
            Want::Long => DataType::Int64,
            Want::Number => DataType::Float64,
            Want::Boolean => DataType::Boolean,
        }
    }
}

/// The value at `path` in `document` (`Utf8View`), as `want` says.
pub(crate) fn get(want: Want, document: Expr, path: &[Step]) -> Expr {
    let mut arguments = vec![document];
    arguments.extend(path.iter().map(Step::literal));
    udf(want).call(arguments)
}

pub(super) fn udf(want: Want) -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(JsonGet {
        want,
        signature: Signature::variadic_any(Volatility::Immutable),
    }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct JsonGet {
    want: Want,
    signature: Signature,
}

impl ScalarUDFImpl for JsonGet {
    fn name(&self) -> &str {
        self.want.name()
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(self.want.arrow())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let Some((document, path)) = args.args.split_first() else {
            return exec_err!("{} needs a document", self.name());
        };
        let path = steps(path)?;
        let path: Vec<json::Step<'_>> = path
            .iter()
            .map(|step| match step {
                Step::Key(key) => json::Step::Key(key),
                Step::Index(index) => json::Step::Index(*index),
            })
            .collect();
        let scalar = matches!(document, ColumnarValue::Scalar(_));
        let documents = document.to_array(if scalar { 1 } else { args.number_rows })?;
        let Some(documents) = documents.as_string_view_opt() else {
            return exec_err!("{} reads text, not {}", self.name(), documents.data_type());
        };
        let bytes = documents
            .lengths()
            .zip(0..)
            .filter(|(_, row)| documents.is_valid(*row));
        Figures::count_json(
            &args.config_options,
            bytes.map(|(length, _)| length as usize).sum(),
        );
        let values = read(self.want, documents, &path);
        Ok(if scalar {
            ColumnarValue::Scalar(datafusion::common::ScalarValue::try_from_array(&values, 0)?)
        } else {
            ColumnarValue::Array(values)
        })
    }
}

/// One value a document, in order.
fn read(want: Want, documents: &StringViewArray, path: &[json::Step<'_>]) -> ArrayRef {
    let values = documents.iter().map(|document| {
        let value = json::get(document?, path).ok()??;
        (json::classify(value) != json::Kind::Null).then_some(value)
    });
    match want {
        Want::Value => texts(values, json::normalize),
        Want::Canonical => texts(values, json::canonical),
        Want::String => {
            let mut builder = StringViewBuilder::with_capacity(documents.len());
            values.for_each(|value| builder.append_option(value.and_then(json::as_string)));
            Arc::new(builder.finish())
        }
        Want::Long => {
            let mut builder = Int64Builder::with_capacity(documents.len());
            values.for_each(|value| builder.append_option(value.and_then(json::as_long)));
            Arc::new(builder.finish())
        }
        Want::Number => {
            let mut builder = Float64Builder::with_capacity(documents.len());
            values.for_each(|value| builder.append_option(value.and_then(json::as_double)));
            Arc::new(builder.finish())
        }
        Want::Boolean => {
            let mut builder = BooleanBuilder::with_capacity(documents.len());
            values.for_each(|value| builder.append_option(value.and_then(json::as_boolean)));
            Arc::new(builder.finish())
        }
    }
}

/// The values written anew by `write`.
fn texts<'a>(
    values: impl Iterator<Item = Option<&'a str>>,
    write: fn(&str, &mut String) -> Result<(), json::Error>,
) -> ArrayRef {
    let mut builder = StringViewBuilder::new();
    let mut text = String::new();
    for value in values {
        match value {
            Some(value) => {
                text.clear();
                match write(value, &mut text) {
                    Ok(()) => builder.append_value(&text),
                    Err(_) => builder.append_null(),
                }
            }
            None => builder.append_null(),
        }
    }
    Arc::new(builder.finish())
}
