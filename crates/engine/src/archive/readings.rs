//! What the scans of a query read of archives, and what was wrong with it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ingest::Report;

/// What was read of archives for one query. Its scans may be several, each a pass over the objects, and so may the
/// passes before it that looked for the newest event.
#[derive(Debug, Default)]
pub struct Readings {
    /// For each scan the objects that it will read, and those that were found.
    listed: Mutex<Vec<(u64, u64)>>,
    reports: Mutex<Vec<Arc<Mutex<Report>>>>,
}

impl Readings {
    /// The most objects that a scan of the query reads, and how many were found; `None` without a scan of archives.
    pub fn objects(&self) -> Option<(u64, u64)> {
        lock(&self.listed).iter().copied().max()
    }

    /// The accounts so far; `None` where no archive was read. Of several passes over the same objects the greatest counts
    /// are given, and each problem once; bytes are added up. `written` is what a pass gave to the query.
    pub fn report(&self) -> Option<Report> {
        let mut sum: Option<Report> = None;
        for report in lock(&self.reports).iter() {
            let report = lock(report);
            let sum = sum.get_or_insert_default();
            let (objects, of) = (&mut sum.objects, &report.objects);
            for (most, count) in [
                (&mut objects.found, of.found),
                (&mut objects.unselected, of.unselected),
                (&mut objects.read, of.read),
                (&mut objects.broken, of.broken),
                (&mut objects.skipped, of.skipped),
                (&mut objects.failed, of.failed),
                (&mut sum.records.read, report.records.read),
                (&mut sum.records.written, report.records.written),
                (&mut sum.records.folded, report.records.folded),
                (&mut sum.records.rejected, report.records.rejected),
                (&mut sum.records.conflicts, report.records.conflicts),
                (&mut sum.records.untimed, report.records.untimed),
                (&mut sum.more_problems, report.more_problems),
            ] {
                *most = count.max(*most);
            }
            sum.bytes.stored += report.bytes.stored;
            sum.bytes.unpacked += report.bytes.unpacked;
            for problem in &report.problems {
                if !sum.problems.contains(problem) {
                    sum.problems.push(problem.clone());
                }
            }
        }
        sum
    }

    /// How many scans share the memory, one at least.
    pub(crate) fn scans(&self) -> usize {
        lock(&self.listed).len().max(1)
    }

    pub(crate) fn listed(&self, objects: u64, found: u64) {
        lock(&self.listed).push((objects, found));
    }

    pub(crate) fn read(&self, report: Arc<Mutex<Report>>) {
        lock(&self.reports).push(report);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
