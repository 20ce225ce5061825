//! Whether a lake holds what its sources hold: every record by its bytes, every column by what the record's text says.
//!
//! The sources are read as an ingest reads them, as many objects at a time as fit half of the memory. Each such batch
//! is held against the rows of the lake that could be of its events, by day and time, in two passes: byte for byte,
//! and for what is left as equal JSON. What is kept from batch to batch are two bits for each row of the lake.

mod index;
mod judge;
mod report;
mod scan;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use lake::{Lake, Layout, Snapshot};
use tokio::task::spawn_blocking;

use crate::aside::Known;
use crate::batch::{Batch, Places};
use crate::block::Spare;
use crate::fetch::Fetch;
use crate::gather::Given;
use crate::source::{Listing, Object};
use crate::threads::Pool;
use crate::{Error, Options, Progress, Report, gather, source};

use index::{Pass, Records};
use judge::Judge;
use scan::{Scan, Seen, others};

pub use report::{Columns, Compared, Finding, Place, Verification, What};

/// Compares what `sources` hold with what `lake` holds. Of `options` the selection, the memory and the threads count.
/// Needs a tokio runtime; the work is done on threads of its own. The lake is not changed.
///
/// # Errors
/// [`Error`] where a source is not there, or the lake can't be read.
pub async fn verify(
    sources: &[PathBuf],
    lake: &Lake,
    options: &Options,
    progress: Arc<dyn Progress>,
) -> Result<Verification, Error> {
    let snapshot = lake.snapshot().await?;
    let layout = Arc::clone(&snapshot.layout);
    let places = Places::of(&layout.columns)?;
    let known = Known::of(lake).await?;
    let listing = source::list(sources, &options.selection, &options.s3).await?;
    let (lake, options) = (lake.clone(), options.clone());
    spawn_blocking(move || {
        let verifier = Verifier {
            layout,
            places,
            lake,
            options,
            progress,
        };
        verifier.run(listing, &snapshot, &known)
    })
    .await?
}

struct Verifier {
    layout: Arc<Layout>,
    places: Places,
    lake: Lake,
    options: Options,
    progress: Arc<dyn Progress>,
}

impl Verifier {
    fn run(
        &self,
        listing: Listing,
        snapshot: &Snapshot,
        known: &Known,
    ) -> Result<Verification, Error> {
        let mut accounts = Report::listed(&listing);
        let objects: Arc<[Object]> = listing.objects.into();
        let fetch = Fetch::new(Arc::clone(&objects), &self.options);
        let bytes = objects.iter().map(|object| object.size).sum();
        self.progress.listed(objects.len() as u64, bytes);
        let pool = Pool::new(self.options.threads)?;
        let judge = Judge::new(&self.layout.columns);
        let seen: Vec<Mutex<Seen>> = snapshot.files.iter().map(|_| Mutex::default()).collect();
        let scan = Scan {
            lake: &self.lake,
            files: &snapshot.files,
            seen: &seen,
            judge: &judge,
            layout: &self.layout,
            pool: &pool,
        };
        let mut report = Verification {
            version: snapshot.version,
            ..Verification::default()
        };
        let spare = Spare::new(self.options.batch_memory());
        let given = Given {
            fetch: &fetch,
            lake: None,
            columns: &self.layout.columns,
            options: &self.options,
            progress: self.progress.as_ref(),
            spare: &spare,
            pool: &pool,
        };
        let (mut done, mut begun) = (0, Vec::new());
        while done < objects.len() || !begun.is_empty() {
            let gathered = gather::gather(&objects, done, begun, given);
            (done, begun) = (gathered.done, gathered.begun);
            for (ordinal, mut account) in gathered.accounts {
                for aside in account.aside.drain(..) {
                    if known.has(&aside) {
                        report.records.set_aside += aside.count;
                        continue;
                    }
                    report.records.missing += aside.count;
                    report.find(Finding {
                        object: objects[ordinal].name.clone(),
                        place: Place::Byte(aside.at),
                        what: What::NotSetAside,
                    });
                }
                accounts.enter(&objects[ordinal].name, account);
            }
            let batch = Batch::new(self.places, gathered.blocks, &self.options.bucket);
            let records = Records::new(&batch);
            for pass in [Pass::Bytes, Pass::Json] {
                if let Some(index) = records.index(pass) {
                    scan.run(&records, &index, &mut report)?;
                }
            }
            let (found, folded, missing, bytes) = records.counts();
            report.records.found += found;
            report.records.folded += folded;
            report.records.missing += missing;
            report.bytes += bytes;
            for (place, &row) in records.rows.iter().enumerate() {
                if records.is_open(place) {
                    let (ordinal, index) = batch.place(row);
                    report.find(Finding {
                        object: objects[ordinal].name.clone(),
                        place: Place::Index(u64::from(index)),
                        what: What::Missing,
                    });
                }
            }
            drop(records);
            spare.put(batch.into_blocks());
        }
        report.records.read = accounts.records.read;
        report.objects = accounts.objects;
        report.problems = accounts.problems;
        report.more_problems = accounts.more_problems;
        report.others = others(&snapshot.files, &seen);
        Ok(report)
    }
}
