//! CloudTrail archives into the lake: every record once, whole, and flattened after the column table.
//!
//! The steps, batch by batch: all threads read objects, unpack them and walk over their JSON (`gather`) until half of
//! the memory is used; repeats are folded (`fold`); what is new is sorted (`sort`), encoded and written (`write`); one
//! commit makes it part of the lake. There are no temporary files: a crash loses the batch at hand, which the next
//! ingest of the same sources brings.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let lake = lake::Lake::open_or_create("lake").await?;
//! let report = ingest::ingest(&["archive".into()], &lake, &ingest::Options::default(), ingest::quiet()).await?;
//! assert_eq!(report.records.read, report.records.written + report.records.folded + report.records.rejected);
//! # Ok(())
//! # }
//! ```
//!
//! Reading order: `source` and `key` (what there is), `gunzip`, `container`, `payload`, `decode`, `flatten` with `trie` and `time` (bytes to
//! rows), `block` and `batch` (rows in memory), `ledger` (what was ingested before), `fold`, `sort`, `write`, and `job`, which runs
//! them; [`Report`] for the accounts, [`Repeats`] for what was folded.

mod batch;
mod block;
mod container;
mod decode;
mod error;
mod flatten;
mod fold;
mod gather;
mod gunzip;
mod job;
mod key;
mod ledger;
mod options;
mod payload;
mod progress;
mod repeats;
mod report;
mod sort;
mod source;
mod threads;
mod time;
mod trie;
mod unzstd;
mod write;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

use lake::Lake;
use lake::sources::Sources;
use tokio::task::spawn_blocking;

use crate::batch::Places;
use crate::job::Job;

pub use decode::Other;
pub use error::Error;
pub use gunzip::Fault;
pub use options::{Options, Selection};
pub use progress::Progress;
pub use repeats::Repeats;
pub use report::{Bytes, Objects, Problem, Reason, Records, Report};

/// A progress that is told to nobody.
pub fn quiet() -> Arc<dyn Progress> {
    Arc::new(())
}

/// Ingests `sources`, files and folders, into `lake`. Needs a tokio runtime; the work is done on threads of its own.
///
/// What is wrong with single objects and records is in the report. Several ingests into one lake at once are safe, and
/// so is ending one at any moment.
///
/// # Errors
/// [`Error`] where a source is not there, or the lake can't be written. Batches committed before stay.
pub async fn ingest(
    sources: &[PathBuf],
    lake: &Lake,
    options: &Options,
    progress: Arc<dyn Progress>,
) -> Result<Report, Error> {
    let columns = lake::cloudtrail::columns();
    let places = Places::of(&columns)?;
    let (sources, selection) = (sources.to_vec(), options.selection.clone());
    let mut listing = spawn_blocking(move || source::list(&sources, &selection)).await??;
    let mut report = Report::default();
    report.objects.unselected = listing.unselected;
    report.objects.found =
        listing.unselected + listing.objects.len() as u64 + listing.problems.len() as u64;
    for problem in listing.problems {
        report.objects.failed += 1;
        report.describe(&problem.object, problem.at, problem.reason);
    }
    let mut sources = Sources::open(lake, &lake.snapshot().await?).await?;
    if !options.again {
        let (new, known) = ledger::compare(&sources, listing.objects).await?;
        listing.objects = new;
        report.objects.known = known.len() as u64;
    }
    let bytes = listing.objects.iter().map(|object| object.size).sum();
    progress.listed(listing.objects.len() as u64, bytes);

    let mut job = Job {
        objects: listing.objects.into(),
        columns: columns.into(),
        places,
        lake: lake.clone(),
        options: options.clone(),
        progress,
    };
    let mut done = 0;
    while done < job.objects.len() {
        let before = sources.version();
        done = job.batch(done, &mut sources, &mut report).await?;
        // Another ingest is at work, perhaps on the same objects.
        if sources.version() > before + 1 && !options.again {
            let (new, known) = ledger::compare(&sources, job.objects[done..].to_vec()).await?;
            report.objects.known += known.len() as u64;
            for object in known {
                job.progress.read(object.size, 0);
            }
            (job.objects, done) = (new.into(), 0);
        }
    }
    Ok(report)
}
