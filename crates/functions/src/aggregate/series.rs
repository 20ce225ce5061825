//! `dql_series(bucket, value)`: one value a bucket, gathered for a group; and `dql_series_array(gathered, length,
//! default)`: the array that it stands for, with an element for every bucket. What `makeTimeseries` ends with.
//!
//! Most buckets of most groups hold nothing. What is gathered is packed, in 12 bytes for a value that there is, and is
//! opened only where an array is asked for: behind exchanges and sorts, which would copy the empty buckets again and again.

#[cfg(test)]
mod tests;

use std::mem::size_of;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryViewArray, BinaryViewBuilder, BooleanArray,
    BooleanBufferBuilder, Float64Array, ListArray,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field, FieldRef, Float64Type, Int64Type};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, ColumnarValue, EmitTo, Expr, GroupsAccumulator,
    ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility, lit,
};

use super::gather::passes;
use crate::types::Type;

/// The values of a group, packed: what [`series_array`] opens. Of the `value`s (`Float64`) of a `bucket` (`Int64`, from
/// 0) there is to be one.
pub fn series(bucket: Expr, value: Expr) -> Expr {
    udf().call(vec![bucket, value])
}

/// The array of `length` elements, a double each, whose element `bucket` is the value that was gathered for it, and whose
/// others are `default`.
pub fn series_array(gathered: Expr, length: i64, default: Option<f64>) -> Expr {
    array_udf().call(vec![
        gathered,
        lit(length),
        lit(ScalarValue::Float64(default)),
    ])
}

pub(crate) fn udf() -> Arc<AggregateUDF> {
    Arc::new(AggregateUDF::new_from_impl(Series {
        signature: Signature::exact(
            vec![DataType::Int64, DataType::Float64],
            Volatility::Immutable,
        ),
    }))
}

pub(crate) fn array_udf() -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(SeriesArray {
        signature: Signature::exact(
            vec![DataType::BinaryView, DataType::Int64, DataType::Float64],
            Volatility::Immutable,
        ),
    }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Series {
    signature: Signature,
}

impl AggregateUDFImpl for Series {
    fn name(&self) -> &str {
        "dql_series"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::BinaryView)
    }

    fn accumulator(&self, _args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Group::default()))
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let name = format!("{}[series]", args.name);
        Ok(vec![Arc::new(Field::new(name, DataType::BinaryView, true))])
    }

    fn groups_accumulator_supported(&self, _args: AccumulatorArgs) -> bool {
        true
    }

    fn create_groups_accumulator(
        &self,
        _args: AccumulatorArgs,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(Groups::default()))
    }
}

/// A value and its bucket, as they are packed: four bytes and eight, little endian.
type Packed = [u8; 12];

fn pack(bucket: u32, value: f64) -> Packed {
    let mut packed = [0; 12];
    packed[..4].copy_from_slice(&bucket.to_le_bytes());
    packed[4..].copy_from_slice(&value.to_le_bytes());
    packed
}

/// The buckets and values of packed ones.
fn unpack(packed: &[u8]) -> impl Iterator<Item = (u32, f64)> {
    packed.as_chunks::<12>().0.iter().map(|packed| {
        let [a, b, c, d, value @ ..] = *packed;
        (u32::from_le_bytes([a, b, c, d]), f64::from_le_bytes(value))
    })
}

/// Gives `take` each row that holds a value in a bucket. No array has as many elements as 32 bits count.
fn rows(columns: &[ArrayRef], mut take: impl FnMut(usize, u32, f64)) -> Result<()> {
    let [buckets, values, ..] = columns else {
        return exec_err!("dql_series takes buckets and values");
    };
    let buckets = buckets.as_primitive::<Int64Type>();
    let values = values.as_primitive::<Float64Type>();
    for (row, (bucket, value)) in buckets.iter().zip(values).enumerate() {
        let bucket = bucket.and_then(|bucket| u32::try_from(bucket).ok());
        if let (Some(bucket), Some(value)) = (bucket, value) {
            take(row, bucket, value);
        }
    }
    Ok(())
}

fn states(columns: &[ArrayRef]) -> Result<&BinaryViewArray> {
    match columns.first().and_then(|state| state.as_binary_view_opt()) {
        Some(states) => Ok(states),
        None => exec_err!("the state of dql_series is packed values"),
    }
}

/// One group: its packed values.
#[derive(Debug, Default)]
struct Group(Vec<u8>);

impl Accumulator for Group {
    fn update_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        rows(columns, |_, bucket, value| {
            self.0.extend(pack(bucket, value));
        })
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::BinaryView(Some(std::mem::take(&mut self.0))))
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.0.capacity()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![self.evaluate()?])
    }

    fn merge_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let states = states(columns)?.iter().flatten();
        states.for_each(|packed| self.0.extend(packed));
        Ok(())
    }
}

