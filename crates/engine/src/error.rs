//! What can go wrong besides the query's own text.

use std::sync::Arc;

use datafusion::error::DataFusionError;
use lake::Refusal;
use syntax::Diagnostic;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The text of the query is wrong; the diagnostics say where.
    #[error("the query can't be run as it is written")]
    Query {
        /// All of them, warnings included.
        diagnostics: Vec<Diagnostic>,
    },
    /// The lake can't be opened or read.
    #[error(transparent)]
    Lake(#[from] lake::Error),
    /// Archives can't be listed or read.
    #[error("{0}")]
    Archive(#[from] Arc<ingest::Error>),
    /// The plan could not be made or run.
    #[error("the query failed while it ran: {}", .0.strip_backtrace())]
    Run(#[source] DataFusionError),
    /// S3 refused a data file, in words that say what to do.
    #[error("a data file of the lake can't be read: {0}")]
    Refused(Refusal),
    /// A rule file can't be used.
    #[error("{path}: {message}")]
    Rule {
        /// The file.
        path: String,
        /// What is wrong with it.
        message: String,
    },
    /// A file or folder of rules can't be read.
    #[error("{path} can't be read: {source}")]
    Read {
        /// The file or folder.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// What memory can't hold can't be kept on disk.
    #[error("a temporary file can't be written or read, TMPDIR names another folder for them: {0}")]
    Spill(#[source] std::io::Error),
    /// A thread of the runtime ended before its work did.
    #[error("the work was interrupted: {0}")]
    Interrupted(String),
}

impl From<DataFusionError> for Error {
    fn from(error: DataFusionError) -> Self {
        if let DataFusionError::External(cause) = error.find_root()
            && let Some(error) = cause.downcast_ref::<Arc<ingest::Error>>()
        {
            return Error::Archive(Arc::clone(error));
        }
        // Some errors hold the store's as such, and some its text.
        let refusal = match lake::answer(&error) {
            Some(answer) => Refusal::of(answer),
            None if error.strip_backtrace().contains("Object Store error") => Refusal::of(&error),
            None => Refusal::Unreachable,
        };
        match refusal {
            Refusal::Unreachable => Error::Run(error),
            refusal => Error::Refused(refusal),
        }
    }
}
