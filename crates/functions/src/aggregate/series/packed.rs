//! Values of buckets, packed, and the arrays that they stand for.

use std::sync::Arc;

use arrow::array::{Array, BinaryViewArray, BooleanBufferBuilder, Float64Array, ListArray};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field};
use datafusion::common::{Result, exec_err};

/// A value and its bucket, as they are packed: four bytes and eight, little endian.
pub(super) type Packed = [u8; 12];

pub(super) fn pack(bucket: u32, value: f64) -> Packed {
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

/// The arrays of packed values, null for null.
pub(super) fn opened(
    gathered: &BinaryViewArray,
    length: i64,
    default: Option<f64>,
) -> Result<ListArray> {
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
