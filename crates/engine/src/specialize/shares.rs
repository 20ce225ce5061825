//! A scan, as a union of scans of files of which the same is known.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{Result, ScalarValue};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{
    FileGroup, FileScanConfig, FileScanConfigBuilder, FileSource, ParquetSource,
};
use datafusion::datasource::source::DataSourceExec;
use datafusion::logical_expr::Operator;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{Column, Literal, is_not_null, is_null, lit};
use datafusion::physical_expr::projection::{ProjectionExpr, ProjectionExprs};
use datafusion::physical_expr::utils::collect_columns;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::union::UnionExec;
use lake::cloudtrail::house;

use super::facts::{Fact, Known};
use super::fold::{fold, join, truth};

type Expr = Arc<dyn PhysicalExpr>;

/// What a scan asks of its rows, and what it makes of them.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) predicate: Option<Expr>,
    pub(crate) projection: Vec<ProjectionExpr>,
    /// What is made of that in turn.
    pub(crate) above: Option<Vec<ProjectionExpr>>,
}

/// A scan in the making.
struct Share {
    asked: Asked,
    /// Its files by the groups that they were in.
    files: BTreeMap<usize, Vec<PartitionedFile>>,
}

/// A scan of the same rows that leaves out what is known; none where nothing is gained. With `made` it gives what a
/// projection makes of its rows, if regular rows then need no texts any more.
pub(super) fn special(
    exec: &DataSourceExec,
    made: Option<&ProjectionExprs>,
) -> Result<Option<Arc<dyn ExecutionPlan>>> {
    let Some((config, source)) = parquet(exec) else {
        return Ok(None);
    };
    let Some(asked) = Asked::of(source, made) else {
        return Ok(None);
    };
    if made.is_some() {
        let all = asked.facts()?;
        let least = asked.where_holds(&all.iter().collect::<Vec<_>>())?;
        if !asked.makes_of(house::CONTENT) || least.makes_of(house::CONTENT) {
            return Ok(None);
        }
    }
    let facts = asked.facts()?;
    let files = config.file_groups.iter().enumerate();
    let files = files.flat_map(|(group, files)| files.iter().map(move |file| (group, file)));
    if facts.is_empty() || config.preserve_order {
        return Ok(None);
    }
    // The files by the facts that hold in them.
    let mut classes: BTreeMap<Vec<bool>, BTreeMap<usize, Vec<PartitionedFile>>> = BTreeMap::new();
    for (group, file) in files {
        let known = file.extension::<Known>();
        let tells = |fact| known.is_some_and(|known| known.tells(fact));
        let class = classes
            .entry(facts.iter().map(tells).collect())
            .or_default();
        class.entry(group).or_default().push(file.clone());
    }
    let mut gained = classes.keys().any(|holds| holds.contains(&true));
    let mut shares = Vec::new();
    for (holds, files) in classes {
        let facts = || facts.iter().zip(&holds);
        let holding: Vec<&Fact> = facts()
            .filter_map(|(fact, holds)| holds.then_some(fact))
            .collect();
        let asked = asked.where_holds(&holding)?;
        if asked.predicate.as_ref().and_then(truth) == Some(false) {
            continue;
        }
        let rest: Vec<&Fact> = facts()
            .filter_map(|(fact, holds)| (!holds).then_some(fact))
            .collect();
        match asked.apart(&rest)? {
            Some((regular, mistyped)) => {
                gained = true;
                shares.push(Share {
                    asked: regular,
                    files: files.clone(),
                });
                shares.push(Share {
                    asked: mistyped,
                    files,
                });
            }
            None => shares.push(Share { asked, files }),
        }
    }
    match gained {
        true => rebuilt(config, source, shares),
        false => Ok(None),
    }
}

/// What a scan of Parquet files is made of.
pub(crate) fn parquet(exec: &DataSourceExec) -> Option<(&FileScanConfig, &ParquetSource)> {
    let config = exec.data_source().downcast_ref::<FileScanConfig>()?;
    Some((config, config.file_source.downcast_ref::<ParquetSource>()?))
}

impl Asked {
    /// What a scan asks, and what a projection `made` makes of its rows.
    pub(crate) fn of(source: &ParquetSource, made: Option<&ProjectionExprs>) -> Option<Asked> {
        Some(Asked {
            predicate: source.filter(),
            projection: source.projection()?.iter().cloned().collect(),
            above: made.map(|made| made.iter().cloned().collect()),
        })
    }

    /// What would settle parts of it, each once.
    pub(crate) fn facts(&self) -> Result<Vec<Fact>> {
        let mut facts = Vec::new();
        let mut note = |fact: &Fact| {
            if !facts.contains(fact) {
                facts.push(fact.clone());
            }
            false
        };
        for expr in self.exprs() {
            fold(expr, &mut note)?;
        }
        for made in self.above.iter().flatten() {
            fold(&self.seen_through(&made.expr)?, &mut note)?;
        }
        Ok(facts)
    }

    /// The condition, and what is made of rows.
    pub(crate) fn exprs(&self) -> impl Iterator<Item = &Expr> {
        let made = self.projection.iter().map(|made| &made.expr);
        self.predicate.iter().chain(made)
    }

    /// The same where these facts hold.
    pub(crate) fn where_holds(&self, facts: &[&Fact]) -> Result<Asked> {
        let mut holds = |fact: &Fact| facts.contains(&fact);
        let predicate = match &self.predicate {
            Some(predicate) => Some(fold(predicate, &mut holds)?),
            None => None,
        };
        let mut asked = Asked {
            predicate: predicate.filter(|predicate| truth(predicate) != Some(true)),
            projection: each(&self.projection, |expr| fold(expr, &mut holds))?,
            above: None,
        };
        if let Some(above) = &self.above {
            let above = each(above, |expr| {
                let seen = fold(&asked.seen_through(expr)?, &mut holds)?;
                asked.named_again(seen)
            })?;
            let used: HashSet<usize> = above
                .iter()
                .flat_map(|made| collect_columns(&made.expr))
                .map(|column| column.index())
                .collect();
            for (place, made) in asked.projection.iter_mut().enumerate() {
                if !used.contains(&place) {
                    made.expr = lit(ScalarValue::Null);
                }
            }
            asked.above = Some(above);
        }
        Ok(asked)
    }

