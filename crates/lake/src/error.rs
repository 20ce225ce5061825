//! What can go wrong with a lake, each kind told apart, each message saying what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use arrow::error::ArrowError;
use deltalake_core::DeltaTableError;
use deltalake_core::kernel::transaction::TransactionError;
use parquet::errors::ParquetError;

use crate::refusal::{NoCredentials, Refusal, answer, short};

/// Why an operation on a lake failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing is there, or an empty folder.
    #[error(
        "there is no lake at {location}; make one with `trailsift ingest SOURCE --lake {location}`"
    )]
    Missing {
        /// The lake asked for, as it was written.
        location: String,
    },

    /// Something is there that trailsift did not make.
    #[error(
        "{} is not a lake of trailsift: {found}; name another folder, \
         `trailsift ingest SOURCE --lake LAKE` makes one", path.display()
    )]
    Foreign {
        /// The folder or file that was looked at.
        path: PathBuf,
        /// What is there instead.
        found: Oddity,
    },

    /// The table asks for more of its readers or writers than this version can give.
    #[error(
        "the table at {} was upgraded by another engine (it asks for reader version {reader} and writer version \
         {writer} of the Delta protocol); ingest its archives into a new lake with \
         `trailsift ingest SOURCE --lake LAKE`", path.display()
    )]
    Upgraded {
        /// The table's folder.
        path: PathBuf,
        /// The reader version that the table asks for.
        reader: i32,
        /// The writer version that the table asks for.
        writer: i32,
    },

    /// The operating system refused.
    #[error(
        "no permission for {}; run trailsift as the owner of the lake, or name a folder of your own with `--lake`",
        path.display()
    )]
    NoPermission {
        /// What was to be read or written.
        path: PathBuf,
        /// The refusal.
        source: io::Error,
    },

    /// The disk is full.
    #[error(
        "the disk that holds {} is full; free some space and run the same again: what was committed stays, and \
         nothing is doubled", path.display()
    )]
    Full {
        /// What was to be written.
        path: PathBuf,
        /// The refusal.
        source: io::Error,
    },

    /// The file system is read-only.
    #[error(
        "{} is on a read-only file system; make it writable and run the same again, or name another lake with `--lake`",
        path.display()
    )]
    ReadOnly {
        /// What was to be written.
        path: PathBuf,
        /// The refusal.
        source: io::Error,
    },

    /// A kind of place that this version can't keep a lake in.
    #[error(
        "a lake at {location} is not supported; name a local folder or `s3://BUCKET/PREFIX` with `--lake`"
    )]
    UnsupportedLocation {
        /// The lake asked for, as it was written.
        location: String,
    },

    /// A store that overwrites what it was told to make only where there is nothing.
    #[error(
        "{}: this store does not know conditional writes (`If-None-Match`), by which two ingests at once are kept \
         apart; keep the lake on disk, or in a store that does", path.display()
    )]
    Unconditional {
        /// The table's folder.
        path: PathBuf,
    },

    /// A path that can't go through URLs and back unharmed.
    #[error(
        "the path {} can't hold a lake: it is not Unicode, or has a `%` and two hexadecimal digits in it; \
         name another folder with `--lake`", path.display()
    )]
    Unnameable {
        /// The path.
        path: PathBuf,
    },

    /// S3 refused or failed.
    #[error("{url}: {why}")]
    S3 {
        /// What was to be read or written.
        url: String,
        /// What S3's answer means.
        refusal: Refusal,
        /// The same in words; not the answer itself, whose text is the server's.
        why: String,
    },

    /// Reading or writing a file or folder failed.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The failure.
        source: io::Error,
    },

    /// The table's log could not be read or written.
    #[error("the log of the table at {}: {source}", path.display())]
    Log {
        /// The table's folder.
        path: PathBuf,
        /// The failure.
        source: Box<DeltaTableError>,
    },

    /// A data file could not be read or written.
    #[error("the data file {}: {source}", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// The failure.
        source: ParquetError,
    },

    /// A data file holds other types than its table declares.
    #[error("the data file {}: {source}", path.display())]
    Arrow {
        /// The file.
        path: PathBuf,
        /// The failure.
        source: ArrowError,
    },

    /// Files would be removed that a query or an ingest that is running may need.
    #[error(
        "files are kept for a day at least, since queries and ingests that are running may need them; where none is \
         running, say so with `--force`"
    )]
    Keep,

    /// A row group could not be encoded.
    #[error("a row group could not be encoded: {0}")]
    Encode(#[from] ParquetError),

    /// The arrays given for a row group are not what [`schema`](crate::schema()) asks for.
    #[error("these arrays are not a row group: {0}")]
    Shape(Shape),

    /// Rows were asked for that a file does not have, or not in ascending order.
    #[error("rows of {} must be asked for in ascending order, below {rows}", path.display())]
    Rows {
        /// The file.
        path: PathBuf,
        /// How many rows it has.
        rows: u64,
    },
}

/// What stands where a lake should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Oddity {
    /// A file, not a folder.
    #[error("it is a file")]
    File,
    /// A folder that holds something of somebody else's.
    #[error("it holds `{0}`")]
    Entry(String),
    /// A table with other partitions.
    #[error("its table is not partitioned by `event_date`")]
    Partitions,
    /// A table without a column that every lake has, or with another type for it.
    #[error("its table has no column `{0}` of the right type")]
    Column(String),
}

