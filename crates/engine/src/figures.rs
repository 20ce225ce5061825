//! What a query cost, read from its plan after it ran.

use std::sync::Arc;
use std::time::Duration;

use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::metrics::{MetricValue, MetricsSet};

/// The figures of one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// From the text to the last record.
    pub elapsed: Duration,
    /// Of that, from the text to the plan.
    pub planning: Duration,
    /// Data files of the lake.
    pub files: u64,
    /// Data files that were opened.
    pub files_read: u64,
    /// Row groups in the files that were opened.
    pub row_groups: u64,
    /// Row groups of them that were passed over, by bounds or bloom filters.
    pub row_groups_pruned: u64,
    /// Rows that the scan's own conditions left out.
    pub rows_pruned: u64,
    /// Rows that came out of the scan.
    pub rows_scanned: u64,
    /// Bytes read of the data files, or of the objects of archives.
    pub bytes_scanned: u64,
    /// Bytes of JSON text that were parsed; 0 where columns answered everything.
    pub json_bytes_parsed: u64,
    /// Texts on which a pattern used up its work and gave null, though it might have matched.
    pub patterns_given_up: u64,
}

impl Figures {
    /// Takes in the figures of another run over the same lake.
    pub fn add(&mut self, run: &Figures) {
        self.elapsed = self.elapsed.saturating_add(run.elapsed);
        self.planning = self.planning.saturating_add(run.planning);
        self.files = self.files.max(run.files);
        self.files_read = self.files_read.max(run.files_read);
        self.row_groups += run.row_groups;
        self.row_groups_pruned += run.row_groups_pruned;
        self.rows_pruned += run.rows_pruned;
        self.rows_scanned += run.rows_scanned;
        self.bytes_scanned += run.bytes_scanned;
        self.json_bytes_parsed += run.json_bytes_parsed;
        self.patterns_given_up += run.patterns_given_up;
    }

    /// Adds what the scans of a plan counted.
    pub(crate) fn count(&mut self, plan: &Arc<dyn ExecutionPlan>) {
        if plan.children().is_empty()
            && let Some(metrics) = plan.metrics()
        {
            self.count_scan(&metrics);
        }
        for child in plan.children() {
            self.count(child);
        }
    }

    fn count_scan(&mut self, metrics: &MetricsSet) {
        self.rows_scanned += metrics.output_rows().unwrap_or_default() as u64;
        for metric in metrics.iter() {
            match metric.value() {
                MetricValue::Count { name, count } if name == "bytes_scanned" => {
                    self.bytes_scanned += count.value() as u64;
                }
                MetricValue::Count { name, count } if name == "pushdown_rows_pruned" => {
                    self.rows_pruned += count.value() as u64;
                }
                MetricValue::PruningMetrics {
                    name,
                    pruning_metrics,
                } if name == "row_groups_pruned_statistics" => {
                    let (pruned, matched) = (pruning_metrics.pruned(), pruning_metrics.matched());
                    self.row_groups += (pruned + matched) as u64;
                    self.row_groups_pruned += pruned as u64;
                }
                MetricValue::PruningMetrics {
                    name,
                    pruning_metrics,
                } if name == "row_groups_pruned_bloom_filter" => {
                    self.row_groups_pruned += pruning_metrics.pruned() as u64;
                }
                _ => {}
            }
        }
    }
}
