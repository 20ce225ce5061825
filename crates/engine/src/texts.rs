//! What the translator asks of the records themselves, before there is a plan for the query.

use std::collections::HashSet;

use arrow::array::AsArray;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::SessionContext;
use futures::StreamExt;

use crate::Error;
use crate::runtime::{run, runtime};

/// The different texts in the lists that the one column of a plan holds, in the order in which they come first. Runs on
/// threads of its own and waits for them, so it may be called from anywhere.
///
/// # Errors
/// Where the plan can't be made or run.
pub(crate) fn texts(context: SessionContext, plan: LogicalPlan) -> Result<Vec<String>, Error> {
    let waiting = std::thread::spawn(move || {
        let runtime = runtime(context.state().config().target_partitions())
            .map_err(|error| Error::Interrupted(error.to_string()))?;
        run(&runtime, async move { read(&context, plan).await })?
    });
    match waiting.join() {
        Ok(texts) => texts,
        Err(_) => Err(Error::Interrupted("a thread ended early".to_owned())),
    }
}

async fn read(context: &SessionContext, plan: LogicalPlan) -> Result<Vec<String>, Error> {
    let plan = context.state().create_physical_plan(&plan).await?;
    let mut stream = datafusion::physical_plan::execute_stream(plan, context.task_ctx())?;
    let (mut known, mut found) = (HashSet::new(), Vec::new());
    while let Some(batch) = stream.next().await {
        let batch = batch?;
        let Some(lists) = batch.columns().first().and_then(|column| column.as_list_opt::<i32>())
        else {
            continue;
        };
        for list in lists.iter().flatten() {
            let Some(texts) = list.as_string_view_opt() else {
                continue;
            };
            for text in texts.iter().flatten() {
                if !known.contains(text) {
                    known.insert(text.to_owned());
                    found.push(text.to_owned());
                }
            }
        }
    }
    Ok(found)
}
