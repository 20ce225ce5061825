//! The functions of plans over value text: making it, comparing it, and its keys. Queries do not call them by name.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryBuilder, BooleanBuilder, StringViewArray, StringViewBuilder,
};
use arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility, lit,
};

use super::column::Reader;
use super::{Value, canonical, decode, encode, order, sort_key};
use crate::types::Type;

/// What is made of value text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Operation {
    /// `value_text(types, value)`: the value text of a value of a static type.
    Text,
    /// `value_group(text)`: text that is equal for equal values.
    Group,
    /// `value_sort_key(text)`: bytes that sort as values do.
    SortKey,
    /// `value_equal(a, b)`: `==`
    Equal,
    /// `value_less(a, b)`: `<`
    Less,
    /// `value_less_or_equal(a, b)`: `<=`
    LessOrEqual,
    /// `value_in(needle, value, …)`: DQL's `in`. An array stands for its elements, on both sides; a null needle gives
    /// null, other nulls equal nothing.
    In,
}

const ALL: &[Operation] = &[
    Operation::Text,
    Operation::Group,
    Operation::SortKey,
    Operation::Equal,
    Operation::Less,
    Operation::LessOrEqual,
    Operation::In,
];

/// For registration by name.
pub(crate) fn all() -> impl Iterator<Item = Arc<ScalarUDF>> {
    ALL.iter().map(|operation| udf(*operation))
}

fn udf(operation: Operation) -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(OverText {
        operation,
        signature: Signature::variadic_any(Volatility::Immutable),
    }))
}

/// The value text of `value`, of type `ty`.
pub(crate) fn text_of(value: Expr, ty: &Type) -> Expr {
    if ty.is_text() {
        return value;
    }
    udf(Operation::Text).call(vec![lit(ty.code()), value])
}

/// A text that is equal for equal values.
pub(crate) fn group(text: Expr) -> Expr {
    udf(Operation::Group).call(vec![text])
}

/// Bytes in the order of the values.
pub(crate) fn sort_key_of(text: Expr) -> Expr {
    udf(Operation::SortKey).call(vec![text])
}

/// `a == b` of two value texts.
pub(crate) fn equal(a: Expr, b: Expr) -> Expr {
    udf(Operation::Equal).call(vec![a, b])
}

/// `a < b` of two value texts.
pub(crate) fn less(a: Expr, b: Expr) -> Expr {
    udf(Operation::Less).call(vec![a, b])
}

/// `a <= b` of two value texts.
pub(crate) fn less_or_equal(a: Expr, b: Expr) -> Expr {
    udf(Operation::LessOrEqual).call(vec![a, b])
}

