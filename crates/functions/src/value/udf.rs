//! The functions of plans over value text: making it, comparing it, and its keys. Queries do not call them by name.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryBuilder, BooleanBuilder, ListBuilder, StringViewArray,
    StringViewBuilder,
};
use arrow::datatypes::{DataType, Field};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility, lit,
};

use super::column::Reader;
use super::distinct::each_distinct;
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
    /// `value_elements(text)`: the value texts of the elements of an array; a value of another type is its own element.
    Elements,
    /// `value_keys(text, depth)`: the paths of the keys of a record, records inside opened down to that depth.
    Keys,
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
    Operation::Elements,
    Operation::Keys,
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

/// The value texts of the elements of an array.
pub(crate) fn elements(text: Expr) -> Expr {
    udf(Operation::Elements).call(vec![text])
}

/// The paths of the keys of a record as lists of texts, each an array of keys in value text.
pub fn keys(text: Expr, depth: i64) -> Expr {
    udf(Operation::Keys).call(vec![text, lit(depth)])
}

/// Whether `needle` or an element of it is one of `values` or of their elements; all are value texts.
pub fn member(needle: Expr, values: Vec<Expr>) -> Expr {
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
            Operation::Elements => "value_elements",
            Operation::Keys => "value_keys",
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
            Operation::Elements | Operation::Keys => Type::Array(Box::new(Type::String)).arrow(),
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
                match text.null_count() == text.len() && *text.data_type() == DataType::Utf8View {
                    true => text,
                    false => each_distinct(texts(&text)?, grouped)?,
                }
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
            (Operation::Elements, [text]) => {
                list(&text.to_array(rows)?, |value, out| match value {
                    Value::Array(elements) => out.extend(elements.iter().map(written)),
                    value => out.push(written(&value)),
                })?
            }
            (Operation::Keys, [text, ColumnarValue::Scalar(ScalarValue::Int64(Some(depth)))]) => {
                list(&text.to_array(rows)?, |value, out| {
                    let mut paths = Vec::new();
                    flattened(&value, *depth, &mut Vec::new(), &mut paths);
                    // A path is an array of keys: a key may hold any character.
                    out.extend(paths.into_iter().map(|path| {
                        written(&Value::Array(path.into_iter().map(Value::string).collect()))
                    }));
                })?
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

/// Lists of texts, made of the values of a column of value text; null for null.
fn list(
    texts_of: &ArrayRef,
    make: impl Fn(Value<'_>, &mut Vec<Option<String>>),
) -> Result<ArrayRef> {
    let mut builder = ListBuilder::new(StringViewBuilder::new())
        .with_field(Field::new_list_field(DataType::Utf8View, true));
    let mut elements = Vec::new();
    for text in texts(texts_of)? {
        if let Some(text) = text {
            make(decode(text), &mut elements);
            elements
                .drain(..)
                .for_each(|element| builder.values().append_option(element));
        }
        builder.append(text.is_some());
    }
    Ok(Arc::new(builder.finish()))
}

/// The value text of a value; none for null.
fn written(value: &Value<'_>) -> Option<String> {
    (!value.is_null()).then(|| {
        let mut text = String::new();
        encode(value, &mut text);
        text
    })
}

/// The paths to what is inside of a record, down to `depth`: where a record is opened, it is not a value itself.
fn flattened<'v>(
    value: &'v Value<'_>,
    depth: i64,
    path: &mut Vec<&'v str>,
    paths: &mut Vec<Vec<String>>,
) {
    if let (Value::Record(members), true) = (value, depth > 0) {
        for (key, value) in members {
            path.push(key);
            flattened(value, depth - 1, path, paths);
            path.pop();
        }
    } else if !path.is_empty() {
        paths.push(path.iter().map(|key| (*key).to_owned()).collect());
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
    if let Reader::String(strings) = reader {
        return each_distinct(strings, |string, text| {
            encode(&Value::string(string), text);
        });
    }
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
    let mut own = HashSet::new();
    // The values of a sub-query are one text for all records: it is read once.
    let mut last: Vec<(*const u8, usize)> = Vec::new();
    for (row, needle) in texts(&needles)?.iter().enumerate() {
        let here: Vec<&str> = columns
            .iter()
            .filter(|column| column.is_valid(row))
            .map(|column| column.value(row))
            .collect();
        let places: Vec<_> = here
            .iter()
            .map(|text| (text.as_ptr(), text.len()))
            .collect();
        if row == 0 || places != last {
            last = places;
            own.clear();
            for text in here {
                each(text, |element| _ = own.insert(element));
            }
        }
        builder.append_option(needle.map(|needle| {
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
