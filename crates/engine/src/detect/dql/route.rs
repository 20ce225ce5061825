//! The way of rows from a shared scan to one query: its condition, and what its plan has made of columns.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use arrow::array::ArrayRef;
use arrow::compute::BatchCoalescer;
use arrow::datatypes::{Field, Schema, SchemaRef};
use arrow::record_batch::{RecordBatch, RecordBatchOptions};
use datafusion::common::{DataFusionError, Result};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr::utils::collect_columns;

use super::any_of::{Condition, Values};
use super::feed::{Sender, Wants};
use crate::specialize::{Asked, renamed, truth};

type Expr = Arc<dyn PhysicalExpr>;

/// How many rows are sent at once. The few of a batch would keep all of its texts in memory.
const ROWS: usize = 8_192;

/// Rows for one query that are not sent yet, of one partition of the scan.
#[derive(Default)]
pub(super) struct Gathered(Option<BatchCoalescer>);

/// The way of rows to one query.
pub(super) struct Route {
    /// What its rows meet, over the scan's columns.
    condition: Option<Condition>,
    /// The columns of the scan that the rest is made of.
    places: Vec<usize>,
    projection: Vec<Expr>,
    above: Option<Vec<Expr>>,
    schema: SchemaRef,
    senders: Vec<Sender>,
    /// Whether the query wants no more.
    closed: AtomicBool,
    /// Nanoseconds spent on it.
    spent: Arc<AtomicU64>,
}

impl Route {
    /// For what a query asks of a scan whose rows have the columns `names`.
    pub(super) fn new(
        asked: &Asked,
        wants: &Wants,
        spent: &Arc<AtomicU64>,
        names: &[String],
    ) -> Result<Route> {
        let bound = |expr: &Expr, places: &[usize]| {
            renamed(expr, |column| {
                let mut names = places.iter().filter_map(|place| names.get(*place));
                let place = names.position(|name| name == column.name())?;
                Some(Arc::new(Column::new(column.name(), place)))
            })
        };
        let all: Vec<usize> = (0..names.len()).collect();
        let predicate = asked.predicate.as_ref();
        let predicate = predicate.filter(|predicate| truth(predicate) != Some(true));
        let condition = predicate
            .map(|predicate| bound(predicate, &all))
            .transpose()?;
        let made = asked.projection.iter().map(|made| &made.expr);
        let used: BTreeSet<String> = made
            .clone()
            .flat_map(collect_columns)
            .map(|column| column.name().to_owned())
            .collect();
        let places = all.into_iter();
        let places: Vec<usize> = places
            .filter(|place| names.get(*place).is_some_and(|name| used.contains(name)))
            .collect();
        let above = asked.above.as_ref();
        Ok(Route {
            condition: condition.map(Condition::new),
            projection: made
                .map(|expr| bound(expr, &places))
                .collect::<Result<_>>()?,
            above: above.map(|above| above.iter().map(|made| Arc::clone(&made.expr)).collect()),
            places,
            schema: Arc::clone(&wants.schema),
            senders: wants.senders.clone(),
            closed: AtomicBool::new(false),
            spent: Arc::clone(spent),
        })
    }

    /// Whether the query wants no more.
    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    /// Takes the query's rows of a batch, and sends those that have become many.
    pub(super) async fn give(
        &self,
        partition: usize,
        batch: &RecordBatch,
        values: &mut Values,
        gathered: &mut Gathered,
    ) {
        let began = Instant::now();
        let made = self.take(batch, values, gathered);
        self.note(began);
        self.send_all(partition, made).await;
    }

    /// Sends what is left of the query's rows.
    pub(super) async fn end(&self, partition: usize, mut gathered: Gathered) {
        let began = Instant::now();
        let made = match &mut gathered.0 {
            None => Ok(Vec::new()),
            Some(rows) => rows
                .finish_buffered_batch()
                .map_err(DataFusionError::from)
                .and_then(|()| self.completed(rows)),
        };
        self.note(began);
        self.send_all(partition, made).await;
    }

    fn note(&self, began: Instant) {
        let spent = u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.spent.fetch_add(spent, Ordering::Relaxed);
    }

    async fn send_all(&self, partition: usize, made: Result<Vec<RecordBatch>>) {
        match made {
            Ok(made) => {
                for made in made {
                    self.send(partition, Ok(made)).await;
                }
            }
            Err(error) => self.send(partition, Err(error)).await,
        }
    }

    /// What the query gets now that this batch has come.
    fn take(
        &self,
        batch: &RecordBatch,
        values: &mut Values,
        gathered: &mut Gathered,
    ) -> Result<Vec<RecordBatch>> {
        let met = match &self.condition {
            None => None,
            Some(condition) => match condition.rows(batch, values)? {
                None => return Ok(Vec::new()),
                met => met,
            },
        };
        let own = batch.project(&self.places)?;
        if own.num_columns() == 0 {
            let rows = met.map_or(own.num_rows(), |met| met.true_count());
            let none = batch_of(own.schema(), Vec::new(), rows)?;
            return Ok(vec![self.made(&none)?]);
        }
        let rows = gathered
            .0
            .get_or_insert_with(|| BatchCoalescer::new(own.schema(), ROWS));
        match met {
            Some(met) => rows.push_batch_with_filter(own, &met)?,
            None => rows.push_batch(own)?,
        }
        self.completed(rows)
    }

    fn completed(&self, rows: &mut BatchCoalescer) -> Result<Vec<RecordBatch>> {
        let completed = std::iter::from_fn(|| rows.next_completed_batch());
        completed.map(|batch| self.made(&batch)).collect()
    }

    /// What the query's plan makes of its rows.
    fn made(&self, own: &RecordBatch) -> Result<RecordBatch> {
        let rows = own.num_rows();
        let each = |exprs: &[Expr], from: &RecordBatch| -> Result<Vec<_>> {
            let made = exprs.iter();
            made.map(|expr| expr.evaluate(from)?.into_array(rows))
                .collect()
        };
        let mut arrays = each(&self.projection, own)?;
        if let Some(above) = &self.above {
            let fields = arrays.iter().enumerate().map(|(place, array)| {
                Field::new(format!("c{place}"), array.data_type().clone(), true)
            });
            let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
            arrays = each(above, &batch_of(schema, arrays, rows)?)?;
        }
        batch_of(Arc::clone(&self.schema), arrays, rows)
    }

    /// Sends the query rows, or why there are no more.
    pub(super) async fn send(&self, partition: usize, rows: Result<RecordBatch>) {
        let place = partition % self.senders.len().max(1);
        let Some(sender) = self.senders.get(place) else {
            return;
        };
        if sender.send(rows).await.is_err() {
            self.closed.store(true, Ordering::Relaxed);
        }
    }
}

fn batch_of(schema: SchemaRef, arrays: Vec<ArrayRef>, rows: usize) -> Result<RecordBatch> {
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    Ok(RecordBatch::try_new_with_options(schema, arrays, &options)?)
}
