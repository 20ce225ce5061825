//! One partition of a first aggregation: numbers for its groups, and DataFusion's accumulators over these.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, UInt32Array};
use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use datafusion::common::{Result, ScalarValue};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::memory_pool::MemoryReservation;
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::Literal;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::aggregates::AggregateExec;
use datafusion::physical_plan::metrics::BaselineMetrics;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use futures::StreamExt;

use super::keys::{Numbers, Pairs};

/// What is asked of one aggregate function.
struct Asked {
    accumulator: Box<dyn GroupsAccumulator>,
    arguments: Vec<Argument>,
    filter: Option<Arc<dyn PhysicalExpr>>,
}

/// What a function is given with each batch.
enum Argument {
    /// The same for all rows, and made once: of more rows than batches mostly have.
    Constant(ArrayRef),
    Each(Arc<dyn PhysicalExpr>),
}

/// Groups on their way.
pub(super) struct Grouping {
    node: Arc<AggregateExec>,
    keys: Vec<Arc<dyn PhysicalExpr>>,
    numbers: Vec<Numbers>,
    /// Of the first key's numbers with the second's, of these with the third's, …
    pairs: Vec<Pairs>,
    asked: Vec<Asked>,
    /// Of one key: how many groups stand before that of null, once a row has it. A group that no row has yet must not be
    /// among them, for an accumulator may take it for one that has a value.
    null: Option<u32>,
    reservation: MemoryReservation,
    /// Rows since the groups were last given out.
    rows: usize,
    batch_size: usize,
    probe: Probe,
}

/// When rows are passed on as they are: with few rows a group, the groups are made once, by who comes after.
#[derive(Clone, Copy, Debug)]
pub(super) struct Probe {
    /// How many rows are looked at.
    pub(super) rows: usize,
    /// The groups a row above which they are passed on.
    pub(super) ratio: f64,
}

impl Grouping {
    /// For an aggregation whose keys have numbers.
    pub(super) fn new(
        node: &Arc<AggregateExec>,
        reservation: MemoryReservation,
        batch_size: usize,
        probe: Probe,
    ) -> Result<Grouping> {
        let keys = node.group_expr().input_exprs();
        let schema = node.input().schema();
        let mut numbers = Vec::new();
        for key in &keys {
            numbers.extend(Numbers::of(&key.data_type(&schema)?));
        }
        let mut grouping = Grouping {
            node: Arc::clone(node),
            pairs: keys.iter().skip(1).map(|_| Pairs::default()).collect(),
            keys,
            numbers,
            asked: Vec::new(),
            null: None,
            reservation,
            rows: 0,
            batch_size,
            probe,
        };
        grouping.asked = grouping.fresh()?;
        Ok(grouping)
    }

    fn fresh(&self) -> Result<Vec<Asked>> {
        let functions = self.node.aggr_expr().iter();
        functions
            .zip(self.node.filter_expr())
            .map(|(function, filter)| {
                let arguments = function.expressions().into_iter();
                Ok(Asked {
                    accumulator: function.create_groups_accumulator()?,
                    arguments: arguments
                        .map(|argument| Argument::of(argument, self.batch_size))
                        .collect::<Result<_>>()?,
                    filter: filter.clone(),
                })
            })
            .collect()
    }

    /// How many groups there are.
    fn total(&self) -> usize {
        match (self.pairs.last(), self.numbers.first()) {
            (Some(pairs), _) => pairs.len(),
            (None, Some(numbers)) => numbers.count() - usize::from(self.null.is_none()),
            (None, None) => 0,
        }
    }

    fn keys(&self, batch: &RecordBatch) -> Result<Vec<ArrayRef>> {
        let rows = batch.num_rows();
        let keys = self.keys.iter();
        keys.map(|key| key.evaluate(batch)?.into_array(rows))
            .collect()
    }

    /// Takes a batch of rows.
    fn take(&mut self, batch: &RecordBatch) -> Result<()> {
        let mut groups = Vec::with_capacity(batch.num_rows());
        let mut others = Vec::with_capacity(batch.num_rows());
        let columns = self.keys(batch)?;
        let mut columns = columns.iter().zip(&mut self.numbers);
        if let Some((column, numbers)) = columns.next() {
            numbers.number(column, &mut groups)?;
            if self.pairs.is_empty() {
                if column.null_count() > 0 {
                    self.null.get_or_insert(numbers.count() as u32 - 1);
                }
                groups
                    .iter_mut()
                    .for_each(|number| *number = group(*number, self.null));
            }
        }
        for ((column, numbers), pairs) in columns.zip(&mut self.pairs) {
            others.clear();
            numbers.number(column, &mut others)?;
            pairs.number(&mut groups, &others);
        }
        let groups: Vec<usize> = groups.into_iter().map(|group| group as usize).collect();
        let total = self.total();
        for asked in &mut self.asked {
            let (arguments, filter) = asked.evaluate(batch)?;
            asked
                .accumulator
                .update_batch(&arguments, &groups, filter.as_ref(), total)?;
        }
        self.rows += batch.num_rows();
        Ok(())
    }

    /// The rows as the groups of their own that they would be.
    fn passed(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let mut columns = self.keys(batch)?;
        for asked in &self.asked {
            let (arguments, filter) = asked.evaluate(batch)?;
            let accumulator = &asked.accumulator;
            columns.extend(accumulator.convert_to_state(&arguments, filter.as_ref())?);
        }
        Ok(RecordBatch::try_new(self.node.schema(), columns)?)
    }

    fn is_better_passed(&self) -> bool {
        self.rows >= self.probe.rows && self.total() as f64 > self.probe.ratio * self.rows as f64
    }

