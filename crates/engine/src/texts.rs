//! What the translator asks of the records themselves, before there is a plan for the query.

use std::collections::HashSet;

use arrow::array::AsArray;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::execute_stream_partitioned;
use datafusion::prelude::SessionContext;
use futures::StreamExt;

use crate::Error;
use crate::runtime::apart;

/// The different texts in the lists that the one column of a plan holds, in the order in which they come first. Runs on
/// threads of its own and waits for them, so it may be called from anywhere.
///
/// # Errors
/// Where the plan can't be made or run.
pub(crate) fn texts(context: SessionContext, plan: LogicalPlan) -> Result<Vec<String>, Error> {
    let threads = context.state().config().target_partitions();
    apart(threads, async move { read(&context, plan).await })?
}

async fn read(context: &SessionContext, plan: LogicalPlan) -> Result<Vec<String>, Error> {
    let plan = context.state().create_physical_plan(&plan).await?;
    // Part by part, so that the order is the same each time.
    let parts = execute_stream_partitioned(plan, context.task_ctx())?;
    let parts = futures::future::join_all(parts.into_iter().map(part)).await;
    let (mut known, mut found) = (HashSet::new(), Vec::new());
    for part in parts {
        for text in part? {
            if known.insert(text.clone()) {
                found.push(text);
            }
        }
    }
    Ok(found)
}

async fn part(mut stream: SendableRecordBatchStream) -> Result<Vec<String>, Error> {
    let (mut known, mut found) = (HashSet::new(), Vec::new());
    while let Some(batch) = stream.next().await {
        let batch = batch?;
        let lists = batch.columns().first();
        let lists = lists.and_then(|column| column.as_list_opt::<i32>());
        for list in lists.into_iter().flat_map(|lists| lists.iter().flatten()) {
            let texts = list.as_string_view_opt();
            for text in texts.into_iter().flat_map(|texts| texts.iter().flatten()) {
                if !known.contains(text) {
                    known.insert(text.to_owned());
                    found.push(text.to_owned());
                }
            }
        }
    }
    Ok(found)
}
