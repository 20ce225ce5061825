//! Between columns and values: reading a row of an Arrow column, and building a column row by row.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayBuilder, ArrayRef, AsArray, BooleanArray, BooleanBuilder, DurationNanosecondArray,
    DurationNanosecondBuilder, Float64Array, Float64Builder, Int64Array, Int64Builder, ListArray,
    NullArray, StringViewArray, StringViewBuilder, StructArray, TimestampMicrosecondArray,
    TimestampNanosecondArray, TimestampNanosecondBuilder,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{
    DataType, DurationNanosecondType, Field, Float64Type, Int64Type, TimestampMicrosecondType,
    TimestampNanosecondType,
};
use datafusion::common::{Result, exec_err};

use super::{Value, decode, encode};
use crate::types::{Precision, Type};

/// A column whose rows are read as values.
pub enum Reader<'a> {
    /// Always null.
    Null,
    /// `Boolean`
    Boolean(&'a BooleanArray),
    /// `Int64`
    Long(&'a Int64Array),
    /// `Float64`
    Double(&'a Float64Array),
    /// `Utf8View`
    String(&'a StringViewArray),
    /// Value text.
    Text(&'a StringViewArray),
    /// `Timestamp(Nanosecond)`
    Nanos(&'a TimestampNanosecondArray),
    /// `Timestamp(Microsecond)`
    Micros(&'a TimestampMicrosecondArray),
    /// `Duration(Nanosecond)`
    Duration(&'a DurationNanosecondArray),
    /// `Struct { start, end }`
    Timeframe {
        /// Says which rows are null.
        whole: &'a StructArray,
        /// The starts.
        start: &'a TimestampNanosecondArray,
        /// The ends.
        end: &'a TimestampNanosecondArray,
    },
    /// `List`
    Array {
        /// The lists.
        list: &'a ListArray,
        /// All their elements.
        elements: Box<Reader<'a>>,
    },
}

impl<'a> Reader<'a> {
    /// Reads `column`, whose DQL type is `ty`.
    ///
    /// # Errors
    /// Where the column is not of the Arrow type that stands for `ty`.
    pub fn new(column: &'a dyn Array, ty: &Type) -> Result<Reader<'a>> {
        if *column.data_type() == DataType::Null {
            return Ok(Reader::Null);
        }
        let reader = match ty {
            Type::Null => Some(Reader::Null),
            Type::Boolean => column.as_boolean_opt().map(Reader::Boolean),
            Type::Long => column.as_primitive_opt::<Int64Type>().map(Reader::Long),
            Type::Double => column.as_primitive_opt::<Float64Type>().map(Reader::Double),
            Type::String => column.as_string_view_opt().map(Reader::String),
            Type::Timestamp(Precision::Nano) => column
                .as_primitive_opt::<TimestampNanosecondType>()
                .map(Reader::Nanos),
            Type::Timestamp(Precision::Micro) => column
                .as_primitive_opt::<TimestampMicrosecondType>()
                .map(Reader::Micros),
            Type::Duration => column
                .as_primitive_opt::<DurationNanosecondType>()
                .map(Reader::Duration),
            Type::Timeframe => column.as_struct_opt().and_then(|whole| {
                let end = |place: usize| {
                    whole
                        .columns()
                        .get(place)?
                        .as_primitive_opt::<TimestampNanosecondType>()
                };
                Some(Reader::Timeframe {
                    whole,
                    start: end(0)?,
                    end: end(1)?,
                })
            }),
            Type::Array(element) if !ty.is_text() => match column.as_list_opt::<i32>() {
                Some(list) => Some(Reader::Array {
                    list,
                    elements: Box::new(Reader::new(list.values().as_ref(), element)?),
                }),
                None => None,
            },
            _ => column.as_string_view_opt().map(Reader::Text),
        };
        match reader {
            Some(reader) => Ok(reader),
            None => exec_err!("{} can't stand as {}", ty.article(), column.data_type()),
        }
    }

    /// The value of a row.
    pub fn get(&self, row: usize) -> Value<'a> {
        match self {
            Reader::Null => Value::Null,
            Reader::Boolean(array) => present(*array, row, || Value::Boolean(array.value(row))),
            Reader::Long(array) => present(*array, row, || Value::Long(array.value(row))),
            Reader::Double(array) => present(*array, row, || Value::double(array.value(row))),
            Reader::String(array) => present(*array, row, || Value::string(array.value(row))),
            Reader::Text(array) => present(*array, row, || decode(array.value(row))),
            Reader::Nanos(array) => present(*array, row, || Value::Timestamp(array.value(row))),
            Reader::Micros(array) => present(*array, row, || {
                Value::or_null(array.value(row).checked_mul(1_000), Value::Timestamp)
            }),
            Reader::Duration(array) => present(*array, row, || Value::Duration(array.value(row))),
            Reader::Timeframe { whole, start, end } => present(*whole, row, || {
                if start.is_null(row) || end.is_null(row) {
                    return Value::Null;
                }
                Value::Timeframe(start.value(row), end.value(row))
            }),
            Reader::Array { list, elements } => present(*list, row, || {
                let offsets = list.value_offsets();
                let range = offsets[row] as usize..offsets[row + 1] as usize;
                Value::Array(range.map(|place| elements.get(place)).collect())
            }),
        }
    }
}

fn present<'a>(array: &dyn Array, row: usize, value: impl FnOnce() -> Value<'a>) -> Value<'a> {
    if array.is_null(row) {
        Value::Null
    } else {
        value()
    }
}

/// A column under construction.
pub enum Builder {
    /// Always null; how many.
    Null(usize),
    /// `Boolean`
    Boolean(BooleanBuilder),
    /// `Int64`
    Long(Int64Builder),
    /// `Float64`
    Double(Float64Builder),
    /// `Utf8View`
    String(StringViewBuilder),
    /// Value text, and room to write one.
    Text(StringViewBuilder, String),
    /// `Timestamp(Nanosecond)`
    Timestamp(TimestampNanosecondBuilder),
    /// `Duration(Nanosecond)`
    Duration(DurationNanosecondBuilder),
    /// `Struct { start, end }`
    Timeframe {
        /// The starts.
        start: TimestampNanosecondBuilder,
        /// The ends.
        end: TimestampNanosecondBuilder,
    },
    /// `List`
    Array {
        /// The type of the elements.
        element: Type,
        /// All elements.
        elements: Box<Builder>,
        /// How many elements each row has; none for null.
        lengths: Vec<Option<usize>>,
    },
}

impl Builder {
    /// For values of `ty`. Timestamps are built in nanoseconds.
    pub fn new(ty: &Type, rows: usize) -> Builder {
        match ty {
            Type::Null => Builder::Null(0),
            Type::Boolean => Builder::Boolean(BooleanBuilder::with_capacity(rows)),
            Type::Long => Builder::Long(Int64Builder::with_capacity(rows)),
            Type::Double => Builder::Double(Float64Builder::with_capacity(rows)),
            Type::String => Builder::String(StringViewBuilder::with_capacity(rows)),
            Type::Timestamp(_) => Builder::Timestamp(
                TimestampNanosecondBuilder::with_capacity(rows).with_timezone("UTC"),
            ),
            Type::Duration => Builder::Duration(DurationNanosecondBuilder::with_capacity(rows)),
            Type::Timeframe => Builder::Timeframe {
                start: TimestampNanosecondBuilder::with_capacity(rows).with_timezone("UTC"),
                end: TimestampNanosecondBuilder::with_capacity(rows).with_timezone("UTC"),
            },
            Type::Array(element) if !ty.is_text() => Builder::Array {
                element: element.as_ref().clone(),
                elements: Box::new(Builder::new(element, rows)),
                lengths: Vec::with_capacity(rows),
            },
            _ => Builder::Text(StringViewBuilder::with_capacity(rows), String::new()),
        }
    }

    /// Adds a value; null where it is of another type than the column.
    pub fn push(&mut self, value: &Value<'_>) {
        match self {
            Builder::Null(rows) => *rows += 1,
            Builder::Boolean(builder) => builder.append_option(value.as_bool()),
            Builder::Long(builder) => builder.append_option(value.as_long()),
            Builder::Double(builder) => {
                builder.append_option(value.as_number().filter(|double| double.is_finite()));
            }
            Builder::String(builder) => builder.append_option(value.as_str()),
            Builder::Text(builder, text) => {
                if value.is_null() {
                    return builder.append_null();
                }
                text.clear();
                encode(value, text);
                builder.append_value(text);
            }
            Builder::Timestamp(builder) => builder.append_option(match value {
                Value::Timestamp(nanos) => Some(*nanos),
                _ => None,
            }),
            Builder::Duration(builder) => builder.append_option(match value {
                Value::Duration(nanos) => Some(*nanos),
                _ => None,
            }),
            Builder::Timeframe { start, end } => match value {
                Value::Timeframe(from, to) => {
                    start.append_value(*from);
                    end.append_value(*to);
                }
                _ => {
                    start.append_null();
                    end.append_null();
                }
            },
            Builder::Array {
                elements, lengths, ..
            } => match value {
                Value::Array(values) => {
                    values.iter().for_each(|value| elements.push(value));
                    lengths.push(Some(values.len()));
                }
                _ => lengths.push(None),
            },
        }
    }

    /// The column.
    pub fn finish(self) -> ArrayRef {
        match self {
            Builder::Null(rows) => Arc::new(NullArray::new(rows)),
            Builder::Boolean(mut builder) => Arc::new(builder.finish()),
            Builder::Long(mut builder) => Arc::new(builder.finish()),
            Builder::Double(mut builder) => Arc::new(builder.finish()),
            Builder::String(mut builder) | Builder::Text(mut builder, _) => {
                Arc::new(builder.finish())
            }
            Builder::Timestamp(mut builder) => Arc::new(builder.finish()),
            Builder::Duration(mut builder) => Arc::new(builder.finish()),
            Builder::Timeframe { mut start, mut end } => {
                let rows = start.len();
                let (start, end) = (start.finish(), end.finish());
                let nulls = start.nulls().cloned();
                let DataType::Struct(fields) = Type::Timeframe.arrow() else {
                    return Arc::new(NullArray::new(rows));
                };
                Arc::new(StructArray::new(
                    fields,
                    vec![Arc::new(start), Arc::new(end)],
                    nulls,
                ))
            }
            Builder::Array {
                element,
                elements,
                lengths,
            } => {
                let nulls: NullBuffer = lengths.iter().map(Option::is_some).collect();
                let offsets =
                    OffsetBuffer::from_lengths(lengths.iter().map(|length| length.unwrap_or(0)));
                let field = Field::new_list_field(element.arrow(), true);
                Arc::new(ListArray::new(
                    Arc::new(field),
                    offsets,
                    elements.finish(),
                    Some(nulls),
                ))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::value::testing::value;

    fn types() -> Vec<Type> {
        let simple = [
            Type::Boolean,
            Type::Long,
            Type::Double,
            Type::String,
            Type::TIMESTAMP,
            Type::Duration,
            Type::Timeframe,
            Type::Dynamic,
        ];
        let arrays = simple.clone().map(|ty| Type::Array(Box::new(ty)));
        simple.into_iter().chain(arrays).collect()
    }

    proptest! {
        /// What goes into a column comes out of it, where it is of the column's type.
        #[test]
        fn columns_hold_values(values in proptest::collection::vec(value(), 0..8)) {
            for ty in types() {
                let mut builder = Builder::new(&ty, values.len());
                values.iter().for_each(|value| builder.push(value));
                let column = builder.finish();
                prop_assert_eq!(column.data_type(), &ty.arrow());
                let reader = Reader::new(column.as_ref(), &ty).expect("its own type");
                for (row, value) in values.iter().enumerate() {
                    let held = reader.get(row);
                    if ty == Type::Dynamic || held.type_name() == value.type_name()
                        && !matches!(held, Value::Array(_))
                    {
                        prop_assert_eq!(&held, value);
                    }
                }
            }
        }
    }
}
