//! One DataFusion session a query: our functions, the settings that a scan of events needs, and the query's figures.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::execution::memory_pool::{FairSpillPool, MemoryPool, UnboundedMemoryPool};
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::prelude::{SessionConfig, SessionContext};
use functions::Figures;

use crate::query::QueryOptions;

/// Footers and page indexes that stay in memory between scans.
const METADATA_CACHE: usize = 512 << 20;

/// The memory, the spill files and the caches that all queries of an engine share. `memory` bounds what sorts and
/// aggregations hold, in bytes; beyond it they spill to disk.
pub(crate) fn environment(memory: Option<usize>) -> Result<Arc<RuntimeEnv>> {
    let pool: Arc<dyn MemoryPool> = match memory {
        Some(bytes) => Arc::new(FairSpillPool::new(bytes)),
        None => Arc::new(UnboundedMemoryPool::default()),
    };
    let cache = memory.map_or(METADATA_CACHE, |bytes| METADATA_CACHE.min(bytes / 4));
    RuntimeEnvBuilder::new()
        .with_memory_pool(pool)
        .with_metadata_cache_limit(cache)
        .build_arc()
}

/// A session that counts into `figures`.
pub(crate) fn session(
    environment: Arc<RuntimeEnv>,
    threads: usize,
    figures: &Figures,
) -> SessionContext {
    let mut config = SessionConfig::new().with_target_partitions(threads);
    let options = config.options_mut();
    // Values of other columns are only decoded for rows that meet the conditions.
    options.execution.parquet.pushdown_filters = true;
    options.execution.parquet.reorder_filters = true;
    options.execution.parquet.max_in_list_size = 256;
    options.execution.collect_statistics = false;
    options.optimizer.repartition_file_min_size = 4 << 20;
    // Rows that were sorted stay in order through the commands behind; dealt out in turn they would not. Scans are in
    // partitions from the start.
    options.optimizer.enable_round_robin_repartition = false;
    // What is wrong with a statement is pointed at.
    options.sql_parser.collect_spans = true;
    options.extensions.insert(figures.clone());
    let context = SessionContext::new_with_config_rt(config, environment);
    for function in functions::scalar_udfs() {
        context.register_udf(function.as_ref().clone());
    }
    for function in functions::higher_order_udfs() {
        context.register_higher_order_function(function);
    }
    for function in functions::aggregate_udfs() {
        context.register_udaf(function.as_ref().clone());
    }
    context
}

/// What makes the physical plan of `plan` in `context`, as `options` say.
pub(crate) fn planner(
    context: &SessionContext,
    options: &QueryOptions,
    plan: &LogicalPlan,
) -> Result<SessionState> {
    let state = context.state();
    let iterates = has_lambdas(plan)?;
    if options.optimize && options.pushdown && !iterates {
        return Ok(state);
    }
    let mut config = state.config().clone();
    config.options_mut().execution.parquet.pushdown_filters = options.pushdown;
    let rules = state.physical_optimizers().to_vec();
    let mut builder = SessionStateBuilder::new_from_existing(state).with_config(config);
    if !options.optimize {
        builder = builder.with_optimizer_rules(Vec::new());
    }
    if iterates {
        // It puts one projection in the place of two, on the columns of the lower one's input. The variables of a lambda
        // are counted behind the columns that there were when it was planned: with more of them they would be taken for
        // columns.
        let rules = rules
            .into_iter()
            .filter(|rule| rule.name() != "ProjectionPushdown");
        builder = builder.with_physical_optimizer_rules(rules.collect());
    }
    Ok(builder.build())
}

/// Whether an expression somewhere in a plan goes over the elements of arrays.
fn has_lambdas(plan: &LogicalPlan) -> Result<bool> {
    let mut found = false;
    plan.apply_with_subqueries(|node| {
        node.apply_expressions(|expr| {
            found |= expr.exists(|expr| Ok(matches!(expr, Expr::HigherOrderFunction(_))))?;
            Ok(TreeNodeRecursion::Continue)
        })
    })?;
    Ok(found)
}
