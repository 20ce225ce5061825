//! The events that a record of a query was made of: one text each, which sorts by time, and in groups the oldest ones.

use std::collections::BinaryHeap;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, ListArray, StringViewArray, StringViewBuilder,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, ColumnarValue, EmitTo, Expr, GroupsAccumulator,
    ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use crate::detect::plan::Record;

/// What the names of columns begin with that a query does not see.
pub(super) const HIDDEN: &str = "\u{1}";

/// The hexadecimal digits of the time before an event's identity.
const TIME: usize = 16;

/// The oldest events of one row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Oldest {
    /// The times of the first and the last of them, nanoseconds.
    pub(super) times: Option<(i64, i64)>,
    /// What tells them from all others, by time.
    pub(super) identities: Vec<Arc<str>>,
}

/// The events of each row of a column that [`super::carry::carried`] made.
pub(super) fn read(column: &ArrayRef) -> Vec<Oldest> {
    let one = |text: &str| Oldest {
        times: time(text).map(|time| (time, time)),
        identities: text.get(TIME..).map(Arc::from).into_iter().collect(),
    };
    if let Some(events) = column.as_string_view_opt() {
        let events = events.iter();
        return events
            .map(|text| text.map(one).unwrap_or_default())
            .collect();
    }
    let Some(lists) = column.as_list_opt::<i32>() else {
        return vec![Oldest::default(); column.len()];
    };
    let oldest = |list: Option<ArrayRef>| {
        let mut all = Oldest::default();
        let texts = list.as_ref().and_then(|list| list.as_string_view_opt());
        for event in texts.into_iter().flatten().flatten().map(one) {
            let first = all.times.or(event.times);
            all.times = first
                .zip(event.times)
                .map(|(first, last)| (first.0, last.1));
            all.identities.extend(event.identities);
        }
        all
    };
    lists.iter().map(oldest).collect()
}

/// An event as a text: its time, so that texts sort by it, and its identity.
fn text(record: &Record<'_>, row: usize) -> Box<str> {
    let sortable = record.time(row).cast_unsigned() ^ (1 << 63);
    format!("{sortable:0TIME$x}{}", record.identity(row)).into_boxed_str()
}

fn time(text: &str) -> Option<i64> {
    let sortable = u64::from_str_radix(text.get(..TIME)?, 16).ok()?;
    Some((sortable ^ (1 << 63)).cast_signed())
}

/// The event that a row is, given the columns of [`Record::NAMES`]; null for one without a time, which nobody can look up.
pub(super) fn event(columns: Vec<Expr>) -> Expr {
    ScalarUDF::from(EventOf {
        signature: Signature::any(Record::NAMES.len(), Volatility::Immutable),
    })
    .call(columns)
}

/// The `most` oldest events of a group: given the columns of [`Record::NAMES`], or the lists of groups inside it.
pub(super) fn oldest(columns: Vec<Expr>, most: usize) -> Expr {
    AggregateUDF::from(OldestEvents {
        signature: Signature::variadic_any(Volatility::Immutable),
        most,
    })
    .call(columns)
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct EventOf {
    signature: Signature,
}

impl ScalarUDFImpl for EventOf {
    fn name(&self) -> &str {
        "event_of"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8View)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let record = Record::of(&arrays)?;
        let rows = 0..record.rows();
        let texts = rows.map(|row| record.is_timed(row).then(|| text(&record, row)));
        Ok(ColumnarValue::Array(Arc::new(
            texts.collect::<StringViewArray>(),
        )))
    }
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct OldestEvents {
    signature: Signature,
    most: usize,
}

fn item() -> FieldRef {
    Arc::new(Field::new_list_field(DataType::Utf8View, true))
}

impl AggregateUDFImpl for OldestEvents {
    fn name(&self) -> &str {
        "oldest_events"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::List(item()))
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let list = DataType::List(item());
        Ok(vec![Arc::new(Field::new(args.name, list, true))])
    }

    fn accumulator(&self, _args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Groups::new(self.most)))
    }

    fn groups_accumulator_supported(&self, _args: AccumulatorArgs) -> bool {
        true
    }

    fn create_groups_accumulator(
        &self,
        _args: AccumulatorArgs,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(Groups::new(self.most)))
    }
}

/// The oldest events of each group, the newest of them at hand.
#[derive(Debug)]
pub(super) struct Groups {
    most: usize,
    groups: Vec<BinaryHeap<(i64, Box<str>)>>,
    /// Bytes of all texts.
    bytes: usize,
}