    /// Whether memory holds what there is.
    fn fits(&mut self) -> bool {
        let numbers: usize = self.numbers.iter().map(Numbers::size).sum();
        let pairs: usize = self.pairs.iter().map(Pairs::size).sum();
        let asked: usize = self
            .asked
            .iter()
            .map(|asked| asked.accumulator.size())
            .sum();
        self.reservation.try_resize(numbers + pairs + asked).is_ok()
    }

    /// All groups, and begins anew.
    fn groups(&mut self) -> Result<Option<RecordBatch>> {
        if self.rows == 0 {
            return Ok(None);
        }
        let mut all: Vec<u32> = (0..self.total() as u32).collect();
        if self.pairs.is_empty() {
            all.iter_mut()
                .for_each(|group| *group = number(*group, self.null));
        }
        let mut numbers = Vec::new();
        for pairs in self.pairs.iter().rev() {
            let (first, second) = pairs.split(&all);
            numbers.push(second);
            all = first;
        }
        numbers.push(all);
        numbers.reverse();
        let mut columns = Vec::new();
        for (known, numbers) in self.numbers.iter().zip(numbers) {
            columns.push(known.values(&UInt32Array::from(numbers))?);
        }
        for asked in &mut self.asked {
            columns.extend(asked.accumulator.state(EmitTo::All)?);
        }
        let batch = RecordBatch::try_new(self.node.schema(), columns)?;
        self.null = None;
        self.asked = self.fresh()?;
        self.numbers.iter_mut().for_each(Numbers::clear);
        self.pairs
            .iter_mut()
            .for_each(|pairs| *pairs = Pairs::default());
        self.rows = 0;
        self.reservation.free();
        Ok(Some(batch))
    }
}

/// The group of a key's number, where that of null stands behind so many.
fn group(number: u32, null: Option<u32>) -> u32 {
    match (number, null) {
        (0, null) => null.unwrap_or_default(),
        (number, Some(null)) if number > null => number,
        (number, _) => number - 1,
    }
}

/// The key's number of such a group.
fn number(group: u32, null: Option<u32>) -> u32 {
    match null {
        Some(null) if group == null => 0,
        Some(null) if group > null => group,
        _ => group + 1,
    }
}

impl Argument {
    fn of(argument: Arc<dyn PhysicalExpr>, rows: usize) -> Result<Argument> {
        Ok(match argument.downcast_ref::<Literal>() {
            Some(literal) => Argument::Constant(literal.value().to_array_of_size(rows)?),
            None => Argument::Each(argument),
        })
    }

    fn evaluate(&self, batch: &RecordBatch) -> Result<ArrayRef> {
        let rows = batch.num_rows();
        match self {
            Argument::Constant(all) if rows <= all.len() => Ok(all.slice(0, rows)),
            Argument::Constant(some) => {
                ScalarValue::try_from_array(some, 0)?.to_array_of_size(rows)
            }
            Argument::Each(argument) => argument.evaluate(batch)?.into_array(rows),
        }
    }
}

impl Asked {
    fn evaluate(&self, batch: &RecordBatch) -> Result<(Vec<ArrayRef>, Option<BooleanArray>)> {
        let rows = batch.num_rows();
        let arguments: Result<_> = self
            .arguments
            .iter()
            .map(|argument| argument.evaluate(batch))
            .collect();
        let filter = match &self.filter {
            Some(filter) => {
                let filter = filter.evaluate(batch)?.into_array(rows)?;
                Some(filter.as_boolean().clone())
            }
            None => None,
        };
        Ok((arguments?, filter))
    }
}

/// Where the stream is.
enum Step {
    Take,
    /// Rows are passed on.
    Pass,
    End,
}

/// The groups of `input`.
pub(super) fn stream(
    grouping: Grouping,
    input: SendableRecordBatchStream,
    metrics: BaselineMetrics,
) -> SendableRecordBatchStream {
    let schema: SchemaRef = grouping.node.schema();
    let state = (grouping, input, Step::Take, Waiting::default());
    let batches = futures::stream::try_unfold(state, move |state| {
        let metrics = metrics.clone();
        async move {
            let (mut grouping, mut input, mut step, mut waiting) = state;
            loop {
                if let Some(batch) = waiting.next(grouping.batch_size) {
                    metrics.record_output(batch.num_rows());
                    return Ok(Some((batch, (grouping, input, step, waiting))));
                }
                let next = match step {
                    Step::End => return Ok(None),
                    _ => input.next().await.transpose()?,
                };
                let timer = metrics.elapsed_compute().timer();
                waiting = Waiting::of(match (next, &step) {
                    (None, _) => {
                        step = Step::End;
                        grouping.groups()?
                    }
                    (Some(batch), Step::Pass) => Some(grouping.passed(&batch)?),
                    (Some(batch), _) => {
                        grouping.take(&batch)?;
                        if grouping.is_better_passed() {
                            step = Step::Pass;
                            grouping.groups()?
                        } else if grouping.fits() {
                            None
                        } else {
                            grouping.groups()?
                        }
                    }
                });
                timer.done();
            }
        }
    });
    Box::pin(RecordBatchStreamAdapter::new(schema, batches))
}

/// Rows that wait to be given out.
#[derive(Default)]
struct Waiting(Option<RecordBatch>);

impl Waiting {
    fn of(batch: Option<RecordBatch>) -> Waiting {
        Waiting(batch.filter(|batch| batch.num_rows() > 0))
    }

    fn next(&mut self, most: usize) -> Option<RecordBatch> {
        let batch = self.0.take()?;
        if batch.num_rows() <= most {
            return Some(batch);
        }
        self.0 = Some(batch.slice(most, batch.num_rows() - most));
        Some(batch.slice(0, most))
    }
}
