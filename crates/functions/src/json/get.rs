//! `json_string(document, step …)`, `value_string(document, step …)` and their kin: the value at a place in a document,
//! by wanted type.
//!
//! A value of another type, a missing one, null and a text that is no document all give null.

use std::borrow::Cow;
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
use crate::types::Type;
use crate::value::column::Builder;
use crate::value::{self, Value};

/// What a document is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// JSON as it came, which may be broken, and repeat keys.
    Json,
    /// Value text, made by ourselves.
    Value,
}

/// What is wanted of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Want {
    /// The value of any type but null, as value text.
    Value,
    /// The same, equal for equal values.
    Canonical,
    /// A string, escapes undone.
    String,
    /// A long.
    Long,
    /// A long or a double, as a double.
    Number,
    /// A boolean.
    Boolean,
    /// A timestamp, which JSON has none of.
    Timestamp,
    /// A duration, which JSON has none of.
    Duration,
}

const ALL: &[Want] = &[
    Want::Value,
    Want::Canonical,
    Want::String,
    Want::Long,
    Want::Number,
    Want::Boolean,
    Want::Timestamp,
    Want::Duration,
];

impl Want {
    fn name(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::Json, Want::Value) => "json_value",
            (Language::Json, Want::Canonical) => "json_canonical",
            (Language::Json, Want::String) => "json_string",
            (Language::Json, Want::Long) => "json_long",
            (Language::Json, Want::Number) => "json_number",
            (Language::Json, Want::Boolean) => "json_boolean",
            (Language::Json, Want::Timestamp) => "json_timestamp",
            (Language::Json, Want::Duration) => "json_duration",
            (Language::Value, Want::Value) => "value_value",
            (Language::Value, Want::Canonical) => "value_canonical",
            (Language::Value, Want::String) => "value_string",
            (Language::Value, Want::Long) => "value_long",
            (Language::Value, Want::Number) => "value_number",
            (Language::Value, Want::Boolean) => "value_boolean",
            (Language::Value, Want::Timestamp) => "value_timestamp",
            (Language::Value, Want::Duration) => "value_duration",
        }
    }

    /// The type of what is given.
    pub(crate) fn ty(self) -> Type {
        match self {
            Want::Value | Want::Canonical => Type::Dynamic,
            Want::String => Type::String,
            Want::Long => Type::Long,
            Want::Number => Type::Double,
            Want::Boolean => Type::Boolean,
            Want::Timestamp => Type::TIMESTAMP,
            Want::Duration => Type::Duration,
        }
    }
}

/// The value at `path` in `document` (`Utf8View`), as `want` says.
pub(crate) fn get(want: Want, language: Language, document: Expr, path: &[Step]) -> Expr {
    if path.is_empty() && language == Language::Value && want == Want::Value {
        return document;
    }
    let mut arguments = vec![document];
    arguments.extend(path.iter().map(Step::literal));
    udf(want, language).call(arguments)
}

pub(super) fn all() -> Vec<Arc<ScalarUDF>> {
    let of = |language| ALL.iter().map(move |want| udf(*want, language));
    of(Language::Json).chain(of(Language::Value)).collect()
}

fn udf(want: Want, language: Language) -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(Get {
        want,
        language,
        signature: Signature::variadic_any(Volatility::Immutable),
    }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Get {
    want: Want,
    language: Language,
    signature: Signature,
}

impl ScalarUDFImpl for Get {
    fn name(&self) -> &str {
        self.want.name(self.language)
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(self.want.ty().arrow())
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
        if self.language == Language::Json {
            let bytes = documents
                .lengths()
                .zip(0..)
                .filter(|(_, row)| documents.is_valid(*row));
            Figures::count_json(
                &args.config_options,
                bytes.map(|(length, _)| length as usize).sum(),
            );
        }
        let values = match self.language {
            Language::Json => of_json(self.want, documents, &path),
            Language::Value => of_value(self.want, documents, &path),
        };
        Ok(if scalar {
            ColumnarValue::Scalar(datafusion::common::ScalarValue::try_from_array(&values, 0)?)
        } else {
            ColumnarValue::Array(values)
        })
    }
}

/// One value a JSON text, in order.
fn of_json(want: Want, documents: &StringViewArray, path: &[json::Step<'_>]) -> ArrayRef {
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
        Want::Timestamp | Want::Duration => {
            arrow::array::new_null_array(&want.ty().arrow(), documents.len())
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

/// One value a value text, in order.
fn of_value(want: Want, documents: &StringViewArray, path: &[json::Step<'_>]) -> ArrayRef {
    let values = documents.iter().map(|document| inside(document?, path));
    match want {
        Want::Value => {
            let mut builder = StringViewBuilder::with_capacity(documents.len());
            values.for_each(|value| builder.append_option(value));
            Arc::new(builder.finish())
        }
        Want::Canonical => {
            let mut builder = StringViewBuilder::with_capacity(documents.len());
            let mut key = String::new();
            values.for_each(|value| {
                builder.append_option(value.map(|value| {
                    key.clear();
                    value::canonical(&value::decode(&value), &mut key);
                    key.as_str()
                }));
            });
            Arc::new(builder.finish())
        }
        Want::String => {
            let mut builder = StringViewBuilder::with_capacity(documents.len());
            values.for_each(|value| {
                builder.append_option(value.as_deref().and_then(value::text::as_string));
            });
            Arc::new(builder.finish())
        }
        _ => {
            let mut builder = Builder::new(&want.ty(), documents.len());
            values.for_each(|value| match value {
                Some(value) => builder.push(&value::decode(&value)),
                None => builder.push(&Value::Null),
            });
            builder.finish()
        }
    }
}

/// The value text at a place in a value text; none for null.
fn inside<'a>(document: &'a str, path: &[json::Step<'_>]) -> Option<Cow<'a, str>> {
    if let Some(value) = json::get_trusted(document, path) {
        return (value != "null").then_some(Cow::Borrowed(value));
    }
    // The ends of a timeframe are places in it, too.
    let (json::Step::Key(end @ ("start" | "end")), before) = path.split_last()? else {
        return None;
    };
    let end = value::decode(json::get_trusted(document, before)?).member(end);
    let mut text = String::new();
    value::encode(&end, &mut text);
    (!end.is_null()).then_some(Cow::Owned(text))
}