impl Groups {
    /// That keep at most so many events each.
    pub(super) fn new(most: usize) -> Groups {
        Groups {
            most,
            groups: Vec::new(),
            bytes: 0,
        }
    }

    fn reach(&mut self, groups: usize) {
        if self.groups.len() < groups {
            self.groups.resize_with(groups, BinaryHeap::new);
        }
    }

    /// Takes in an event, whose text is only made where it may be among the oldest.
    fn add(&mut self, group: usize, time: i64, text: impl FnOnce() -> Box<str>) {
        let Some(heap) = self.groups.get_mut(group) else {
            return;
        };
        let full = heap.len() >= self.most;
        if full && heap.peek().is_none_or(|(newest, _)| *newest < time) {
            return;
        }
        let text = text();
        self.bytes += text.len();
        heap.push((time, text));
        if full && let Some((_, newest)) = heap.pop() {
            self.bytes -= newest.len();
        }
    }

    fn add_list(&mut self, group: usize, list: &ArrayRef) {
        let Some(texts) = list.as_string_view_opt() else {
            return;
        };
        for text in texts.iter().flatten() {
            if let Some(time) = time(text) {
                self.add(group, time, || text.into());
            }
        }
    }

    fn update(
        &mut self,
        values: &[ArrayRef],
        group: impl Fn(usize) -> usize,
        taken: impl Fn(usize) -> bool,
    ) -> Result<()> {
        if let [lists] = values {
            let Some(lists) = lists.as_list_opt::<i32>() else {
                return exec_err!("events are gathered from lists of events");
            };
            for row in (0..lists.len()).filter(|row| lists.is_valid(*row) && taken(*row)) {
                self.add_list(group(row), &lists.value(row));
            }
            return Ok(());
        }
        let record = Record::of(values)?;
        let rows = 0..record.rows();
        for row in rows.filter(|row| record.is_timed(*row) && taken(*row)) {
            self.add(group(row), record.time(row), || text(&record, row));
        }
        Ok(())
    }

    /// The lists of the first groups, which are forgotten.
    fn emit(&mut self, emit_to: EmitTo) -> ListArray {
        let groups = emit_to.take_needed(&mut self.groups);
        let texts = groups.iter().flatten().map(|(_, text)| text.len());
        self.bytes -= texts.sum::<usize>();
        let mut texts = StringViewBuilder::new();
        let lengths = groups.into_iter().map(|group| {
            let mut events = group.into_sorted_vec();
            // An event may have become several rows.
            events.dedup();
            for (_, text) in &events {
                texts.append_value(text);
            }
            events.len()
        });
        let offsets = OffsetBuffer::from_lengths(lengths.collect::<Vec<_>>());
        ListArray::new(item(), offsets, Arc::new(texts.finish()), None)
    }

    fn held(&self) -> usize {
        let slots = self.groups.len() * size_of::<BinaryHeap<(i64, Box<str>)>>();
        // A time and where the text is stand beside each of some hundred bytes.
        size_of_val(self) + slots + self.bytes + self.bytes / 4
    }
}

impl GroupsAccumulator for Groups {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.reach(total_num_groups);
        let taken = |row| opt_filter.is_none_or(|f: &BooleanArray| f.is_valid(row) && f.value(row));
        self.update(values, |row| group_indices[row], taken)
    }

    fn merge_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        total_num_groups: usize,
    ) -> Result<()> {
        self.reach(total_num_groups);
        self.update(values, |row| group_indices[row], |_| true)
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        Ok(Arc::new(self.emit(emit_to)))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        Ok(vec![Arc::new(self.emit(emit_to))])
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        opt_filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        let rows = values.first().map_or(0, |array| array.len());
        let mut each = Groups::new(self.most);
        each.reach(rows);
        let taken = |row| opt_filter.is_none_or(|f: &BooleanArray| f.is_valid(row) && f.value(row));
        each.update(values, |row| row, taken)?;
        Ok(vec![Arc::new(each.emit(EmitTo::All))])
    }

    fn size(&self) -> usize {
        self.held()
    }
}

impl Accumulator for Groups {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.reach(1);
        self.update(values, |_| 0, |_| true)
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.reach(1);
        self.update(states, |_| 0, |_| true)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        self.reach(1);
        Ok(ScalarValue::List(Arc::new(self.emit(EmitTo::All))))
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Accumulator::evaluate(self).map(|list| vec![list])
    }

    fn size(&self) -> usize {
        self.held()
    }
}
