//! What a pass holds beyond its memory: matches in sorted runs on disk, alerts in the order in which they came.
//!
//! Files have no name, and go with the process. `bytes` is how values are written, `runs` sorts matches, `spool` keeps
//! alerts.

mod bytes;
mod matches;
mod runs;
mod spool;
#[cfg(test)]
mod tests;

pub(super) use matches::{Item, event_size};
pub(super) use runs::{Merged, Sorter};
pub(super) use spool::{Segment, Spool};

/// How much of the memory that was given the matches of a pass hold, and its alerts, each. The rest is for the scan, for what
/// rules hold over time, and for what is found out for a reader.
const SHARE: usize = 8;

/// The bytes that matches may hold, and alerts; none where there is no bound.
pub(super) fn share(memory: Option<usize>) -> Option<usize> {
    memory.map(|memory| memory / SHARE)
}
