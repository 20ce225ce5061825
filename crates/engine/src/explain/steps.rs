//! The steps of a physical plan, and what each cost.

use std::sync::Arc;
use std::time::Duration;

use datafusion::physical_plan::{ExecutionPlan, displayable};

use super::words::Words;

/// A step of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// How many steps it is below the last.
    pub depth: usize,
    /// What it does.
    pub text: String,
    /// How many rows came out of it; none before the plan has run.
    pub rows: Option<u64>,
    /// How long it computed, on all threads together.
    pub time: Option<Duration>,
}

/// The steps of a plan, the last first.
pub(super) fn steps(plan: &Arc<dyn ExecutionPlan>, words: &Words) -> Vec<Step> {
    let mut steps = Vec::new();
    gather(plan, words, 0, &mut steps);
    steps
}

fn gather(plan: &Arc<dyn ExecutionPlan>, words: &Words, depth: usize, steps: &mut Vec<Step>) {
    let line = displayable(plan.as_ref()).one_line().to_string();
    let metrics = plan.metrics();
    let rows = metrics.as_ref().and_then(|metrics| metrics.output_rows());
    let nanos = metrics.and_then(|metrics| match plan.children().is_empty() {
        // A scan counts what its readers do apart.
        true => metrics
            .sum_by_name("time_elapsed_processing")
            .map(|time| time.as_usize()),
        false => metrics.elapsed_compute(),
    });
    steps.push(Step {
        depth,
        text: words.physical(line.trim_end()),
        rows: rows.map(|rows| rows as u64),
        time: nanos.map(|nanos| Duration::from_nanos(nanos as u64)),
    });
    for child in plan.children() {
        gather(child, words, depth + 1, steps);
    }
}
