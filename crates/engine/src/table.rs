//! The events as a DataFusion table: a provider of ours that plans to the stock Parquet source.

use std::fmt;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{Result, ScalarValue, Statistics};
use datafusion::config::TableParquetOptions;
use datafusion::datasource::TableType;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_plan::ExecutionPlan;
use lake::cloudtrail::house;
use lake::{File, Lake, Layout};
use object_store::ObjectMeta;

use crate::pruning;
use crate::scan::Local;
use crate::specialize::Known;

/// The events of some files of a lake.
pub(crate) struct EventTable {
    /// Where DataFusion finds the lake's store.
    store: ObjectStoreUrl,
    lake: Lake,
    files: Vec<File>,
    schema: TableSchema,
}

impl EventTable {
    /// The table of `files`, which all have the columns of `layout`.
    pub(crate) fn new(
        store: ObjectStoreUrl,
        lake: Lake,
        layout: &Layout,
        files: Vec<File>,
    ) -> EventTable {
        let date = Arc::new(Field::new(house::EVENT_DATE, DataType::Date32, true));
        let schema = TableSchema::builder(layout.schema())
            .with_table_partition_cols(vec![date])
            .build();
        EventTable {
            store,
            lake,
            files,
            schema,
        }
    }

    fn partitioned(&self, file: &File) -> PartitionedFile {
        let meta = ObjectMeta {
            location: self.lake.object_path(file),
            last_modified: chrono::DateTime::UNIX_EPOCH,
            size: file.size,
            e_tag: None,
            version: None,
        };
        let scanned = PartitionedFile::new_from_meta(meta)
            .with_partition_values(vec![ScalarValue::Date32(file.date)]);
        let scanned = match self.lake.remote() {
            None => scanned.with_extension(Local(self.lake.folder().join(&file.path))),
            Some(_) => scanned,
        };
        match Known::of(file) {
            Some(known) => scanned.with_extension(known),
            None => scanned,
        }
    }
}

impl fmt::Debug for EventTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventTable")
            .field("files", &self.files.len())
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl TableProvider for EventTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(self.schema.table_schema())
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>> {
        // Files are passed over by them; the scan itself takes what it can from the filter above it.
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let files = pruning::surviving(state, &self.schema(), filters, &self.files)?;
        let groups = groups(&files, |file| file.size, state.config().target_partitions())
            .into_iter()
            .map(|group| {
                FileGroup::new(
                    group
                        .into_iter()
                        .map(|file| self.partitioned(file))
                        .collect(),
                )
            })
            .collect();
        let options = TableParquetOptions {
            global: state.config_options().execution.parquet.clone(),
            ..TableParquetOptions::default()
        };
        let source = ParquetSource::new(self.schema.clone()).with_table_parquet_options(options);
        let config = FileScanConfigBuilder::new(self.store.clone(), Arc::new(source))
            .with_file_groups(groups)
            .with_projection_indices(projection.cloned())?
            .with_limit(limit)
            .with_statistics(Statistics::new_unknown(&self.schema()))
            .build();
        Ok(DataSourceExec::from_data_source(config))
    }
}

/// The files in as many groups as there are partitions, of about equal `size`; each keeps the order of the files.
pub(crate) fn groups<F>(files: &[F], size: impl Fn(&F) -> u64, partitions: usize) -> Vec<Vec<&F>> {
    let total: u64 = files.iter().map(&size).sum();
    let share = total / partitions.max(1) as u64 + 1;
    let mut groups: Vec<Vec<&F>> = vec![Vec::new()];
    let mut taken = 0;
    for file in files {
        if taken >= share * groups.len() as u64 {
            groups.push(Vec::new());
        }
        taken += size(file);
        if let Some(group) = groups.last_mut() {
            group.push(file);
        }
    }
    groups
}
