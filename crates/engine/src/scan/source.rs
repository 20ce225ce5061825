//! The stock Parquet source with a look ahead: what is to be read of each file is found out before it is opened.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex};

use arrow::datatypes::{FieldRef, Schema, SchemaRef};
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{DataFusionError, Result};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::{
    ParquetFileMetrics, ParquetFileReaderFactory, RowGroupAccessPlanFilter,
};
use datafusion::datasource::physical_plan::{
    FileOpener, FileScanConfig, FileScanConfigBuilder, FileSource, ParquetSource,
};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::execution::cache::cache_manager::FileMetadataCache;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::projection::ProjectionExprs;
use datafusion::physical_expr::utils::{collect_columns, reassign_expr_columns};
use datafusion::physical_optimizer::pruning::{PruningPredicate, PruningPredicateBuilder};
use datafusion::physical_plan::filter_pushdown::FilterPushdownPropagation;
use datafusion::physical_plan::metrics::{ExecutionPlanMetricsSet, MetricBuilder};
use datafusion::physical_plan::{DisplayFormatType, ExecutionPlan};
use datafusion_datasource::morsel::{MorselPlan, MorselPlanner, Morselizer};
use futures::FutureExt;
use futures::future::BoxFuture;
use object_store::ObjectStore;
use parquet::arrow::async_reader::AsyncFileReader;
use parquet::arrow::parquet_to_arrow_schema;
use parquet::file::metadata::ParquetMetaData;

use super::condition::Conditions;
use super::footer::{Footer, Readers, with_places};
use super::select;

/// From so many bytes of chosen row groups on, the places of their pages are read, and then only pages with chosen rows.
const WORTH_PLACES: u64 = 1 << 20;

/// From one in so many chosen rows on, the others are passed over run by run. The stock source would unpack all of them and
/// take the chosen ones out, which is quicker for short runs of numbers, and slower for texts.
const SPARSE: usize = 8;

/// A scan of Parquet files that reads no more than it needs; none of what is no such scan. The last step of planning: what
/// rules know as the stock source is hidden in it.
pub(crate) fn lean(
    exec: &DataSourceExec,
    cache: &Arc<FileMetadataCache>,
) -> Result<Option<Arc<dyn ExecutionPlan>>> {
    let Some(config) = exec.data_source().downcast_ref::<FileScanConfig>() else {
        return Ok(None);
    };
    let Some(stock) = config.file_source.downcast_ref::<ParquetSource>() else {
        return Ok(None);
    };
    let predicate = stock.filter();
    let conditions = match stock.table_parquet_options().global.pushdown_filters {
        true => Conditions::of(predicate.as_ref(), stock.table_schema().file_schema())?,
        false => Conditions::default(),
    };
    let Some(projection) = stock.projection() else {
        return Ok(None);
    };
    let all = projection.iter().map(|made| &made.expr);
    let columns = all.chain(&predicate).flat_map(collect_columns);
    let columns = columns.map(|column| column.name().to_owned()).collect();
    let bare = match conditions.is_empty() {
        true => stock.clone(),
        // A source can be given a predicate, and it can't be taken away.
        false => {
            let bare = ParquetSource::new(stock.table_schema().clone())
                .with_table_parquet_options(stock.table_parquet_options().clone());
            let bare = bare.try_pushdown_projection(projection)?;
            match bare.and_then(|bare| bare.downcast_ref::<ParquetSource>().cloned()) {
                Some(bare) => bare,
                None => return Ok(None),
            }
        }
    };
    let source = LeanSource {
        bare,
        shown: stock.clone(),
        columns: Arc::new(columns),
        conditions: Arc::new(conditions),
        cache: Arc::clone(cache),
    };
    let config = FileScanConfigBuilder::from(config.clone())
        .with_source(Arc::new(source))
        .build();
    Ok(Some(DataSourceExec::from_data_source(config)))
}

/// The source of such a scan.
#[derive(Clone)]
struct LeanSource {
    /// The stock source: without a predicate where parts of it are decided in advance.
    bare: ParquetSource,
    /// The stock source as it was planned.
    shown: ParquetSource,
    columns: Arc<BTreeSet<String>>,
    conditions: Arc<Conditions>,
    cache: Arc<FileMetadataCache>,
}

impl FileSource for LeanSource {
    fn create_file_opener(
        &self,
        store: Arc<dyn ObjectStore>,
        config: &FileScanConfig,
        partition: usize,
    ) -> Result<Arc<dyn FileOpener>> {
        self.bare.create_file_opener(store, config, partition)
    }