    /// An expression above the scan, with the names that its columns have in the table, where they are such.
    fn seen_through(&self, expr: &Expr) -> Result<Expr> {
        renamed(expr, |column| {
            let made = self.projection.get(column.index())?;
            if made.expr.downcast_ref::<Literal>().is_some() {
                return Some(Arc::clone(&made.expr));
            }
            let name = made.expr.downcast_ref::<Column>().map_or("", Column::name);
            Some(Arc::new(Column::new(name, column.index())))
        })
    }

    /// The reverse of [`Asked::seen_through`].
    fn named_again(&self, expr: Expr) -> Result<Expr> {
        renamed(&expr, |column| {
            let made = self.projection.get(column.index())?;
            Some(Arc::new(Column::new(&made.alias, column.index())))
        })
    }

    fn makes_of(&self, name: &str) -> bool {
        let mut made = self.projection.iter();
        made.any(|made| {
            let columns = collect_columns(&made.expr);
            columns.iter().any(|column| column.name() == name)
        })
    }

    /// The regular rows and those that are mistyped, apart, where only the latter need their texts.
    fn apart(&self, unsettled: &[&Fact]) -> Result<Option<(Asked, Asked)>> {
        let about =
            |fact: &&&Fact| matches!(fact, Fact::Regular | Fact::Believed(_) | Fact::WithinLimit);
        let about: Vec<&Fact> = unsettled.iter().filter(about).copied().collect();
        if about.is_empty() || !self.makes_of(house::CONTENT) {
            return Ok(None);
        }
        let mut regular = self.where_holds(&about)?;
        if regular.makes_of(house::CONTENT) {
            return Ok(None);
        }
        let Some(mistyped) = self.mistyped_column() else {
            return Ok(None);
        };
        let (null, not_null) = (is_null(Arc::clone(&mistyped))?, is_not_null(mistyped)?);
        let both = |predicate: &Option<Expr>, more: Expr| {
            let parts = [Some(more), predicate.clone()];
            join(parts.into_iter().flatten(), Operator::And)
        };
        regular.predicate = both(&regular.predicate, null);
        let mistyped = Asked {
            predicate: both(&self.predicate, not_null),
            projection: self.projection.clone(),
            above: self.above.clone(),
        };
        Ok(Some((regular, mistyped)))
    }

    /// The column `mistyped`, if something asks for it.
    fn mistyped_column(&self) -> Option<Expr> {
        let mut columns = self.exprs().flat_map(collect_columns);
        let column = columns.find(|column: &Column| column.name() == house::MISTYPED)?;
        Some(Arc::new(column))
    }
}

/// Expressions changed one by one.
fn each(
    made: &[ProjectionExpr],
    mut change: impl FnMut(&Expr) -> Result<Expr>,
) -> Result<Vec<ProjectionExpr>> {
    made.iter()
        .map(|made| Ok(ProjectionExpr::new(change(&made.expr)?, made.alias.clone())))
        .collect()
}

/// An expression with other columns, where `name` has some.
pub(crate) fn renamed(expr: &Expr, name: impl Fn(&Column) -> Option<Expr>) -> Result<Expr> {
    Arc::clone(expr)
        .transform(|node| {
            let other = node.downcast_ref::<Column>().and_then(&name);
            Ok(match other {
                Some(other) => Transformed::new(other, true, TreeNodeRecursion::Jump),
                None => Transformed::no(node),
            })
        })
        .data()
}

/// The scans of the shares, side by side.
fn rebuilt(
    config: &FileScanConfig,
    source: &ParquetSource,
    shares: Vec<Share>,
) -> Result<Option<Arc<dyn ExecutionPlan>>> {
    if shares.is_empty() {
        return Ok(None);
    }
    let mut scans: Vec<Arc<dyn ExecutionPlan>> = Vec::new();
    for Share { asked, files } in shares {
        let mut special = ParquetSource::new(source.table_schema().clone())
            .with_table_parquet_options(source.table_parquet_options().clone());
        if let Some(reader) = source.parquet_file_reader_factory() {
            special = special.with_parquet_file_reader_factory(Arc::clone(reader));
        }
        if let Some(predicate) = asked.predicate {
            special = special.with_predicate(predicate);
        }
        let projection = ProjectionExprs::new(asked.projection);
        let Some(special) = special.try_pushdown_projection(&projection)? else {
            return Ok(None);
        };
        let groups = files.into_values().map(FileGroup::new).collect();
        let config = FileScanConfigBuilder::from(config.clone())
            .with_source(special)
            .with_file_groups(groups)
            .build();
        let scan = DataSourceExec::from_data_source(config);
        scans.push(match asked.above {
            Some(above) => Arc::new(ProjectionExec::try_new(above, scan)?),
            None => scan,
        });
    }
    let one = config.file_groups.len() == 1;
    let all: Arc<dyn ExecutionPlan> = match scans.len() {
        1 => return Ok(scans.pop()),
        _ => UnionExec::try_new(scans)?,
    };
    // Who asked for one partition gets one, and no more rows than were asked for.
    Ok(Some(match one {
        true => Arc::new(CoalescePartitionsExec::new(all).with_fetch(config.limit)),
        false => all,
    }))
}
