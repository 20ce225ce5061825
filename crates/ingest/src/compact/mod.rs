//! Compaction: small files of a day become few, and files of an older layout get the columns declared since. The rows
//! stay the same, in the same table, under the eyes of whoever reads or writes it meanwhile.
//!
//! A day is cut into slices of time by a count of its events by the second (`slices`); each thread reads the events of
//! one slice from whichever files have some, sorts them and encodes a row group (`merge`). So memory holds a slice for
//! each thread and never a day; the price is that a row group which spans several slices is decoded for each of them.
//! The commit removes and adds in one, and only if every file that was read still is in the table.

mod backfill;
mod merge;
mod plan;
mod slices;

use std::sync::Arc;

use arrow::error::ArrowError;
use lake::{CommitError, Lake, Layout, NewFile, Packing, Scratch, Snapshot};
use serde_json::{Map, Value};
use tokio::task::spawn_blocking;
use uuid::Uuid;

pub use plan::{Task, plan};

use crate::Error;
use crate::threads::Pool;
use merge::Merge;

/// The size that data files are merged to, where nothing else is said.
pub const TARGET: u64 = 256 << 20;

/// How often other writers may come first with something else before a day is left as it is.
const ATTEMPTS: usize = 50;

/// How to compact.
#[derive(Clone, Debug)]
pub struct Options {
    /// The bytes of a data file to aim at.
    pub target: u64,
    /// How files are packed. Densely: those too that are not, though they need nothing else.
    pub packing: Packing,
    /// Bytes of memory to stay under, about.
    pub memory: usize,
    /// How many threads work.
    pub threads: usize,
    /// The most rows of a row group; never more than [`lake::ROW_GROUP_ROWS`].
    pub row_group_rows: usize,
}

impl Default for Options {
    fn default() -> Self {
        let ingest = crate::Options::default();
        Options {
            target: TARGET,
            packing: Packing::Quick,
            memory: ingest.memory,
            threads: ingest.threads,
            row_group_rows: ingest.row_group_rows,
        }
    }
}

/// Told how far a compaction is. Called from one thread at a time, often: it must be quick.
pub trait Progress: Send + Sync {
    /// So many days with so many events will be written anew.
    fn planned(&self, days: u64, events: u64) {
        let _ = (days, events);
    }

    /// So many events more are encoded and on disk.
    fn rows(&self, events: u64) {
        let _ = events;
    }

    /// A day is done, well or badly: as many as it had of events.
    fn done(&self, events: u64) {
        let _ = events;
    }
}

impl Progress for () {}

/// What a compaction did.
#[derive(Debug, Default)]
pub struct Report {
    /// The days whose files were replaced.
    pub days: Vec<DayReport>,
    /// The days that are as they were because somebody else has replaced their files meanwhile.
    pub overtaken: Vec<Option<i32>>,
    /// The days that are as they were because of a fault.
    pub faults: Vec<(Option<i32>, Fault)>,
    /// What failed after a commit stood, a checkpoint for want of space, say.
    pub troubles: Vec<lake::Error>,
}

/// What became of one day's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayReport {
    /// The day, in days since 1970-01-01.
    pub date: Option<i32>,
    /// The events, before as after.
    pub rows: u64,
    /// Files and bytes before.
    pub before: (u64, u64),
    /// Files and bytes after.
    pub after: (u64, u64),
    /// The version of the table that has them.
    pub version: u64,
}