    fn create_morselizer(
        &self,
        store: Arc<dyn ObjectStore>,
        config: &FileScanConfig,
        partition: usize,
    ) -> Result<Box<dyn Morselizer>> {
        let readers: Arc<dyn ParquetFileReaderFactory> = Arc::new(Readers::new(
            Arc::clone(&store),
            Arc::clone(&self.cache),
            self.columns.as_ref().clone(),
        ));
        let bare = self
            .bare
            .clone()
            .with_parquet_file_reader_factory(Arc::clone(&readers));
        if self.conditions.is_empty() {
            return bare.create_morselizer(store, config, partition);
        }
        Ok(Box::new(Lean(Arc::new(Scan {
            pruning: self.pruning()?,
            bare,
            readers,
            conditions: Arc::clone(&self.conditions),
            store,
            config: config.clone(),
            partition,
            opened: Mutex::new(HashMap::new()),
        }))))
    }

    fn table_schema(&self) -> &TableSchema {
        self.bare.table_schema()
    }

    fn with_batch_size(&self, size: usize) -> Arc<dyn FileSource> {
        let sized = self.bare.with_batch_size(size);
        let bare = sized.downcast_ref::<ParquetSource>();
        Arc::new(LeanSource {
            bare: bare.unwrap_or(&self.bare).clone(),
            ..self.clone()
        })
    }

    fn filter(&self) -> Option<Arc<dyn PhysicalExpr>> {
        self.shown.filter()
    }

    fn projection(&self) -> Option<&ProjectionExprs> {
        self.bare.projection()
    }

    fn metrics(&self) -> &ExecutionPlanMetricsSet {
        self.bare.metrics()
    }

    fn file_type(&self) -> &str {
        self.bare.file_type()
    }

    fn fmt_extra(&self, form: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shown.fmt_extra(form, f)
    }

    fn reorder_files(&self, files: Vec<PartitionedFile>) -> Vec<PartitionedFile> {
        self.bare.reorder_files(files)
    }

    fn try_pushdown_filters(
        &self,
        filters: Vec<Arc<dyn PhysicalExpr>>,
        _config: &ConfigOptions,
    ) -> Result<FilterPushdownPropagation<Arc<dyn FileSource>>> {
        use datafusion::physical_plan::filter_pushdown::PushedDown;
        let none = vec![PushedDown::No; filters.len()];
        Ok(FilterPushdownPropagation::with_parent_pushdown_result(none))
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        self.shown.apply_expressions(f)
    }
}

impl LeanSource {
    /// What row groups are passed over by.
    fn pruning(&self) -> Result<Option<(SchemaRef, Arc<PruningPredicate>)>> {
        let Some(predicate) = self.conditions.predicate() else {
            return Ok(None);
        };
        let table = self.table_schema().file_schema();
        let fields = table.fields().iter();
        let fields = fields.filter(|field| self.columns.contains(field.name()));
        let schema = Arc::new(Schema::new(fields.cloned().collect::<Vec<_>>()));
        // A column of the log's, the day: it has told of whole files.
        if collect_columns(&predicate)
            .iter()
            .any(|column| schema.index_of(column.name()).is_err())
        {
            return Ok(None);
        }
        let predicate = reassign_expr_columns(predicate, &schema)?;
        let pruning = PruningPredicateBuilder::new()
            .with_file_schema(Arc::clone(&schema))
            .with_max_in_list_size(self.bare.max_in_list_size())
            .build(predicate);
        Ok(pruning.map(|pruning| (schema, pruning)))
    }
}

/// How the stock source reads a file.
#[derive(PartialEq, Eq, Hash)]
struct Way {
    /// The parts of the predicate that it need not ask any more.
    decided: Vec<bool>,
    /// Whether it passes over rows run by run.
    sparse: bool,
}

/// One partition of a scan.
struct Scan {
    bare: ParquetSource,
    readers: Arc<dyn ParquetFileReaderFactory>,
    conditions: Arc<Conditions>,
    /// The predicate, over a schema with the columns that are needed.
    pruning: Option<(SchemaRef, Arc<PruningPredicate>)>,
    store: Arc<dyn ObjectStore>,
    config: FileScanConfig,
    partition: usize,
    opened: Mutex<HashMap<Way, Arc<dyn Morselizer>>>,
}

struct Lean(Arc<Scan>);

impl fmt::Debug for Lean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Lean").field(&self.0.partition).finish()
    }
}

impl Morselizer for Lean {
    fn plan_file(&self, file: PartitionedFile) -> Result<Box<dyn MorselPlanner>> {
        let scan = Arc::clone(&self.0);
        Ok(Box::new(Ahead(scan.planned(file).boxed())))
    }
}

