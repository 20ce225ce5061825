//! Scans that know their files: what a plan asks of every row and the table's log has answered for whole files is left
//! out, file by file.
//!
//! A query within a timeframe asks each event for its time, one in a bucket for its bucket, and wherever a column stands
//! for the JSON text each row is asked whether the column can be believed; the text has to be at hand for those few rows
//! where it can't. The log knows the bounds of times, the buckets, and how many rows of a file are mistyped in which
//! column. This rule, the last of all, deals the files of a scan out by what is known of them ([`facts`]), leaves out of
//! the conditions and expressions of each share what is settled there ([`fold`]), and so the columns that nobody reads any
//! more. In files with mistyped rows these are scanned apart, and only they bring their texts.

mod facts;
mod fold;
mod shares;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::datasource::source::DataSourceExec;
use datafusion::execution::cache::cache_manager::FileMetadataCache;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr::projection::{ProjectionExpr, ProjectionExprs};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::projection::ProjectionExec;

use crate::scan;
pub(crate) use facts::{Fact, Known};
pub(crate) use fold::{join, parts, truth};
pub(crate) use shares::{Asked, parquet, renamed};

/// The rule's name.
pub(crate) const NAME: &str = "specialize";

/// The rule.
pub(crate) struct Specialize {
    /// Where footers are kept between scans.
    pub(crate) footers: Arc<FileMetadataCache>,
}

impl std::fmt::Debug for Specialize {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Specialize")
    }
}

impl PhysicalOptimizerRule for Specialize {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        // Where scans are not given the conditions above them, there is nothing to leave out.
        let plan = match config.execution.parquet.pushdown_filters {
            true => specialized(plan)?,
            false => plan,
        };
        let plan = plan.transform_down(|node| {
            let lean = match node.downcast_ref::<DataSourceExec>() {
                Some(exec) => scan::lean(exec, &self.footers)?,
                None => None,
            };
            Ok(match lean {
                Some(lean) => Transformed::new(lean, true, TreeNodeRecursion::Jump),
                None => Transformed::no(node),
            })
        });
        plan.data()
    }

    fn name(&self) -> &str {
        NAME
    }

    fn schema_check(&self) -> bool {
        // A branch that is left out may have been the only one with nulls.
        false
    }
}

/// What lies below a node's projections, and what they make of its rows together; nothing is made where there are none. What
/// several expressions have in common, DataFusion has a projection of its own for.
pub(crate) fn below(
    node: &Arc<dyn ExecutionPlan>,
) -> Result<(&Arc<dyn ExecutionPlan>, Option<ProjectionExprs>)> {
    let (mut node, mut made) = (node, None::<ProjectionExprs>);
    while let Some(projection) = node.downcast_ref::<ProjectionExec>() {
        let inner = projection.projection_expr();
        let whole = match made {
            None => inner.clone(),
            Some(outer) => {
                let inner: Vec<_> = inner.iter().map(|made| &made.expr).collect();
                let through =
                    |column: &Column| inner.get(column.index()).map(|made| Arc::clone(made));
                let made = outer.iter().map(|made| {
                    let expr = renamed(&made.expr, through)?;
                    Ok(ProjectionExpr::new(expr, made.alias.clone()))
                });
                ProjectionExprs::new(made.collect::<Result<Vec<_>>>()?)
            }
        };
        (node, made) = (projection.input(), Some(whole));
    }
    Ok((node, made))
}

/// A plan whose scans know their files.
fn specialized(plan: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    // From above: what is made of a scan's columns may be what needs a text for mistyped rows only.
    plan.transform_down(|node| {
        let (scan, made) = below(&node)?;
        let special = match scan.downcast_ref::<DataSourceExec>() {
            Some(source) => shares::special(source, made.as_ref())?,
            None => None,
        };
        Ok(match special {
            // The scans of it are done with.
            Some(special) => Transformed::new(special, true, TreeNodeRecursion::Jump),
            None => Transformed::no(node),
        })
    })
    .data()
}
