//! The way of rows from a shared scan to one query: its condition, and what its plan has made of columns.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use arrow::array::ArrayRef;
use arrow::compute::filter_record_batch;
use arrow::datatypes::{Field, Schema, SchemaRef};
use arrow::record_batch::{RecordBatch, RecordBatchOptions};
use datafusion::common::Result;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr::utils::collect_columns;

use super::any_of::{Condition, Values};
use super::feed::{Sender, Wants};
use crate::specialize::{Asked, renamed, truth};

type Expr = Arc<dyn PhysicalExpr>;

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

    /// Sends the query its rows of a batch.
    pub(super) async fn give(&self, partition: usize, batch: &RecordBatch, values: &mut Values) {
        let began = Instant::now();
        let made = self.made(batch, values);
        let spent = u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.spent.fetch_add(spent, Ordering::Relaxed);
        if let Some(made) = made.transpose() {
            self.send(partition, made).await;
        }
    }

    /// What the query gets of a batch; none where no row of it.
    fn made(&self, batch: &RecordBatch, values: &mut Values) -> Result<Option<RecordBatch>> {
        let met = match &self.condition {
            None => None,
            Some(condition) => match condition.rows(batch, values)? {
                None => return Ok(None),
                Some(rows) => Some(rows),
            },
        };
        let mut own = batch.project(&self.places)?;
        if let Some(rows) = met.filter(|rows| rows.true_count() < rows.len()) {
            own = filter_record_batch(&own, &rows)?;
        }
        if own.num_rows() == 0 {
            return Ok(None);
        }
        let rows = own.num_rows();
        let each = |exprs: &[Expr], from: &RecordBatch| -> Result<Vec<_>> {
            let made = exprs.iter();
            made.map(|expr| expr.evaluate(from)?.into_array(rows))
                .collect()
        };
        let mut arrays = each(&self.projection, &own)?;
        if let Some(above) = &self.above {
            let fields = arrays.iter().enumerate().map(|(place, array)| {
                Field::new(format!("c{place}"), array.data_type().clone(), true)
            });
            let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
            arrays = each(above, &batch_of(schema, arrays, rows)?)?;
        }
        batch_of(Arc::clone(&self.schema), arrays, rows).map(Some)
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
