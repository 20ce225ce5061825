//! What can stop an ingest. What is wrong with single objects does not: see [`Report`](crate::Report).

use std::io;
use std::path::PathBuf;

use arrow::error::ArrowError;

/// Why an ingest stopped. What was committed before is in the lake, and is folded when the same is ingested again.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A source is not there or can't be looked into.
    #[error("{}: {source}", path.display())]
    Source {
        /// The source as it was given.
        path: PathBuf,
        /// The refusal.
        source: io::Error,
    },

    /// A folder holds no files at all.
    #[error("there are no files in {}; name a folder with CloudTrail logs, or single files", path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },

    /// A prefix holds no objects at all.
    #[error(
        "there is nothing at {url}, or nothing of what was asked for; name a bucket or a folder in it, as in \
         `s3://BUCKET/AWSLogs`"
    )]
    EmptyPrefix {
        /// The source.
        url: String,
    },

    /// A place that this version can't read from.
    #[error(
        "reading from {url} is not supported: a source is a path, or `s3://BUCKET/PREFIX` without empty parts (`//`)"
    )]
    UnsupportedSource {
        /// The source as it was given.
        url: String,
    },

    /// The lake failed.
    #[error(transparent)]
    Lake(#[from] lake::Error),

    /// A commit failed, for another reason than that somebody else came first.
    #[error(transparent)]
    Commit(lake::CommitError),

    /// Other writers came first every time.
    #[error(
        "other writers committed to the lake {attempts} times in a row meanwhile; run the same ingest again"
    )]
    Contention {
        /// How often it was tried.
        attempts: usize,
    },

    /// The ids of the events of archives take more memory than there is. They are not spilled.
    #[error(
        "the archives hold more events than can be told apart in the memory given: the ids of {events} are held, so that \
         repeats count once; ask for fewer days with --from and --to, give more with --memory, or make a lake of them \
         with `trailsift ingest`, which needs no such memory"
    )]
    TooMany {
        /// How many events there were so far.
        events: usize,
    },

    /// The list of repeats can't be written. The events of the batch are in the lake.
    #[error("the list of repeats: {0}")]
    Repeats(io::Error),

    /// Columns could not be built.
    #[error("a batch could not be built: {0}")]
    Build(#[from] ArrowError),

    /// There are no threads to work on.
    #[error("the system gives no threads: {0}")]
    Threads(#[from] rayon_core::ThreadPoolBuildError),

    /// A thread ended without a result.
    #[error("internal error, please report it: {0}")]
    Thread(#[from] tokio::task::JoinError),

    /// The column table lacks a column that tells events apart.
    #[error("internal error, please report it: there is no column `{0}`")]
    Column(&'static str),
}
