//! The scan in a rule's plan, taken out and replaced by a feed: rows come from a scan that rules share.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{Result, exec_datafusion_err};
use datafusion::datasource::physical_plan::FileScanConfig;
use datafusion::datasource::source::DataSourceExec;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr::projection::{ProjectionExpr, ProjectionExprs};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties};
use futures::stream;
use tokio::sync::mpsc;

use crate::specialize::{Asked, below, parquet};

/// How many batches wait for a rule before the scan waits for it.
const WAITING: usize = 4;

/// What rows are sent to.
pub(super) type Sender = mpsc::Sender<Result<RecordBatch>>;

/// A plan that is fed.
pub(super) struct Fed {
    pub(super) plan: Arc<dyn ExecutionPlan>,
    pub(super) wants: Wants,
}

/// What a plan's scan was to give.
pub(super) struct Wants {
    /// By the names of the table's columns.
    pub(super) asked: Asked,
    /// What the feed gives.
    pub(super) schema: SchemaRef,
    /// The scan of files; none where archives are read.
    pub(super) files: Option<FileScanConfig>,
    /// One for each partition of the feed.
    pub(super) senders: Vec<Sender>,
}

/// The plan with its scan of events replaced. None where it has several, which would wait for each other, or one that ends
/// early.
pub(super) fn fed(plan: &Arc<dyn ExecutionPlan>, store: &ObjectStoreUrl) -> Result<Option<Fed>> {
    let mut all: Vec<Option<Wants>> = Vec::new();
    let replace = |node: Arc<dyn ExecutionPlan>| {
        let (scan, made) = below(&node)?;
        let Some(found) = events(scan, made.as_ref(), store) else {
            return Ok(Transformed::no(node));
        };
        let Some((asked, files)) = found else {
            all.push(None);
            return Ok(Transformed::new(node, false, TreeNodeRecursion::Jump));
        };
        let schema = node.schema();
        let mut senders = Vec::new();
        let mut partitions: Vec<Arc<dyn PartitionStream>> = Vec::new();
        for _ in 0..node.output_partitioning().partition_count() {
            let (sender, receiver) = mpsc::channel(WAITING);
            senders.push(sender);
            partitions.push(Arc::new(Feed {
                schema: Arc::clone(&schema),
                receiver: Mutex::new(Some(receiver)),
            }));
        }
        let feed =
            StreamingTableExec::try_new(Arc::clone(&schema), partitions, None, [], false, None)?;
        all.push(Some(Wants {
            asked,
            schema,
            files,
            senders,
        }));
        Ok(Transformed::new(
            Arc::new(feed) as Arc<dyn ExecutionPlan>,
            true,
            TreeNodeRecursion::Jump,
        ))
    };
    let plan = Arc::clone(plan).transform_down(replace).data()?;
    Ok(match (all.pop(), all.is_empty()) {
        (Some(Some(wants)), true) => Some(Fed { plan, wants }),
        _ => None,
    })
}

/// What a scan of events asks; none where it isn't one, and an inner none where it can't be fed.
#[allow(clippy::type_complexity, reason = "it is taken apart at once")]
fn events(
    scan: &Arc<dyn ExecutionPlan>,
    made: Option<&ProjectionExprs>,
    store: &ObjectStoreUrl,
) -> Option<Option<(Asked, Option<FileScanConfig>)>> {
    if let Some(scan) = scan.downcast_ref::<DataSourceExec>() {
        let (config, source) = parquet(scan)?;
        if config.object_store_url != *store {
            return None;
        }
        let whole = config.limit.is_none() && !config.preserve_order;
        let asked = Asked::of(source, made).filter(|_| whole);
        return Some(asked.map(|asked| (asked, Some(config.clone()))));
    }
    let scan = scan.downcast_ref::<StreamingTableExec>()?;
    if scan.limit().is_some() {
        return Some(None);
    }
    let schema = scan.projected_schema();
    let columns = schema.fields().iter().enumerate();
    let columns = columns.map(|(place, field)| {
        let column = Column::new(field.name(), place);
        ProjectionExpr::new(Arc::new(column), field.name().clone())
    });
    let asked = Asked {
        predicate: None,
        projection: columns.collect(),
        above: made.map(|made| made.iter().cloned().collect()),
    };
    Some(Some((asked, None)))
}

/// One partition of rows that are sent.
struct Feed {
    schema: SchemaRef,
    receiver: Mutex<Option<mpsc::Receiver<Result<RecordBatch>>>>,
}

impl fmt::Debug for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Feed")
    }
}

impl PartitionStream for Feed {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let mut receiver = self.receiver.lock().unwrap_or_else(PoisonError::into_inner);
        let schema = Arc::clone(&self.schema);
        match receiver.take() {
            Some(mut receiver) => {
                let rows = stream::poll_fn(move |context| receiver.poll_recv(context));
                Box::pin(RecordBatchStreamAdapter::new(schema, rows))
            }
            None => {
                let twice = exec_datafusion_err!("a plan that is fed runs once");
                let rows = stream::iter([Err(twice)]);
                Box::pin(RecordBatchStreamAdapter::new(schema, rows))
            }
        }
    }
}
