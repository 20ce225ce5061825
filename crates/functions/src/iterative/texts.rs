//! Between arrays in value text and lists, which iterative expressions go over.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, ListArray, StringViewArray, StringViewBuilder};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use json::Cursor;

use crate::types::Type;

/// Between arrays in value text and lists of value texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Lists {
    /// The elements of an array; null for what is no array.
    Split,
    /// The array of elements.
    Join,
}

/// The plan functions without a lambda, for registration by name.
pub(super) fn udfs() -> Vec<Arc<ScalarUDF>> {
    vec![udf(Lists::Split), udf(Lists::Join)]
}

pub(super) fn udf(way: Lists) -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(OfTexts {
        way,
        signature: Signature::any(1, Volatility::Immutable),
    }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct OfTexts {
    way: Lists,
    signature: Signature,
}

impl ScalarUDFImpl for OfTexts {
    fn name(&self) -> &str {
        match self.way {
            Lists::Split => "value_elements",
            Lists::Join => "value_array",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(match self.way {
            Lists::Split => Type::Array(Box::new(Type::String)).arrow(),
            Lists::Join => DataType::Utf8View,
        })
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [array] = args.args.as_slice() else {
            return exec_err!("{} takes one array", self.name());
        };
        let array = array.to_array(args.number_rows)?;
        let column = match self.way {
            Lists::Split => array.as_string_view_opt().map(split),
            Lists::Join => array.as_list_opt::<i32>().and_then(join),
        };
        match column {
            Some(column) => Ok(ColumnarValue::Array(column)),
            None => exec_err!("{} does not take {}", self.name(), array.data_type()),
        }
    }
}

fn split(texts: &StringViewArray) -> ArrayRef {
    let mut elements = StringViewBuilder::new();
    let mut lengths: Vec<Option<usize>> = Vec::with_capacity(texts.len());
    let mut found = Vec::new();
    for text in texts {
        found.clear();
        let array = text.is_some_and(|text| pieces(text, &mut found).is_some());
        lengths.push(array.then_some(found.len()));
        if array {
            for element in &found {
                elements.append_option((*element != "null").then_some(*element));
            }
        }
    }
    let nulls: NullBuffer = lengths.iter().map(Option::is_some).collect();
    let offsets = OffsetBuffer::from_lengths(lengths.iter().map(|length| length.unwrap_or(0)));
    Arc::new(ListArray::new(
        Arc::new(Field::new_list_field(DataType::Utf8View, true)),
        offsets,
        Arc::new(elements.finish()),
        Some(nulls),
    ))
}

/// The texts of an array's elements; none for what is no array.
fn pieces<'a>(text: &'a str, found: &mut Vec<&'a str>) -> Option<()> {
    let mut cursor = Cursor::new(text.as_bytes());
    if cursor.peek() != Some(b'[') {
        return None;
    }
    let mut more = cursor.first_element().ok()?;
    while more {
        cursor.space();
        let start = cursor.at();
        cursor.skip().ok()?;
        found.push(text.get(start..cursor.at())?);
        more = cursor.next_element().ok()?;
    }
    Some(())
}

fn join(lists: &ListArray) -> Option<ArrayRef> {
    let elements = lists.values().as_string_view_opt()?;
    let offsets = lists.value_offsets();
    let mut arrays = StringViewBuilder::with_capacity(lists.len());
    let mut text = String::new();
    for row in 0..lists.len() {
        if lists.is_null(row) {
            arrays.append_null();
            continue;
        }
        text.clear();
        text.push('[');
        for (place, element) in (offsets[row] as usize..offsets[row + 1] as usize).enumerate() {
            if place > 0 {
                text.push(',');
            }
            text.push_str(match elements.is_valid(element) {
                true => elements.value(element),
                false => "null",
            });
        }
        text.push(']');
        arrays.append_value(&text);
    }
    Some(Arc::new(arrays.finish()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::value::testing::value;
    use crate::value::{Value, encode};

    proptest! {
        /// An array's elements joined again are the array; what is no array has no elements.
        #[test]
        fn arrays_are_split_and_joined(values in proptest::collection::vec(value(), 0..6)) {
            let texts: Vec<Option<String>> = values
                .iter()
                .map(|value| {
                    let mut text = String::new();
                    encode(value, &mut text);
                    (!value.is_null()).then_some(text)
                })
                .collect();
            let lists = split(&StringViewArray::from_iter(texts.iter().map(Option::as_deref)));
            let joined = join(lists.as_list::<i32>()).expect("texts");
            let joined = joined.as_string_view();
            for (row, (value, text)) in values.iter().zip(&texts).enumerate() {
                let array = matches!(value, Value::Array(_));
                prop_assert_eq!(joined.is_valid(row), array);
                if array {
                    prop_assert_eq!(Some(joined.value(row)), text.as_deref());
                }
            }
        }
    }
}
