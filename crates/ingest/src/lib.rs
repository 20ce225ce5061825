//! CloudTrail archives into the lake: every record once, whole, and flattened after the column table.
//!
//! The steps, batch by batch: all threads read objects, unpack them and walk over their JSON (`gather`) until the
//! batch's share of the memory is used; repeats are folded (`fold`); what is new is sorted (`sort`), encoded and written (`write`); one
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
//! Reading order: `source`, `key`, `bucket` and `layout` (what there is), `fetch`, `remote`, `unpack`, `gunzip`, `windows` and `begun` (large ones), `container`, `payload`, `decode`, `decoded`, `flatten` with `trie` and `time` (bytes to
//! rows), `block` and `batch` (rows in memory), `ledger` (what was ingested before), `fold`, `sort`, `write`, and `job`, which runs
//! them; [`Report`] for the accounts, [`Repeats`] for what was folded; [`verify`] for the proof; [`compact`], which writes what is there anew; [`archive`] with
//! `seen`, which gives events to whoever asks for them and writes nothing.

pub mod archive;
mod aside;
mod batch;
mod begun;
mod block;
mod bucket;
pub mod compact;
mod container;
mod decode;
mod decoded;
mod error;
mod fetch;
mod flatten;
mod fold;
mod gather;
mod gunzip;
mod job;
mod key;
mod layout;
mod ledger;
mod options;
mod payload;
mod plan;
mod progress;
mod remote;
mod repeats;
mod report;
mod seen;
mod sort;
mod source;
mod threads;
mod time;
mod trie;
mod unpack;
mod unzstd;
pub mod verify;
mod windows;
mod write;

#[cfg(test)]
#[path = "../../../fuzz/src/containers.rs"]
pub mod containers;
#[cfg(test)]
#[path = "../../../fuzz/src/pieces.rs"]
pub mod pieces;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

use futures::channel::oneshot;
use futures::future::try_join;
use lake::Lake;

use crate::batch::Places;
use crate::block::Spare;
use crate::fetch::Fetch;
use crate::job::Job;
use crate::ledger::Ledger;
use crate::source::Object;
use crate::threads::Pool;

pub use decoded::Other;
pub use error::Error;
pub use gunzip::Fault;
pub use options::{Options, Selection};
pub use plan::{Amount, Part, Plan, plan};
pub use progress::Progress;
pub use repeats::Repeats;
pub use report::{Bytes, Objects, Problem, Reason, Records, Report};

/// A progress that is told to nobody.
pub fn quiet() -> Arc<dyn Progress> {
    Arc::new(())
}

/// Looks whether each of `sources` is there, before a lake is made for them. Needs a tokio runtime.
///
/// # Errors
/// [`Error`] where a source is not there, or S3 refuses to tell.
pub async fn look_at(sources: &[PathBuf], s3: &lake::S3) -> Result<(), Error> {
    source::look_at(sources, s3).await
}

/// Ingests `sources`, files, folders and `s3://` URLs, into `lake`. Needs a tokio runtime; the work is done on threads of its own.
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
    // Columns that are declared while this runs are for the next ingest: files say under which layout they are.
    let snapshot = lake.snapshot().await?;
    let layout = Arc::clone(&snapshot.layout);
    let places = Places::of(&layout.columns)?;
    let mut listing = source::list(sources, &options.selection, &options.s3).await?;
    let mut report = Report::listed(&listing);
    let mut ledger = Ledger::open(lake, &snapshot).await?;
    if !options.again {
        let (new, known) = ledger.compare(listing.objects).await?;
        listing.objects = new;
        report.objects.known = known.len() as u64;
    }
    let bytes = listing.objects.iter().map(|object| object.size).sum();
    progress.listed(listing.objects.len() as u64, bytes);

    let objects: Arc<[Object]> = listing.objects.into();
    let mut job = Job {
        fetch: Fetch::new(Arc::clone(&objects), options).into(),
        objects,
        layout,
        places,
        lake: lake.clone(),
        options: options.clone(),
        progress,
        keeper: Arc::default(),
        spare: Spare::new(options.batch_memory()).into(),
        pool: Pool::new(options.threads)?.into(),
        scratch: Arc::default(),
    };
    let mut coming = job.gather(0, Vec::new()).await?;
    while let Some((batch, mut done, begun)) = coming {
        // Another ingest is at work, perhaps on the same objects.
        if begun.is_empty() && ledger.is_behind() && !options.again {
            let (new, known) = ledger.compare(job.objects[done..].to_vec()).await?;
            if !known.is_empty() {
                report.objects.known += known.len() as u64;
                for object in known {
                    job.progress.read(object.size, 0);
                }
                let objects: Arc<[Object]> = new.into();
                job.fetch = Fetch::new(Arc::clone(&objects), options).into();
                (job.objects, done) = (objects, 0);
            }
        }
        // While the last of a batch is written and committed, threads that are free begin with the next one.
        let (free, wait) = oneshot::channel();
        let next = async {
            // Where nothing is written, the sender is dropped at the end.
            let _ = wait.await;
            job.gather(done, begun).await
        };
        let enter = job.enter(batch, free, &mut ledger, &mut report);
        ((), coming) = try_join(enter, next).await?;
    }
    Ok(report)
}
