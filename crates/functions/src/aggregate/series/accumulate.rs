//! What is gathered of groups: their values and buckets, packed.

use std::mem::size_of;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BinaryViewArray, BooleanArray};
use arrow::datatypes::{Float64Type, Int64Type};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{Accumulator, EmitTo, GroupsAccumulator};

use super::packed::pack;
use crate::aggregate::gather::passes;
use crate::aggregate::held::Held;

/// Gives `take` each row that holds a value in a bucket. No array has as many elements as 32 bits count.
fn rows(columns: &[ArrayRef], mut take: impl FnMut(usize, u32, f64) -> Result<()>) -> Result<()> {
    let [buckets, values, ..] = columns else {
        return exec_err!("dql_series takes buckets and values");
    };
    let buckets = buckets.as_primitive::<Int64Type>();
    let values = values.as_primitive::<Float64Type>();
    for (row, (bucket, value)) in buckets.iter().zip(values).enumerate() {
        let bucket = bucket.and_then(|bucket| u32::try_from(bucket).ok());
        if let (Some(bucket), Some(value)) = (bucket, value) {
            take(row, bucket, value)?;
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
pub(super) struct Group(Vec<u8>);

impl Accumulator for Group {
    fn update_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        rows(columns, |_, bucket, value| {
            self.0.extend(pack(bucket, value));
            Ok(())
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
pub(super) struct Groups(Held<Vec<u8>>);

impl Groups {
    fn put(&mut self, group: usize, packed: &[u8]) -> Result<()> {
        self.0.change(group, |group| {
            group.extend_from_slice(packed);
            Ok(())
        })
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
        self.0.reach(total, Vec::new);
        rows(columns, |row, bucket, value| match group_indices.get(row) {
            Some(group) if passes(filter, row) => self.put(*group, &pack(bucket, value)),
            _ => Ok(()),
        })
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let emitted = self.0.emit(emit_to);
        Ok(Arc::new(BinaryViewArray::from_iter_values(emitted)))
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
        self.0.reach(total, Vec::new);
        for (packed, group) in states(columns)?.iter().zip(group_indices) {
            self.put(*group, packed.unwrap_or_default())?;
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
            Ok(())
        })?;
        let states = packed
            .iter()
            .map(|packed| packed.as_ref().map_or(&[][..], |all| all));
        Ok(vec![Arc::new(BinaryViewArray::from_iter_values(states))])
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.0.size()
    }
}
