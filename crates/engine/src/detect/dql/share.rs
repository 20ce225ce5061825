//! The scans that queries of rules share: the columns that any of them asks, once, and of the rows those that any of them
//! may want; each query is sent its own.
//!
//! Regular rows are scanned without the records' texts where that is enough, as a query alone would be
//! ([`crate::specialize`]); the few mistyped ones apart.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use datafusion::common::{DataFusionError, Result};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{
    FileGroup, FileScanConfig, FileScanConfigBuilder, FileSource, ParquetSource,
};
use datafusion::datasource::source::DataSourceExec;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::logical_expr::Operator;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{Column, in_list, is_not_null, is_null, lit};
use datafusion::physical_expr::projection::{ProjectionExpr, ProjectionExprs};
use datafusion::physical_expr::utils::{Guarantee, LiteralGuarantee, collect_columns};
use datafusion::physical_plan::ExecutionPlan;
use futures::StreamExt;
use lake::cloudtrail::house;

use super::any_of::{AnyOf, Values};
use super::feed::Wants;
use super::route::{Gathered, Route};
use crate::specialize::{Asked, Fact, Known, join, parts, truth};

type Expr = Arc<dyn PhysicalExpr>;

/// Columns by which events are told apart first, that which leaves the fewest before the others.
const TELLING: [&str; 3] = ["event_name", "event_source", "error_code"];

/// What a query wants, and where the time spent on it is counted, in nanoseconds.
pub(super) type Wanted = (Wants, Arc<AtomicU64>);

/// A scan for several queries.
pub(super) struct Shared {
    pub(super) plan: Arc<dyn ExecutionPlan>,
    routes: Vec<Route>,
}

/// What one query wants of one scan.
struct Part<'a> {
    asked: Asked,
    wants: &'a Wants,
    spent: Arc<AtomicU64>,
}

/// The scans of one lake that give these queries what they want, in as many partitions as there are `threads`.
///
/// `heavy` are the columns of long texts: no row's is read before other columns have left the row.
pub(super) fn of_lake(
    all: &[Wanted],
    threads: usize,
    heavy: &BTreeSet<String>,
) -> Result<Vec<Shared>> {
    let mut files: BTreeMap<String, PartitionedFile> = BTreeMap::new();
    let configs = all.iter().filter_map(|(wants, _)| wants.files.as_ref());
    for file in configs.clone().flat_map(|config| &config.file_groups) {
        for file in file.iter() {
            // Large files are cut into ranges anew.
            let mut file = file.clone();
            file.range = None;
            files.insert(file.object_meta.location.to_string(), file);
        }
    }
    let Some(like) = configs.clone().next() else {
        return Ok(Vec::new());
    };
    let files: Vec<PartitionedFile> = files.into_values().collect();
    let tells = |file: &PartitionedFile, fact: &Fact| {
        let known = file.extension::<Known>();
        known.is_some_and(|known| known.tells(fact))
    };
    let irregular: Vec<PartitionedFile> = files
        .iter()
        .filter(|file| !tells(file, &Fact::Regular))
        .cloned()
        .collect();
    let (mut columns, mut texts, mut whole) = (Vec::new(), Vec::new(), Vec::new());
    let mut mistyped = Vec::new();
    for (wants, spent) in all {
        let facts = wants.asked.facts()?;
        let of_all = |fact: &&Fact| files.iter().all(|file| tells(file, fact));
        let known: Vec<&Fact> = facts.iter().filter(of_all).collect();
        let about =
            |fact: &&Fact| matches!(fact, Fact::Regular | Fact::Believed(_) | Fact::WithinLimit);
        let regular: Vec<&Fact> = facts
            .iter()
            .filter(|fact| about(fact) || of_all(fact))
            .collect();
        let part = |asked: Asked| Part {
            asked,
            wants,
            spent: Arc::clone(spent),
        };
        let regular = part(wants.asked.where_holds(&regular)?);
        match (
            names(&regular.asked).is_disjoint(heavy),
            regular.light(heavy),
        ) {
            (true, _) => columns.push(regular),
            (false, Some(_)) => texts.push(regular),
            // Every row's text is read, for those alone.
            (false, None) => whole.push(regular),
        }
        mistyped.push(part(wants.asked.where_holds(&known)?));
    }
    let mut scans = Vec::new();
    let is_regular = |irregular: bool| -> Result<Option<Expr>> {
        let Some(column) = column(like, house::MISTYPED) else {
            return Ok(None);
        };
        match irregular {
            true => is_not_null(column).map(Some),
            false => is_null(column).map(Some),
        }
    };
    for parts in [columns, texts, whole] {
        let only = match irregular.is_empty() {
            true => None,
            false => is_regular(false)?,
        };
        scans.extend(scan(like, &files, parts, only, (threads, heavy))?);
    }
    if !irregular.is_empty() {
        let only = is_regular(true)?;
        scans.extend(scan(like, &irregular, mistyped, only, (threads, heavy))?);
    }
    Ok(scans)
}