impl Scan {
    /// The stock source's plan for what is to be read of a file.
    async fn planned(self: Arc<Self>, file: PartitionedFile) -> Result<Box<dyn MorselPlanner>> {
        let metrics = self.bare.metrics();
        let mut reader: Box<dyn AsyncFileReader> =
            self.readers
                .create_reader(self.partition, file.clone(), None, metrics)?;
        let mut footer = reader.get_metadata(None).await?;
        let mut groups = RowGroupAccessPlanFilter::new(select::all(&footer));
        if let Some(range) = &file.range {
            groups.prune_by_range(footer.row_groups(), range);
        }
        let before = groups.remaining_row_group_count();
        self.prune(&mut groups, &footer);
        let mut plan = groups.build();
        select::sift(&self.conditions, &footer, &mut plan, reader.as_mut()).await?;
        let selected = select::select(&self.conditions, &footer, plan, reader.as_mut()).await?;
        let left = selected.plan.row_group_indexes().len();
        MetricBuilder::new(metrics)
            .counter("pushdown_rows_pruned", self.partition)
            .add(selected.rows - selected.chosen);
        MetricBuilder::new(metrics)
            .pruning_metrics("row_groups_pruned_statistics", self.partition)
            .add_pruned(before - left);
        if left == 0 {
            return Ok(Box::new(Nothing));
        }
        let fewer = selected.chosen < selected.rows;
        if fewer && select::bytes_of(&selected.plan, &footer) >= WORTH_PLACES {
            footer = with_places(&footer, &mut reader).await?;
        }
        let file = file
            .with_extension(selected.plan)
            .with_extension(Footer(footer));
        self.opened(Way {
            sparse: selected.chosen <= selected.rows / SPARSE,
            decided: selected.decided,
        })?
        .plan_file(file)
    }

    /// Passes over row groups by their bounds. In a file with one the log's bounds have done so.
    fn prune(&self, groups: &mut RowGroupAccessPlanFilter, footer: &ParquetMetaData) {
        let Some(predicate) = &self.pruning else {
            return;
        };
        if groups.remaining_row_group_count() < 2 {
            return;
        }
        let columns = footer.file_metadata().schema_descr();
        let (schema, predicate) = predicate;
        // Bounds are found by the places of columns, and read as their types: of another engine's file they may be others.
        let Ok(physical) = parquet_to_arrow_schema(columns, None) else {
            return;
        };
        let same = |(file, scan): (&FieldRef, &FieldRef)| {
            let (ty, asked) = (file.data_type(), scan.data_type());
            file.name() == scan.name() && (ty == asked || ty.is_string() && asked.is_string())
        };
        let fields = physical.fields().iter().zip(schema.fields());
        if physical.fields().len() != schema.fields().len() || !fields.into_iter().all(same) {
            return;
        }
        // What it counts is counted once all is known.
        let counted = ParquetFileMetrics::new(0, "", &ExecutionPlanMetricsSet::new());
        groups.prune_by_statistics(schema, columns, footer.row_groups(), predicate, &counted);
    }

    /// The stock source, in this way.
    fn opened(&self, way: Way) -> Result<Arc<dyn Morselizer>> {
        let poisoned = |_| DataFusionError::Internal("a scan ended early".to_owned());
        let mut opened = self.opened.lock().map_err(poisoned)?;
        if let Some(opened) = opened.get(&way) {
            return Ok(Arc::clone(opened));
        }
        let source = match self.conditions.rest(&way.decided) {
            Some(rest) => self.bare.with_predicate(rest),
            None if way.sparse => {
                let mut options = self.bare.table_parquet_options().clone();
                options.global.force_filter_selections = true;
                self.bare.clone().with_table_parquet_options(options)
            }
            None => self.bare.clone(),
        };
        let store = Arc::clone(&self.store);
        let stock = source.create_morselizer(store, &self.config, self.partition)?;
        let stock: Arc<dyn Morselizer> = Arc::from(stock);
        opened.insert(way, Arc::clone(&stock));
        Ok(stock)
    }
}

/// A file that is looked into.
struct Ahead(BoxFuture<'static, Result<Box<dyn MorselPlanner>>>);

impl fmt::Debug for Ahead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ahead")
    }
}

impl MorselPlanner for Ahead {
    fn plan(self: Box<Self>) -> Result<Option<MorselPlan>> {
        Ok(Some(MorselPlan::new().with_pending_planner(self.0)))
    }
}

/// A file with nothing to read.
#[derive(Debug)]
struct Nothing;

impl MorselPlanner for Nothing {
    fn plan(self: Box<Self>) -> Result<Option<MorselPlan>> {
        Ok(None)
    }
}