/// Why a day is left as it is.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A data file can't be read or written.
    #[error(transparent)]
    Lake(#[from] lake::Error),
    /// Rows could not be put together.
    #[error("rows could not be put together: {0}")]
    Arrow(#[from] ArrowError),
    /// A row of a file that another engine wrote has no record that can be read.
    #[error("a row's `content` is no CloudTrail record")]
    Record,
    /// The files hold another number of events than they should. Nothing was committed.
    #[error("there would be {after} events where there are {before}")]
    Rows {
        /// As the log or the files have it.
        before: u64,
        /// In the new files.
        after: u64,
    },
    /// Other writers came first every time.
    #[error("other writers committed {ATTEMPTS} times in a row meanwhile; run it again")]
    Contention,
    /// The column table lacks a column that rows are sorted by.
    #[error("internal error, please report it: the layout lacks a column")]
    Columns,
}

/// Compacts `lake` as it is now: see [`plan`] for what is written anew. Needs a tokio runtime; the work is done on
/// threads of its own. Safe beside ingests, queries and other compactions, and so is ending it at any moment: what is
/// not committed is in no snapshot. The files that were replaced stay for readers until a vacuum.
///
/// # Errors
/// [`Error`] where the table's log can't be read, or it is not known whether a commit stands. What is wrong with a
/// single day is in the report.
pub async fn compact(
    lake: &Lake,
    options: &Options,
    progress: Arc<dyn Progress>,
) -> Result<Report, Error> {
    let snapshot = lake.snapshot().await?;
    let tasks = plan(&snapshot, options.target, options.packing);
    progress.planned(tasks.len() as u64, tasks.iter().map(Task::rows).sum());
    let mut report = Report::default();
    let pool = Arc::new(Pool::new(options.threads)?);
    let scratch = Arc::new(Scratch::new(options.packing));
    for task in tasks {
        let rows = task.rows();
        let job = Job {
            lake: lake.clone(),
            layout: Arc::clone(&snapshot.layout),
            options: options.clone(),
            progress: Arc::clone(&progress),
            pool: Arc::clone(&pool),
            scratch: Arc::clone(&scratch),
        };
        job.day(task, &mut report).await?;
        progress.done(rows);
    }
    Ok(report)
}

/// What the days of a compaction share. Cheap to clone.
#[derive(Clone)]
struct Job {
    lake: Lake,
    layout: Arc<Layout>,
    options: Options,
    progress: Arc<dyn Progress>,
    pool: Arc<Pool>,
    scratch: Arc<Scratch>,
}

impl Job {
    async fn day(&self, task: Task, report: &mut Report) -> Result<(), Error> {
        let base = self.lake.snapshot().await?;
        let (job, merged) = (self.clone(), task.clone());
        let written = spawn_blocking(move || {
            let merge = Merge {
                lake: &job.lake,
                layout: &job.layout,
                options: &job.options,
                progress: job.progress.as_ref(),
                pool: &job.pool,
                scratch: &job.scratch,
            };
            merge.run(&merged)
        })
        .await?;
        match written {
            Ok(files) => self.commit(base, &task, files, report).await,
            Err(fault) => {
                // A vacuum without patience may have taken files that another compaction replaced before.
                match self.overtaken(&task).await? {
                    true => report.overtaken.push(task.date),
                    false => report.faults.push((task.date, fault)),
                }
                Ok(())
            }
        }
    }

    async fn overtaken(&self, task: &Task) -> Result<bool, Error> {
        let now = self.lake.snapshot().await?;
        let live = |file: &lake::File| now.files.iter().any(|live| live.path == file.path);
        Ok(!task.files.iter().all(live))
    }

    async fn commit(
        &self,
        mut base: Snapshot,
        task: &Task,
        files: Vec<NewFile>,
        report: &mut Report,
    ) -> Result<(), Error> {
        let batch = Uuid::new_v4();
        for _ in 0..ATTEMPTS {
            let committed = self.lake.replace(
                &base,
                batch,
                &task.files,
                files.clone(),
                self.options.target,
                info(task),
            );
            match committed.await {
                Ok(committed) => {
                    let after = files.iter().map(NewFile::file);
                    report.days.push(DayReport {
                        date: task.date,
                        rows: after.clone().map(|file| file.rows).sum(),
                        before: (task.files.len() as u64, task.bytes()),
                        after: (files.len() as u64, after.map(|file| file.size).sum()),
                        version: committed.version,
                    });
                    report.troubles.extend(committed.trouble);
                    return Ok(());
                }
                // An ingest came first, most likely: the check whether our files are still there is done anew.
                Err(CommitError::Stale { snapshot }) => base = *snapshot,
                Err(CommitError::Gone { .. }) => {
                    self.lake.discard(&files);
                    report.overtaken.push(task.date);
                    return Ok(());
                }
                // Where it is not known whether the commit stands, the files must stay.
                Err(error @ CommitError::Unknown { .. }) => return Err(Error::Commit(error)),
                Err(error) => {
                    self.lake.discard(&files);
                    return Err(Error::Commit(error));
                }
            }
        }
        self.lake.discard(&files);
        report.faults.push((task.date, Fault::Contention));
        Ok(())
    }
}

/// What the commit says of itself, for people.
fn info(task: &Task) -> Map<String, Value> {
    let info: [(&str, Value); 3] = [
        ("operation", "compact".into()),
        ("files", task.files.len().into()),
        ("events", task.rows().into()),
    ];
    info.into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}
