//! How many different texts there are in each group, exactly: sets of numbers that stand for the texts.

#[cfg(test)]
mod tests;

use std::mem::size_of;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BooleanArray, Int64Array, StringViewArray};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};
use hashbrown::HashSet;

use super::accumulate::{column, states};
use super::exact::{MOST, too_many};
use super::{BEFORE, passes};
use crate::value::numbers::Texts;
use crate::value::recent::{PLACES, Recent};
use crate::value::{Value, decode};

/// `countDistinctExact` of strings. A state is an array of the strings.
#[derive(Debug, Default)]
pub(super) struct ExactTexts {
    texts: Texts,
    /// The groups and the texts that they have had.
    seen: HashSet<(u32, u32)>,
    /// Of these, the last ones.
    recent: Recent<u64>,
    /// How many texts each group has had.
    counts: Vec<usize>,
    /// Room for the numbers of a batch.
    numbers: Vec<u32>,
}

impl ExactTexts {
    fn put(&mut self, group: usize, number: u32) -> Result<()> {
        let Ok(place) = u32::try_from(group) else {
            return exec_err!("there are more groups than 32 bits count");
        };
        if self.seen.len() <= PLACES {
            let both = u64::from(place) << 32 | u64::from(number);
            if self.recent.get(both).is_some() {
                return Ok(());
            }
            self.recent.put(both, 1);
        }
        if self.seen.insert((place, number))
            && let Some(count) = self.counts.get_mut(group)
        {
            *count += 1;
            if *count > MOST {
                return too_many();
            }
        }
        Ok(())
    }

    /// The counts of groups that are given out, and the texts that they have had, group by group.
    fn emit(&mut self, emit_to: EmitTo) -> (Vec<usize>, Vec<(u32, u32)>) {
        let counts = emit_to.take_needed(&mut self.counts);
        let given = counts.len();
        let all = std::mem::take(&mut self.seen);
        self.recent.clear();
        let mut emitted = Vec::with_capacity(counts.iter().sum());
        for (group, number) in all {
            match (group as usize).checked_sub(given) {
                None => emitted.push((group, number)),
                Some(left) => _ = self.seen.insert((left as u32, number)),
            }
        }
        emitted.sort_unstable();
        if self.counts.is_empty() {
            self.texts = Texts::default();
        }
        (counts, emitted)
    }
}

/// The strings of rows.
fn strings(columns: &[ArrayRef]) -> Result<&StringViewArray> {
    let column = columns.get(BEFORE);
    match column.and_then(|column| column.as_string_view_opt()) {
        Some(strings) => Ok(strings),
        None => exec_err!("an aggregation is not given the texts that it takes"),
    }
}

impl GroupsAccumulator for ExactTexts {
    fn update_batch(
        &mut self,
        columns: &[ArrayRef],
        group_indices: &[usize],
        filter: Option<&BooleanArray>,
        total: usize,
    ) -> Result<()> {
        self.counts.resize(total, 0);
        let column = strings(columns)?;
        let mut numbers = std::mem::take(&mut self.numbers);
        numbers.clear();
        self.texts.number(column, &mut numbers);
        for (row, (number, group)) in numbers.iter().zip(group_indices).enumerate() {
            // 0 is null, which is not counted.
            if *number > 0 && passes(filter, row) {
                self.put(*group, *number)?;
            }
        }
        self.numbers = numbers;
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let (counts, _) = self.emit(emit_to);
        let counts = counts.into_iter().map(|count| i64::try_from(count).ok());
        Ok(Arc::new(counts.collect::<Int64Array>()))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let texts: Vec<Box<str>> = self.texts.texts().to_vec();
        let (counts, emitted) = self.emit(emit_to);
        let mut rest = emitted.as_slice();
        Ok(column(counts.into_iter().map(|count| {
            let (of_group, others) = rest.split_at(count.min(rest.len()));
            rest = others;
            let of_group = of_group.iter().filter_map(|(_, number)| {
                let text = texts.get((*number as usize).checked_sub(1)?)?;
                Some(Value::string(text.as_ref()))
            });
            Value::Array(of_group.collect())
        })))
    }

    fn merge_batch(
        &mut self,
        columns: &[ArrayRef],
        group_indices: &[usize],
        total: usize,
    ) -> Result<()> {
        self.counts.resize(total, 0);
        for (state, group) in states(columns)?.iter().zip(group_indices) {
            let Some(state) = state.map(decode) else {
                continue;
            };
            for text in state.as_array().unwrap_or_default() {
                if let Some(text) = text.as_str() {
                    let number = self.texts.text(text);
                    self.put(*group, number)?;
                }
            }
        }
        Ok(())
    }

    fn convert_to_state(
        &self,
        columns: &[ArrayRef],
        filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        let rows = strings(columns)?.iter().enumerate();
        Ok(column(rows.map(|(row, string)| {
            let string = string.filter(|_| passes(filter, row));
            let string = string.map(Value::string);
            Value::Array(string.into_iter().collect())
        })))
    }

    fn size(&self) -> usize {
        size_of::<Self>()
            + self.texts.size()
            + self.recent.size()
            + self.seen.capacity() * (size_of::<(u32, u32)>() + 1)
            + self.counts.capacity() * size_of::<usize>()
            + self.numbers.capacity() * size_of::<u32>()
    }
}