/// How arrays fail to be a row group.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Shape {
    /// Another number of arrays than columns.
    #[error("{given} arrays for {columns} columns")]
    Count {
        /// How many were given.
        given: usize,
        /// How many columns there are.
        columns: usize,
    },
    /// An array of another type than its column's.
    #[error("column `{0}` has another type")]
    Type(String),
    /// An array of another length than the first.
    #[error("column `{0}` has another length")]
    Length(String),
    /// Null in a column that is never null.
    #[error("column `{0}` must not be null")]
    Null(String),
    /// Too few rows or too many.
    #[error("{0} rows, where 1 to {max} are allowed", max = crate::properties::ROW_GROUP_ROWS)]
    Rows(usize),
    /// A row that sorts before its predecessor.
    #[error("row {0} is not in the order of event_source, event_name, event_time")]
    Order(usize),
    /// An event outside the day that its file is for.
    #[error("it has an event outside the day of its file")]
    Day,
    /// A day that the calendar does not have.
    #[error("{0} days after 1970-01-01 is no day of the calendar")]
    Calendar(i32),
    /// A file with no row group at all.
    #[error("a data file needs at least one row group")]
    Empty,
}

/// A refusal in words, with what more there is to say of failures that have no meaning of their own. Why there are no
/// credentials, whoever looked for them says best.
fn why(refusal: Refusal, error: &(dyn std::error::Error + 'static)) -> String {
    let source = match error.downcast_ref() {
        Some(object_store::Error::Unauthenticated { source, .. }) => source.downcast_ref(),
        _ => None,
    };
    match (refusal, source) {
        (_, Some(NoCredentials(why))) => why.clone(),
        (Refusal::Unreachable, _) => format!("{refusal}: {}", short(error)),
        _ => refusal.to_string(),
    }
}

impl Error {
    /// The error for a refusal or failure of S3.
    pub fn s3(url: String, answer: &(dyn std::error::Error + 'static)) -> Error {
        let refusal = Refusal::of(answer);
        Error::S3 {
            url,
            refusal,
            why: why(refusal, answer),
        }
    }

    /// The error for a refused or failed operation on `path`.
    pub(crate) fn io(path: &Path, source: io::Error) -> Error {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::PermissionDenied => Error::NoPermission { path, source },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Error::Full { path, source }
            }
            io::ErrorKind::ReadOnlyFilesystem => Error::ReadOnly { path, source },
            _ => Error::Io { path, source },
        }
    }

    /// The error for a failure of the log of the table at `path`, with refusals told apart.
    pub(crate) fn log(path: &Path, source: DeltaTableError) -> Error {
        match io_kind(&source).filter(|kind| is_refusal(*kind)) {
            Some(kind) => Error::io(path, io::Error::new(kind, source)),
            None => {
                if let Some(url) = path.to_str().filter(|text| text.starts_with("s3://"))
                    && let Some(answer) = answer(&source)
                {
                    return Error::s3(url.to_owned(), answer);
                }
                Error::Log {
                    path: path.to_owned(),
                    source: Box::new(source),
                }
            }
        }
    }

    pub(crate) fn parquet(path: &Path, source: ParquetError) -> Error {
        match parquet_kind(&source).filter(|kind| is_refusal(*kind)) {
            Some(kind) => Error::io(path, io::Error::new(kind, source)),
            None => Error::Parquet {
                path: path.to_owned(),
                source,
            },
        }
    }

    pub(crate) fn arrow(path: &Path, source: ArrowError) -> Error {
        Error::Arrow {
            path: path.to_owned(),
            source,
        }
    }
}

/// Whether the table asks for features that the log's library can't write.
pub(crate) fn needs_features(error: &DeltaTableError) -> bool {
    matches!(
        error,
        DeltaTableError::Transaction {
            source: TransactionError::UnsupportedTableFeatures(_)
                | TransactionError::TableFeaturesRequired(_)
        }
    )
}

/// Whether somebody can do something about it.
fn is_refusal(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::PermissionDenied
            | io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::ReadOnlyFilesystem
    )
}

/// The same of Parquet's errors, which don't show what they wrap as their source.
fn parquet_kind(error: &ParquetError) -> Option<io::ErrorKind> {
    match error {
        ParquetError::External(source) => io_kind(source.as_ref()),
        _ => None,
    }
}

/// The kind of the operating system's error at the bottom of `error`.
fn io_kind(error: &(dyn std::error::Error + 'static)) -> Option<io::ErrorKind> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(io) = error.downcast_ref::<io::Error>() {
            return Some(io.kind());
        }
        next = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use object_store::Error as StoreError;

    use super::*;

    #[test]
    fn a_refusal_is_told_apart_however_deep_it_lies() {
        let path = Path::new("/lake/cloudtrail");
        let refusal = || io::Error::from(io::ErrorKind::PermissionDenied);
        assert!(matches!(
            Error::io(path, refusal()),
            Error::NoPermission { .. }
        ));
        let deep = DeltaTableError::from(StoreError::PermissionDenied {
            path: path.display().to_string(),
            source: Box::new(refusal()),
        });
        let error = Error::log(path, deep);
        assert!(matches!(&error, Error::NoPermission { .. }), "{error:?}");
        assert!(
            error
                .to_string()
                .starts_with("no permission for /lake/cloudtrail"),
            "{error}"
        );

        let full = || io::Error::from(io::ErrorKind::StorageFull);
        assert!(matches!(Error::io(path, full()), Error::Full { .. }));
        assert!(matches!(
            Error::log(path, full().into()),
            Error::Full { .. }
        ));
        let wrapped = ParquetError::External(Box::new(full()));
        assert!(matches!(Error::parquet(path, wrapped), Error::Full { .. }));
        let other = || io::Error::from(io::ErrorKind::InvalidData);
        assert!(matches!(Error::io(path, other()), Error::Io { .. }));
        assert!(matches!(
            Error::log(path, other().into()),
            Error::Log { .. }
        ));
    }
}
