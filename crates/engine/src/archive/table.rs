//! The events of archives as a DataFusion table: a provider that plans to the stock streaming source.

use std::fmt;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{DataFusionError, Result};
use datafusion::datasource::TableType;
use datafusion::logical_expr::Expr;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::streaming::StreamingTableExec;
use ingest::archive::schema;
use lake::cloudtrail::house;
use translator::Timeframe;

use super::scan::{Scan, partitions};
use super::{Readings, Source};

/// The fewest records of a batch, where a query wants few: an object is read whole in any case.
const FEWEST: u64 = 1_000;

/// The events of archives, those of a timeframe at least.
pub(crate) struct ArchiveTable {
    source: Arc<Source>,
    timeframe: Timeframe,
    schema: SchemaRef,
}

impl ArchiveTable {
    pub(super) fn new(source: Arc<Source>, timeframe: Timeframe) -> ArchiveTable {
        ArchiveTable {
            source,
            timeframe,
            schema: schema(),
        }
    }
}

impl fmt::Debug for ArchiveTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ArchiveTable")
            .field("archive", &self.source.archive)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl TableProvider for ArchiveTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let archive = self.source.list(self.timeframe).await;
        let archive = archive.map_err(|error| DataFusionError::External(Box::new(error)))?;
        let readings = state.config().get_extension::<Readings>();
        if let Some(readings) = &readings {
            readings.listed(archive.objects(), archive.found());
        }
        let projection = match projection {
            Some(projection) => projection.clone(),
            None => (0..self.schema.fields().len()).collect(),
        };
        let projected = Arc::new(self.schema.project(&projection)?);
        let mut options = self.source.options.clone();
        if let Some(limit) = limit {
            options.batch_records = options.batch_records.min(FEWEST.max(limit as u64));
        }
        // A query may ask whether a column is mistyped, and never for the column itself.
        let asks_all = projected.index_of(house::MISTYPED).is_ok();
        let scan = Scan {
            archive,
            columns: (!asks_all).then(|| Arc::clone(&projected)),
            projection,
            options,
            ids: self.source.ids,
            progress: Arc::clone(&self.source.archive.progress),
            readings,
        };
        let partitions = partitions(scan, &projected, state.config().target_partitions());
        let plan = StreamingTableExec::try_new(projected, partitions, None, [], false, limit)?;
        Ok(Arc::new(plan))
    }
}
