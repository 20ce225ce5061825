//! `match_value(types, value, fold, option, pattern, …)` and its kin: the tests over columns. Patterns that are the
//! same for all records are compiled once a batch.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, BooleanBuilder, StringViewArray};
use arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility, lit,
};

use super::term::Scope;
use super::test::{Kind, Options, Test};
use super::wildcard::STAR;
use crate::figures::Figures;
use crate::types::Type;
use crate::value::column::Reader;
use crate::value::{decode, text};

/// The test of `value`, whose type is `ty`, against `patterns` (`Utf8View`).
pub(crate) fn call(
    kind: Kind,
    (value, ty): (Expr, &Type),
    options: &Options,
    patterns: Vec<Expr>,
) -> Expr {
    let option = match kind {
        Kind::Value | Kind::Phrase => options.wildcard.to_string(),
        _ => options.scope.name().to_owned(),
    };
    let mut arguments = vec![lit(ty.code()), value, lit(options.fold), lit(option)];
    arguments.extend(patterns);
    udf(kind).call(arguments)
}

/// For registration by name.
pub(crate) fn all() -> impl Iterator<Item = Arc<ScalarUDF>> {
    Kind::ALL.iter().map(|kind| udf(*kind))
}

/// The names of those that parse JSON.
pub(crate) const PARSING: &[&str] = &["match_json", "match_fields"];

fn udf(kind: Kind) -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(Match {
        kind,
        signature: Signature::variadic_any(Volatility::Immutable),
    }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Match {
    kind: Kind,
    signature: Signature,
}

impl ScalarUDFImpl for Match {
    fn name(&self) -> &str {
        match self.kind {
            Kind::Value => "match_value",
            Kind::Phrase => "match_phrase",
            Kind::Like => "match_like",
            Kind::Regex => "match_regex",
            Kind::Term => "match_term",
            Kind::Json => "match_json",
            Kind::Fields => "match_fields",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [
            ColumnarValue::Scalar(code),
            value,
            ColumnarValue::Scalar(ScalarValue::Boolean(Some(fold))),
            ColumnarValue::Scalar(option),
            patterns @ ..,
        ] = args.args.as_slice()
        else {
            return exec_err!("{} is not given what it takes", self.name());
        };
        let types = code.try_as_str().flatten().and_then(Type::from_codes);
        let (Some([ty]), Some(option)) = (types.as_deref(), option.try_as_str().flatten()) else {
            return exec_err!("{} is given options that there are not", self.name());
        };
        let options = Options {
            fold: *fold,
            wildcard: option.chars().next().unwrap_or(STAR),
            scope: Scope::named(option).unwrap_or_default(),
        };
        let constant = |value: &ColumnarValue| matches!(value, ColumnarValue::Scalar(_));
        let scalar = constant(value) && patterns.iter().all(constant);
        let rows = if scalar { 1 } else { args.number_rows };
        let values = value.to_array(rows)?;
        let result: BooleanArray = if patterns.iter().all(constant) {
            let patterns: Option<Vec<Cow<'_, str>>> = patterns
                .iter()
                .map(|pattern| match pattern {
                    ColumnarValue::Scalar(pattern) => pattern.try_as_str()?.map(Cow::Borrowed),
                    ColumnarValue::Array(_) => None,
                })
                .collect();
            let test = match patterns {
                Some(patterns) => self.compile(&options, &patterns)?,
                None => None,
            };
            self.column(test.as_ref(), &values, ty, &args)?
        } else {
            self.pairs(&options, (&values, ty), patterns, rows)?
        };
        Ok(if scalar {
            ColumnarValue::Scalar(ScalarValue::try_from_array(&result, 0)?)
        } else {
            ColumnarValue::Array(Arc::new(result))
        })
    }
}

impl Match {
    /// The test of these patterns. Those of a query were checked when it was translated.
    fn compile(&self, options: &Options, patterns: &[Cow<'_, str>]) -> Result<Option<Test>> {
        match Test::new(self.kind, options, patterns) {
            Ok(test) => Ok(test),
            Err(_) => exec_err!("{} is given a pattern that can't be used", self.name()),
        }
    }

    /// One test for all rows.
    fn column(
        &self,
        test: Option<&Test>,
        values: &ArrayRef,
        ty: &Type,
        args: &ScalarFunctionArgs,
    ) -> Result<BooleanArray> {
        let null = self.kind.is_search().then_some(false);
        let Some(test) = test else {
            return Ok(std::iter::repeat_n(null, values.len()).collect());
        };
        let texts = values.as_string_view_opt();
        match (ty, texts) {
            (Type::String, Some(texts)) => {
                if let Test::Json(term) | Test::Fields(term, _) = test {
                    let parsed = texts.iter().flatten().filter(|text| term.may_be_in(text));
                    Figures::count_json(&args.config_options, parsed.map(str::len).sum());
                }
                Ok(of_texts(texts, null, |text| Some(test.text(text))))
            }
            (Type::Dynamic, Some(texts)) => {
                Ok(of_texts(texts, null, |value| {
                    match text::as_string(value) {
                        Some(text) => Some(test.text(&text)),
                        None => test.value(&decode(value)).or(null),
                    }
                }))
            }
            _ => {
                let reader = Reader::new(values.as_ref(), ty)?;
                Ok((0..values.len())
                    .map(|row| test.value(&reader.get(row)).or(null))
                    .collect())
            }
        }
    }

    /// A test for each row; what was compiled for one row serves the next ones of the same pattern.
    fn pairs(
        &self,
        options: &Options,
        (values, ty): (&ArrayRef, &Type),
        patterns: &[ColumnarValue],
        rows: usize,
    ) -> Result<BooleanArray> {
        let [pattern] = patterns else {
            return exec_err!("{} takes one pattern that is no constant", self.name());
        };
        let patterns = pattern.to_array(rows)?;
        let Some(patterns) = patterns.as_string_view_opt() else {
            return exec_err!("{} takes texts as patterns", self.name());
        };
        let reader = Reader::new(values.as_ref(), ty)?;
        let mut builder = BooleanBuilder::with_capacity(rows);
        let mut last: Option<(&str, Option<Test>)> = None;
        for (row, pattern) in patterns.iter().enumerate() {
            let Some(pattern) = pattern else {
                builder.append_null();
                continue;
            };
            if last.as_ref().is_none_or(|(known, _)| *known != pattern) {
                let test = Test::new(self.kind, options, &[Cow::Borrowed(pattern)]);
                last = Some((pattern, test.unwrap_or_default()));
            }
            let test = last.as_ref().and_then(|(_, test)| test.as_ref());
            builder.append_option(test.and_then(|test| test.value(&reader.get(row))));
        }
        Ok(builder.finish())
    }
}

fn of_texts(
    texts: &StringViewArray,
    null: Option<bool>,
    test: impl Fn(&str) -> Option<bool>,
) -> BooleanArray {
    texts.iter().map(|text| text.map_or(null, &test)).collect()
}
