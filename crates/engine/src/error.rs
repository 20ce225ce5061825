//! What can go wrong besides the query's own text.

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
    /// The plan could not be made or run.
    #[error("the query failed while it ran: {}", .0.strip_backtrace())]
    Run(#[from] datafusion::error::DataFusionError),
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
    /// A thread of the runtime ended before its work did.
    #[error("the work was interrupted: {0}")]
    Interrupted(String),
}