/// The columns of an archive's table that these queries read.
pub(super) fn columns_of_archive(all: &[Wanted]) -> BTreeSet<String> {
    let parts = all.iter().map(|(wants, _)| &wants.asked);
    parts.flat_map(names).collect()
}

/// A scan of an archive that gives these columns.
pub(super) fn of_archive(all: &[Wanted], plan: Arc<dyn ExecutionPlan>) -> Result<Shared> {
    let names: Vec<String> = plan
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    let routes = all.iter().map(|(wants, spent)| {
        let part = Part {
            asked: wants.asked.clone(),
            wants,
            spent: Arc::clone(spent),
        };
        part.route(&names)
    });
    Ok(Shared {
        routes: routes.collect::<Result<_>>()?,
        plan,
    })
}

/// A scan of these files like another one; none where no row is wanted.
fn scan(
    like: &FileScanConfig,
    files: &[PartitionedFile],
    mut parts: Vec<Part<'_>>,
    only: Option<Expr>,
    (threads, heavy): (usize, &BTreeSet<String>),
) -> Result<Option<Shared>> {
    let never = |part: &Part<'_>| part.asked.predicate.as_ref().and_then(truth) == Some(false);
    parts.retain(|part| !never(part));
    let Some(source) = like.file_source.downcast_ref::<ParquetSource>() else {
        return Ok(None);
    };
    if parts.is_empty() {
        return Ok(None);
    }
    let read: BTreeSet<String> = parts.iter().flat_map(|part| names(&part.asked)).collect();
    let names: Vec<String> = read.into_iter().collect();
    let columns = names
        .iter()
        .filter_map(|name| Some(ProjectionExpr::new(column(like, name)?, name.clone())));
    // What is asked of long texts is left to the way to each query.
    let wanted: Option<Vec<Expr>> = parts.iter().map(|part| part.light(heavy)).collect();
    let needed = wanted.as_deref().map(|wanted| needed(like, wanted));
    let any = wanted.map(|wanted| match <[Expr; 1]>::try_from(wanted) {
        Ok([one]) => one,
        Err(wanted) => Arc::new(AnyOf::new(wanted)) as Expr,
    });
    let mut special = ParquetSource::new(source.table_schema().clone())
        .with_table_parquet_options(source.table_parquet_options().clone());
    if let Some(reader) = source.parquet_file_reader_factory() {
        special = special.with_parquet_file_reader_factory(Arc::clone(reader));
    }
    let conditions = only.into_iter().chain(needed.transpose()?.flatten());
    if let Some(predicate) = join(conditions.chain(any), Operator::And) {
        special = special.with_predicate(predicate);
    }
    let columns = ProjectionExprs::new(columns.collect::<Vec<_>>());
    let Some(special) = special.try_pushdown_projection(&columns)? else {
        return Ok(None);
    };
    let groups = crate::table::groups(files, |file| file.object_meta.size, threads);
    let groups = groups.into_iter().map(|group| {
        let files = group.into_iter().cloned();
        FileGroup::new(files.collect())
    });
    let config = FileScanConfigBuilder::from(like.clone())
        .with_source(special)
        .with_file_groups(groups.collect())
        .build();
    let routes = parts.iter().map(|part| part.route(&names));
    Ok(Some(Shared {
        routes: routes.collect::<Result<_>>()?,
        plan: DataSourceExec::from_data_source(config),
    }))
}

