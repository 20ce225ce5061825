//! Grouping by texts, by their numbers.
//!
//! DataFusion hashes and compares the texts of each row. Most of ours stand in dictionaries: few of them, each in many rows.
//! The first of two aggregations, over the rows of one partition, therefore groups by numbers that stand for the texts
//! ([`keys`]); the second, over the groups of all partitions, is DataFusion's own, and so are the functions. This rule puts
//! the one in the place of the other.

mod keys;
mod stream;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use arrow::datatypes::{DataType, SchemaRef};
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{Result, exec_err};
use datafusion::execution::memory_pool::MemoryConsumer;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::aggregates::{AggregateExec, AggregateMode};
use datafusion::physical_plan::metrics::{BaselineMetrics, ExecutionPlanMetricsSet, MetricsSet};
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, InputOrderMode, PlanProperties,
};

use keys::Numbers;
use stream::{Grouping, Probe};

/// The rule.
#[derive(Debug, Default)]
pub(crate) struct GroupByNumbers;

impl PhysicalOptimizerRule for GroupByNumbers {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        plan.transform_up(|node| {
            Ok(match node.downcast_ref::<AggregateExec>() {
                Some(aggregate) if suits(aggregate)? => {
                    let numbered: Arc<dyn ExecutionPlan> = Arc::new(Numbered {
                        node: Arc::new(aggregate.clone()),
                        metrics: ExecutionPlanMetricsSet::new(),
                    });
                    Transformed::new(numbered, true, TreeNodeRecursion::Continue)
                }
                _ => Transformed::no(node),
            })
        })
        .data()
    }

    fn name(&self) -> &str {
        "group_by_numbers"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Whether an aggregation is the first of two, by texts, in a way that is the same whoever groups.
fn suits(aggregate: &AggregateExec) -> Result<bool> {
    let keys = aggregate.group_expr();
    if *aggregate.mode() != AggregateMode::Partial
        || !keys.is_single()
        || keys.is_true_no_grouping()
        || aggregate.limit_options().is_some()
        || *aggregate.input_order_mode() != InputOrderMode::Linear
    {
        return Ok(false);
    }
    let schema = aggregate.input().schema();
    let mut texts = false;
    for key in keys.input_exprs() {
        let ty = key.data_type(&schema)?;
        if Numbers::of(&ty).is_none() {
            return Ok(false);
        }
        texts |= ty == DataType::Utf8View;
    }
    let mut functions = aggregate.aggr_expr().iter();
    Ok(texts
        && functions.all(|function| {
            function.groups_accumulator_supported() && function.order_bys().is_empty()
        }))
}

/// An aggregation that groups by numbers. All that is said of it is said of the one that it stands for.
#[derive(Debug)]
struct Numbered {
    node: Arc<AggregateExec>,
    metrics: ExecutionPlanMetricsSet,
}

impl DisplayAs for Numbered {
    fn fmt_as(&self, kind: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt_as(kind, f)
    }
}

impl ExecutionPlan for Numbered {
    fn name(&self) -> &str {
        self.node.name()
    }

    fn schema(&self) -> SchemaRef {
        self.node.schema()
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.node.properties()
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        self.node.children()
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        self.node.apply_expressions(f)
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let node: Arc<dyn ExecutionPlan> = Arc::clone(&self.node) as _;
        let node = datafusion::physical_plan::replace_children_if_necessary(node, children)?;
        match node.downcast_ref::<AggregateExec>() {
            Some(node) => Ok(Arc::new(Numbered {
                node: Arc::new(node.clone()),
                metrics: ExecutionPlanMetricsSet::new(),
            })),
            None => exec_err!("an aggregation became another node"),
        }
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let input = self.node.input().execute(partition, Arc::clone(&context))?;
        let options = &context.session_config().options().execution;
        let grouping = Grouping::new(
            &self.node,
            MemoryConsumer::new(format!("groups of partition {partition}"))
                .register(context.memory_pool()),
            context.session_config().batch_size(),
            Probe {
                rows: options.skip_partial_aggregation_probe_rows_threshold,
                ratio: options.skip_partial_aggregation_probe_ratio_threshold,
            },
        )?;
        let metrics = BaselineMetrics::new(&self.metrics, partition);
        Ok(stream::stream(grouping, input, metrics))
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }
}
