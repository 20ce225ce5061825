//! One DataFusion session a query: our functions, the settings that a scan of events needs, and the query's figures.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::execution::memory_pool::{FairSpillPool, MemoryPool, UnboundedMemoryPool};
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::physical_optimizer::optimizer::PhysicalOptimizer;
use datafusion::prelude::{SessionConfig, SessionContext};
use functions::Figures;

use crate::archive::Readings;
use crate::groups::GroupByNumbers;
use crate::query::QueryOptions;
use crate::specialize::Specialize;

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

/// A session that counts into `figures`, and into `readings` what is read of archives.
pub(crate) fn session(
    environment: Arc<RuntimeEnv>,
    threads: usize,
    figures: &Figures,
    readings: Readings,
) -> SessionContext {
    let mut config = SessionConfig::new()
        .with_target_partitions(threads)
        .with_extension(Arc::new(readings));
    let options = config.options_mut();
    // Values of other columns are only decoded for rows that meet the conditions.
    options.execution.parquet.pushdown_filters = true;
    options.execution.parquet.reorder_filters = true;
    options.execution.parquet.max_in_list_size = 256;
    options.execution.collect_statistics = false;
    // Where a branch is never taken the logical plan knows that there is no null, and the physical one does not.
    options.execution.skip_physical_aggregate_schema_check = true;
    options.optimizer.repartition_file_min_size = 4 << 20;
    // Rows that were sorted stay in order through the commands behind; dealt out in turn they would not. Scans are in
    // partitions from the start.
    options.optimizer.enable_round_robin_repartition = false;
    // What is wrong with a statement is pointed at.
    options.sql_parser.collect_spans = true;
    options.extensions.insert(figures.clone());
    // One check asks whether rows are in the order that they were sorted in. Where a column is the same for all rows, the
    // rules before leave it out of the sort, and through joins and projections the check can't tell any more.
    let rules = PhysicalOptimizer::new().rules;
    let mut rules: Vec<_> = rules
        .into_iter()
        .filter(|rule| rule.name() != "SanityCheckPlan")
        .collect();
    rules.push(Arc::new(Specialize {
        footers: environment.cache_manager.get_file_metadata_cache(),
    }));
    rules.push(Arc::new(GroupByNumbers));
    let state = SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(environment)
        .with_default_features()
        .with_physical_optimizer_rules(rules)
        .build();
    let context = SessionContext::new_with_state(state);
    for function in functions::scalar_udfs() {
        context.register_udf(function.as_ref().clone());
    }
    for function in functions::aggregate_udfs() {
        context.register_udaf(function.as_ref().clone());
    }
    context
}

/// What plans a query in `context`, as `options` say.
pub(crate) fn planner(context: &SessionContext, options: &QueryOptions) -> SessionState {
    let state = context.state();
    if options.optimize && options.pushdown {
        return state;
    }
    let mut config = state.config().clone();
    config.options_mut().execution.parquet.pushdown_filters = options.pushdown;
    let mut builder = SessionStateBuilder::new_from_existing(state).with_config(config);
    if !options.optimize {
        builder = builder.with_optimizer_rules(Vec::new());
    }
    builder.build()
}