/// What a row that any of these wants has in a column, where each of them asks for some texts of it. Said apart, since statistics
/// and dictionaries rule rows out by it.
fn needed(like: &FileScanConfig, wanted: &[Expr]) -> Result<Option<Expr>> {
    for name in TELLING {
        let texts_of = |wanted: &Expr| {
            let mut all = LiteralGuarantee::analyze(wanted).into_iter();
            let of = all.find(|one| one.guarantee == Guarantee::In && one.column.name() == name);
            of.map(|of| of.literals)
        };
        let texts: Option<Vec<_>> = wanted.iter().map(texts_of).collect();
        let (Some(texts), Some(column)) = (texts, column(like, name)) else {
            continue;
        };
        let texts: HashSet<_> = texts.into_iter().flatten().collect();
        let texts = texts.into_iter().map(lit).collect();
        let schema = like.file_source.table_schema().table_schema();
        return in_list(column, texts, &false, schema).map(Some);
    }
    Ok(None)
}

/// A column of a scan's table.
fn column(like: &FileScanConfig, name: &str) -> Option<Expr> {
    let source = like.file_source.downcast_ref::<ParquetSource>()?;
    let place = source.table_schema().table_schema().index_of(name).ok()?;
    Some(Arc::new(Column::new(name, place)))
}

/// The columns that are asked.
fn names(asked: &Asked) -> BTreeSet<String> {
    let columns = asked.exprs().flat_map(collect_columns);
    columns.map(|column| column.name().to_owned()).collect()
}

impl Part<'_> {
    /// What rows meet, as far as no long texts tell.
    fn light(&self, heavy: &BTreeSet<String>) -> Option<Expr> {
        let all = parts(self.asked.predicate.as_ref()?, Operator::And).into_iter();
        let light = all.filter(|part| {
            let mut columns = collect_columns(part).into_iter();
            !columns.any(|column| heavy.contains(column.name()))
        });
        join(light, Operator::And)
    }

    /// The way of rows with the columns `names`.
    fn route(&self, names: &[String]) -> Result<Route> {
        Route::new(&self.asked, self.wants, &self.spent, names)
    }
}

impl Shared {
    /// Sends the rows of a partition of the scan to the queries that want them.
    pub(super) async fn pump(
        self: Arc<Shared>,
        partition: usize,
        mut rows: SendableRecordBatchStream,
    ) {
        let mut gathered: Vec<Gathered> = self.routes.iter().map(|_| Gathered::default()).collect();
        while let Some(batch) = rows.next().await {
            let batch = match batch {
                Ok(batch) => batch,
                Err(error) => {
                    let error = Arc::new(error);
                    for route in &self.routes {
                        let error = DataFusionError::Shared(Arc::clone(&error));
                        route.send(partition, Err(error)).await;
                    }
                    return;
                }
            };
            let mut values = Values::default();
            let mut wanted = false;
            for (route, gathered) in self.routes.iter().zip(&mut gathered) {
                if !route.is_closed() {
                    wanted = true;
                    route.give(partition, &batch, &mut values, gathered).await;
                }
            }
            if !wanted {
                return;
            }
        }
        for (route, gathered) in self.routes.iter().zip(gathered) {
            route.end(partition, gathered).await;
        }
    }
}