/// All groups, each its packed values.
#[derive(Debug, Default)]
struct Groups {
    groups: Vec<Vec<u8>>,
    /// What the groups hold outside of themselves.
    bytes: usize,
}

impl Groups {
    fn put(&mut self, group: usize, packed: &[u8]) {
        if let Some(group) = self.groups.get_mut(group) {
            let before = group.capacity();
            group.extend_from_slice(packed);
            self.bytes += group.capacity() - before;
        }
    }

    fn reach(&mut self, total: usize) {
        self.groups.resize_with(total, Vec::new);
    }
}

impl GroupsAccumulator for Groups {
    fn update_batch(
        &mut self,
        columns: &[ArrayRef],
        group_indices: &[usize],
        filter: Option<&BooleanArray>,
        total: usize,
    ) -> Result<()> {
        self.reach(total);
        rows(columns, |row, bucket, value| {
            if let Some(group) = group_indices.get(row)
                && passes(filter, row)
            {
                self.put(*group, &pack(bucket, value));
            }
        })
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let emitted = emit_to.take_needed(&mut self.groups);
        let mut builder = BinaryViewBuilder::with_capacity(emitted.len());
        for packed in emitted {
            self.bytes = self.bytes.saturating_sub(packed.capacity());
            builder.append_value(packed);
        }
        Ok(Arc::new(builder.finish()))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        Ok(vec![self.evaluate(emit_to)?])
    }

    fn merge_batch(
        &mut self,
        columns: &[ArrayRef],
        group_indices: &[usize],
        total: usize,
    ) -> Result<()> {
        self.reach(total);
        for (packed, group) in states(columns)?.iter().zip(group_indices) {
            self.put(*group, packed.unwrap_or_default());
        }
        Ok(())
    }

    fn convert_to_state(
        &self,
        columns: &[ArrayRef],
        filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        let length = columns.first().map_or(0, |column| column.len());
        let mut packed = vec![None; length];
        rows(columns, |row, bucket, value| {
            if let Some(packed) = packed.get_mut(row).filter(|_| passes(filter, row)) {
                *packed = Some(pack(bucket, value));
            }
        })?;
        let mut builder = BinaryViewBuilder::with_capacity(length);
        packed
            .iter()
            .for_each(|packed| builder.append_value(packed.as_ref().map_or(&[][..], |all| all)));
        Ok(vec![Arc::new(builder.finish())])
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.groups.capacity() * size_of::<Vec<u8>>() + self.bytes
    }
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct SeriesArray {
    signature: Signature,
}

impl ScalarUDFImpl for SeriesArray {
    fn name(&self) -> &str {
        "dql_series_array"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(Type::Array(Box::new(Type::Double)).arrow())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [
            gathered,
            ColumnarValue::Scalar(ScalarValue::Int64(Some(length))),
            ColumnarValue::Scalar(ScalarValue::Float64(default)),
        ] = args.args.as_slice()
        else {
            return exec_err!("the length and default of dql_series_array are literals");
        };
        let gathered = gathered.to_array(args.number_rows)?;
        let Some(gathered) = gathered.as_binary_view_opt() else {
            return exec_err!("dql_series_array opens packed values");
        };
        Ok(ColumnarValue::Array(Arc::new(opened(
            gathered, *length, *default,
        )?)))
    }
}

/// The arrays of packed values, null for null.
fn opened(gathered: &BinaryViewArray, length: i64, default: Option<f64>) -> Result<ListArray> {
    let rows = gathered.len() - gathered.null_count();
    let (Ok(length), Some(total)) = (
        usize::try_from(length),
        i64::try_from(rows)
            .ok()
            .and_then(|rows| rows.checked_mul(length))
            .and_then(|total| i32::try_from(total).ok())
            .and_then(|total| usize::try_from(total).ok()),
    ) else {
        return exec_err!("{rows} series of {length} values are too many at once");
    };
    let mut values = vec![default.unwrap_or(0.0); total];
    let mut present = BooleanBufferBuilder::new(total);
    present.append_n(total, default.is_some());
    let mut start = 0;
    for packed in gathered.iter().flatten() {
        for (bucket, value) in unpack(packed) {
            let bucket = bucket as usize;
            if bucket < length
                && let Some(slot) = values.get_mut(start + bucket)
            {
                *slot = value;
                present.set_bit(start + bucket, true);
            }
        }
        start += length;
    }
    let lengths = (0..gathered.len()).map(|row| if gathered.is_valid(row) { length } else { 0 });
    Ok(ListArray::new(
        Arc::new(Field::new_list_field(DataType::Float64, true)),
        OffsetBuffer::from_lengths(lengths),
        Arc::new(Float64Array::new(
            values.into(),
            Some(NullBuffer::new(present.finish())),
        )),
        gathered.nulls().cloned(),
    ))
}
