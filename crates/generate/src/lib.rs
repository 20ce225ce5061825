//! Makes CloudTrail archives of any size from a seed, with planted incidents whose answers are known.
//!
//! The same options make the same bytes, on every machine: no clock, no floating point functions, no hash order.
//! Memory does not grow with the archive.
//!
//! ```
//! let folder = std::env::temp_dir().join("generate-example");
//! let options = generate::Options { events: 500, ..generate::Options::default() };
//! let summary = generate::archive(&folder, &options)?;
//! assert_eq!(summary.records - summary.repeats, 500);
//! # std::fs::remove_dir_all(&folder).ok();
//! # Ok::<(), generate::Error>(())
//! ```
//!
//! Reading order: `slice` cuts the archive into parts that are made on their own, `background` makes one ordinary
//! event out of the `deck` of APIs (`catalogue`) and callers (`identity`), `template` and `hole` fill in their texts,
//! `record` writes the keys in order, `object` compresses and names. `incidents` is what is planted.

mod background;
mod catalogue;
mod clock;
mod deck;
mod fault;
mod hole;
mod identity;
mod object;
mod record;
mod rng;
mod slice;
mod template;

pub mod compare;
pub mod incidents;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use jiff::{SignedDuration, Timestamp};

use crate::background::Background;
use crate::object::Objects;

/// What archive to make.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Everything that is drawn follows from it.
    pub seed: u64,
    /// How many different records, the planted ones among them. Never fewer than are planted.
    pub events: u64,
    /// The time of the earliest possible event; whole seconds count.
    pub start: Timestamp,
    /// How many days of 24 hours from `start` on.
    pub days: u32,
    /// How many accounts. The first is the busiest.
    pub accounts: u32,
    /// How many regions in each account. The first is the busiest.
    pub regions: u32,
    /// How many records the median object holds. The largest hold about a hundred times as many.
    pub median_size: u64,
    /// The share of records that are delivered a second time, in another object.
    pub duplicates: f64,
    /// The share of the ordinary records that are errors.
    pub errors: f64,
    /// Whether [`incidents`] are planted, at the end of the archive.
    pub incidents: bool,
}

impl Default for Options {
    /// The options of the project's sample archive.
    fn default() -> Self {
        Self {
            seed: 2024,
            events: 2_600,
            // An hour that is no round one, so that windows begin and end inside minutes.
            start: Timestamp::constant(1_732_470_208, 0),
            days: 3,
            accounts: 2,
            regions: 3,
            median_size: 5,
            duplicates: 0.05,
            errors: 0.04,
            incidents: true,
        }
    }
}

impl Options {
    /// The moment behind the newest event: `now` for queries that look back from the archive's end. With incidents
    /// the newest event is one second older.
    pub fn end(&self) -> Timestamp {
        let span = SignedDuration::from_hours(24 * i64::from(self.days));
        self.start.checked_add(span).unwrap_or(Timestamp::MAX)
    }

    /// The accounts, twelve digits each. The first two are those of the incidents.
    pub fn account_ids(&self) -> Vec<String> {
        let known = incidents::ACCOUNTS.iter().map(|id| (*id).to_owned());
        let more = (0_u64..).map(|n| {
            format!(
                "{:012}",
                100_000_000_000 + rng::mix(77, n) % 900_000_000_000
            )
        });
        known.chain(more).take(self.accounts as usize).collect()
    }

    /// The regions. `us-east-1` is the first; after the known ones they are numbered.
    pub fn region_names(&self) -> Vec<String> {
        const KNOWN: &[&str] = &[
            "us-east-1",
            "eu-west-1",
            "eu-central-1",
            "us-west-2",
            "ap-southeast-2",
            "ap-northeast-1",
            "sa-east-1",
            "ca-central-1",
        ];
        let known = KNOWN.iter().map(|name| (*name).to_owned());
        known
            .chain((9..).map(|n| format!("xx-test-{n}")))
            .take(self.regions as usize)
            .collect()
    }
}

/// What was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Objects written.
    pub files: u64,
    /// Records in them, repeats included.
    pub records: u64,
    /// Records that stand in another object too.
    pub repeats: u64,
    /// Bytes of JSON.
    pub bytes: u64,
    /// Bytes on disk.
    pub compressed: u64,
}

impl Summary {
    fn add(&mut self, other: &Self) {
        self.files += other.files;
        self.records += other.records;
        self.repeats += other.repeats;
        self.bytes += other.bytes;
        self.compressed += other.compressed;
    }
}

/// Why an archive could not be made, or a folder not be measured.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A folder or an object could not be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The folder or the object.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A folder or a file could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The folder or the file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// An object did not fit into the space that was worked out for it.
    #[error("cannot compress {}", path.display())]
    Compress {
        /// The object.
        path: PathBuf,
    },
    /// Whoever was told asked for no more.
    #[error("the archive was not made to its end, as was asked")]
    Stopped,
    /// A thread ended without a result.
    #[error("a thread that makes the archive ended early")]
    Thread,
}

/// Makes an archive below `folder`, on all processors. What stands there already is not touched, unless an object has
/// the same name.
///
/// # Errors
///
/// If the folder or an object cannot be written; objects written until then stay.
pub fn archive(folder: &Path, options: &Options) -> Result<Summary, Error> {
    archive_told(folder, options, &|_| ControlFlow::Continue(()))
}

/// As [`archive`]; `told` hears from several threads how many records each object holds that was written, and may have it
/// stopped.
///
/// # Errors
///
/// As [`archive`], and [`Error::Stopped`].
pub fn archive_told(
    folder: &Path,
    options: &Options,
    told: &(dyn Fn(u64) -> ControlFlow<()> + Sync),
) -> Result<Summary, Error> {
    let planted = if options.incidents {
        incidents::records(options)
    } else {
        Vec::new()
    };
    let distinct = planted.iter().filter(|planted| !planted.repeat).count() as u64;
    let background = Background::new(options.errors);
    let slices = slice::cut(options, options.events.saturating_sub(distinct));

    let next = AtomicUsize::new(0);
    let work = || {
        let mut objects = Objects::new(folder, told);
        while let Some(part) = slices.get(next.fetch_add(1, Ordering::Relaxed)) {
            slice::write(part, options, &background, &mut objects)?;
        }
        Ok(objects.summary)
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut summary = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut sum = Summary::default();
        for worker in workers {
            sum.add(&worker.join().map_err(|_| Error::Thread)??);
        }
        Ok::<_, Error>(sum)
    })?;

    let mut objects = Objects::new(folder, told);
    incidents::write(&planted, options, &mut objects)?;
    summary.add(&objects.summary);
    Ok(summary)
}