/// Whether `needle` or an element of it is one of `values` or of their elements; all are value texts.
pub(crate) fn member(needle: Expr, values: Vec<Expr>) -> Expr {
    udf(Operation::In).call([vec![needle], values].concat())
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct OverText {
    operation: Operation,
    signature: Signature,
}

impl ScalarUDFImpl for OverText {
    fn name(&self) -> &str {
        match self.operation {
            Operation::Text => "value_text",
            Operation::Group => "value_group",
            Operation::SortKey => "value_sort_key",
            Operation::Equal => "value_equal",
            Operation::Less => "value_less",
            Operation::LessOrEqual => "value_less_or_equal",
            Operation::In => "value_in",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(match self.operation {
            Operation::Text | Operation::Group => DataType::Utf8View,
            Operation::SortKey => DataType::Binary,
            Operation::Equal | Operation::Less | Operation::LessOrEqual | Operation::In => {
                DataType::Boolean
            }
        })
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let scalar = args
            .args
            .iter()
            .all(|argument| matches!(argument, ColumnarValue::Scalar(_)));
        let rows = if scalar { 1 } else { args.number_rows };
        let column: ArrayRef = match (self.operation, args.args.as_slice()) {
            (Operation::Text, [ColumnarValue::Scalar(code), value]) => {
                made(code, &value.to_array(rows)?)?
            }
            (Operation::Group, [text]) => {
                let text = text.to_array(rows)?;
                let mut builder = StringViewBuilder::with_capacity(rows);
                let mut key = String::new();
                for text in texts(&text)? {
                    builder.append_option(text.map(|text| {
                        key.clear();
                        grouped(text, &mut key);
                        key.as_str()
                    }));
                }
                Arc::new(builder.finish())
            }
            (Operation::SortKey, [text]) => {
                let text = text.to_array(rows)?;
                let mut builder = BinaryBuilder::with_capacity(rows, rows * 16);
                let mut key = Vec::new();
                for text in texts(&text)? {
                    builder.append_option(text.map(|text| {
                        key.clear();
                        sort_key(&decode(text), &mut key);
                        key.as_slice()
                    }));
                }
                Arc::new(builder.finish())
            }
            (Operation::In, [needle, values @ ..]) => among(needle, values, rows)?,
            (_, [a, b]) => {
                let (a, b) = (a.to_array(rows)?, b.to_array(rows)?);
                let mut builder = BooleanBuilder::with_capacity(rows);
                for (a, b) in texts(&a)?.iter().zip(texts(&b)?) {
                    builder.append_option(a.zip(b).and_then(|(a, b)| self.compared(a, b)));
                }
                Arc::new(builder.finish())
            }
            _ => return exec_err!("{} was not given what it takes", self.name()),
        };
        Ok(if scalar {
            ColumnarValue::Scalar(ScalarValue::try_from_array(&column, 0)?)
        } else {
            ColumnarValue::Array(column)
        })
    }
}

impl OverText {
    fn compared(&self, a: &str, b: &str) -> Option<bool> {
        let (a, b) = (decode(a), decode(b));
        match self.operation {
            Operation::Equal => order::equal(&a, &b),
            Operation::Less => order::compare(&a, &b).map(Ordering::is_lt),
            _ => order::compare(&a, &b).map(Ordering::is_le),
        }
    }
}

/// The group key of a value text, which most often is the text itself.
fn grouped(text: &str, key: &mut String) {
    if text.starts_with('"') || matches!(text, "true" | "false") {
        return key.push_str(text);
    }
    canonical(&decode(text), key);
}

fn texts(array: &ArrayRef) -> Result<&StringViewArray> {
    match array.as_string_view_opt() {
        Some(texts) => Ok(texts),
        None => exec_err!("value text was expected, not {}", array.data_type()),
    }
}

/// The value texts of a column of a static type.
fn made(code: &ScalarValue, column: &ArrayRef) -> Result<ArrayRef> {
    let types = code.try_as_str().flatten().and_then(Type::from_codes);
    let Some([ty]) = types.as_deref() else {
        return exec_err!("value_text takes the type of its value");
    };
    let reader = Reader::new(column.as_ref(), ty)?;
    let mut builder = StringViewBuilder::with_capacity(column.len());
    let mut text = String::new();
    for row in 0..column.len() {
        match reader.get(row) {
            Value::Null => builder.append_null(),
            value => {
                text.clear();
                encode(&value, &mut text);
                builder.append_value(&text);
            }
        }
    }
    Ok(Arc::new(builder.finish()))
}

fn among(needle: &ColumnarValue, values: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
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
    let needles = needle.to_array(rows)?;
    let mut builder = BooleanBuilder::with_capacity(rows);
    for (row, needle) in texts(&needles)?.iter().enumerate() {
        builder.append_option(needle.map(|needle| {
            let mut own = HashSet::new();
            for column in columns.iter().filter(|column| column.is_valid(row)) {
                each(column.value(row), |element| _ = own.insert(element));
            }
            let mut found = false;
            each(needle, |element| {
                found |= fixed.contains(&element) || own.contains(&element);
            });
            found
        }));
    }
    Ok(Arc::new(builder.finish()))
}

/// The group key of the value, or those of the elements of an array; null is left out.
fn each(text: &str, mut take: impl FnMut(String)) {
    let mut one = |value: &Value<'_>| {
        if !value.is_null() {
            let mut key = String::new();
            canonical(value, &mut key);
            take(key);
        }
    };
    match decode(text) {
        Value::Array(elements) => elements.iter().for_each(one),
        value => one(&value),
    }
}
