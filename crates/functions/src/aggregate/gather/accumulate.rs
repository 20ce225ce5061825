//! Gatherers as the accumulators that DataFusion knows: one for a plan without groups, one for all groups at once.

use std::mem::size_of;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, StringViewArray, StringViewBuilder};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{Accumulator, EmitTo, GroupsAccumulator};

use super::{BEFORE, Call, Gather, passes};
use crate::aggregate::held::{Held, Holds};
use crate::value::column::{Builder, Reader};
use crate::value::distinct::Repeats;
use crate::value::{Value, decode, encode};

/// Gives `take` the values of every row.
fn rows(
    call: &Call,
    columns: &[ArrayRef],
    mut take: impl FnMut(usize, &[Value<'_>]) -> Result<()>,
) -> Result<()> {
    let columns = columns.get(BEFORE..).unwrap_or_default();
    if columns.len() != call.types.len() {
        return exec_err!("an aggregation is not given the values that it takes");
    }
    let readers: Vec<Reader<'_>> = columns
        .iter()
        .zip(&call.types)
        .map(|(column, ty)| Reader::new(column.as_ref(), ty))
        .collect::<Result<_>>()?;
    let mut row = Vec::with_capacity(readers.len());
    for place in 0..columns.first().map_or(0, |column| column.len()) {
        row.clear();
        row.extend(readers.iter().map(|reader| reader.get(place)));
        take(place, &row)?;
    }
    Ok(())
}

pub(super) fn states(columns: &[ArrayRef]) -> Result<&StringViewArray> {
    match columns.first().and_then(|state| state.as_string_view_opt()) {
        Some(states) => Ok(states),
        None => exec_err!("the state of an aggregation is value text"),
    }
}

fn text(state: &Value<'_>) -> String {
    let mut text = String::new();
    encode(state, &mut text);
    text
}

/// The column of states of groups.
pub(super) fn column<'a>(states: impl IntoIterator<Item = Value<'a>>) -> Vec<ArrayRef> {
    let mut builder = StringViewBuilder::new();
    let states = states.into_iter();
    states.for_each(|state| builder.append_value(text(&state)));
    vec![Arc::new(builder.finish())]
}

impl<G: Gather> Holds for G {
    fn bytes(&self) -> usize {
        self.size()
    }
}

/// One group.
#[derive(Debug)]
pub(super) struct One<G> {
    call: Call,
    group: G,
}

impl<G: Gather> One<G> {
    pub(super) fn new(call: Call) -> Self {
        One {
            group: G::new(&call.settings),
            call,
        }
    }
}

impl<G: Gather> Accumulator for One<G> {
    fn update_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let group = &mut self.group;
        rows(&self.call, columns, |_, row| group.add(row))
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let mut builder = Builder::new(&self.call.returns, 1);
        builder.push(&self.group.result());
        ScalarValue::try_from_array(&builder.finish(), 0)
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.group.size()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let text = text(&self.group.state());
        Ok(vec![ScalarValue::Utf8View(Some(text))])
    }

    fn merge_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        for state in states(columns)?.iter().flatten() {
            self.group.merge(&decode(state))?;
        }
        Ok(())
    }
}

/// All groups of an aggregation.
#[derive(Debug)]
pub(super) struct Groups<G> {
    call: Call,
    held: Held<G>,
}

impl<G: Gather> Groups<G> {
    pub(super) fn new(call: Call) -> Self {
        Groups {
            call,
            held: Held::default(),
        }
    }

    fn reach(&mut self, total: usize) {
        let settings = &self.call.settings;
        self.held.reach(total, || G::new(settings));
    }
}

impl<G: Gather> GroupsAccumulator for Groups<G> {
    fn update_batch(
        &mut self,
        columns: &[ArrayRef],
        group_indices: &[usize],
        filter: Option<&BooleanArray>,
        total: usize,
    ) -> Result<()> {
        self.reach(total);
        let held = &mut self.held;
        let values = columns.get(BEFORE..).unwrap_or_default();
        if G::SKIPS_NULL
            && let Some(first) = values.first()
            && first.null_count() == first.len()
        {
            return Ok(());
        }
        let mut repeats = match values {
            [values] if G::KNOWS_REPEATS => values.as_string_view_opt().map(Repeats::new),
            _ => None,
        };
        rows(&self.call, columns, |place, row| {
            match group_indices.get(place) {
                Some(at) if passes(filter, place) => {
                    let repeats = repeats.as_mut();
                    match repeats.is_some_and(|repeats| repeats.again(*at, place)) {
                        true => Ok(()),
                        false => held.change(*at, |group| group.add(row)),
                    }
                }
                _ => Ok(()),
            }
        })
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let mut groups = self.held.emit(emit_to);
        let mut builder = Builder::new(&self.call.returns, groups.len());
        groups
            .iter_mut()
            .for_each(|group| builder.push(&group.result()));
        Ok(builder.finish())
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let mut groups = self.held.emit(emit_to);
        Ok(column(groups.iter_mut().map(Gather::state)))
    }

    fn merge_batch(
        &mut self,
        columns: &[ArrayRef],
        group_indices: &[usize],
        total: usize,
    ) -> Result<()> {
        self.reach(total);
        for (state, at) in states(columns)?.iter().zip(group_indices) {
            if let Some(state) = state {
                self.held.change(*at, |group| group.merge(&decode(state)))?;
            }
        }
        Ok(())
    }

    fn convert_to_state(
        &self,
        columns: &[ArrayRef],
        filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        let mut states = Vec::with_capacity(columns.first().map_or(0, |column| column.len()));
        rows(&self.call, columns, |place, row| {
            let mut group = G::new(&self.call.settings);
            if passes(filter, place) {
                group.add(row)?;
            }
            states.push(group.state());
            Ok(())
        })?;
        Ok(column(states))
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.held.size()
    }
}
