//! The names of formats.

use clap::ValueEnum;

/// How the records of a query are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Columns that fit the terminal
    Table,
    /// One field a line
    Record,
    /// The lines of time series, for `makeTimeseries`
    Chart,
    /// One JSON array
    Json,
    /// One JSON object a line
    Ndjson,
    /// Comma-separated values with a header
    Csv,
    /// A table in Markdown
    Markdown,
    /// The result object of the Grail Query API
    Grail,
}

/// How lists of our own are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Listing {
    /// For people
    Table,
    /// One JSON array
    Json,
    /// One JSON object a line
    Ndjson,
    /// Comma-separated values with a header
    Csv,
}

/// How columns are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Columns {
    /// Columns that fit the terminal
    Table,
    /// The page of the documentation
    Markdown,
    /// One JSON array
    Json,
    /// One JSON object a line
    Ndjson,
    /// Comma-separated values with a header
    Csv,
}

/// What a declared column takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// A string
    Text,
    /// A whole number
    Long,
    /// true or false
    Boolean,
    /// A string that is an ISO-8601 instant
    Timestamp,
    /// Any value, as its JSON text
    Json,
}

/// Engines that read a lake besides us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Connect {
    /// DuckDB, with its extension for Delta
    Duckdb,
    /// Polars, with the package deltalake
    Polars,
    /// Apache Spark, with Delta Lake
    Spark,
    /// Amazon Athena
    Athena,
}

/// How figures are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Summary {
    /// For people
    Table,
    /// One JSON object
    Json,
}

/// How what became of tests is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TestFormat {
    /// For people: those that failed, and why
    Table,
    /// One JSON array of all
    Json,
    /// XML as JUnit has it, for servers of builds
    Junit,
}

/// How the steps of a match are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Steps {
    /// For people
    Table,
    /// One JSON array
    Json,
    /// One JSON object a line
    Ndjson,
}

impl From<Listing> for Format {
    fn from(listing: Listing) -> Format {
        match listing {
            Listing::Table => Format::Table,
            Listing::Json => Format::Json,
            Listing::Ndjson => Format::Ndjson,
            Listing::Csv => Format::Csv,
        }
    }
}
