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
    /// A Parquet file
    Parquet,
    /// A file in Arrow's own format, also known as Feather
    Arrow,
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

/// How alerts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Alerts {
    /// For people, by severity and rule
    Table,
    /// One JSON array
    Json,
    /// One JSON object a line
    Ndjson,
    /// Comma-separated values with a header
    Csv,
    /// A report for a browser, in one file
    Html,
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

impl Alerts {
    /// The format of lists that it is; none for the report, which is no list.
    pub(crate) fn list(self) -> Option<Format> {
        match self {
            Alerts::Table => Some(Format::Table),
            Alerts::Json => Some(Format::Json),
            Alerts::Ndjson => Some(Format::Ndjson),
            Alerts::Csv => Some(Format::Csv),
            Alerts::Html => None,
        }
    }
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
