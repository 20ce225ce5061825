//! How the translator sees the lake: what it needs to know of the events, without knowing where they are.

use std::sync::Arc;

use datafusion::logical_expr::{LogicalPlan, TableSource};
use functions::Type;
use functions::document::Form;

/// A half-open span of time in nanoseconds since the epoch; an open end is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timeframe {
    /// First instant inside.
    pub from: Option<i64>,
    /// First instant behind.
    pub to: Option<i64>,
}

/// A column that holds one place of every record.
#[derive(Clone, Debug)]
pub struct EventColumn {
    /// The keys that lead to the place.
    pub path: Vec<String>,
    /// The column's name.
    pub name: String,
    /// How the column holds the value.
    pub form: Form,
    /// How many events hold the value in another form than the column.
    pub mistyped: u64,
    /// Whether `fetch cloudtrail` shows its path's first key as a field. Not those of columns that come and go with the
    /// files of a scan: a query's fields do not depend on how files were written.
    pub listed: bool,
}

/// The events of a lake or of archives, as far as a timeframe reaches.
#[derive(Clone)]
pub struct Events {
    /// What a scan reads.
    pub source: Arc<dyn TableSource>,
    /// The columns, in the table's order.
    pub columns: Vec<EventColumn>,
    /// The columns that tell of a record as a whole.
    pub house: House,
    /// How many records are longer than the JSON limit.
    pub over_limit: u64,
    /// The first and the last event of the whole, in nanoseconds; `None` where there are none, or nobody knows yet.
    pub covered: Option<(i64, i64)>,
    /// How many events may lie within the timeframe, where that is known.
    pub events: u64,
    /// How many events are known to have no time.
    pub untimed: u64,
    /// What the whole is called: a `lake`, or an `archive` that is read as the query runs.
    pub whole: &'static str,
    /// The buckets there are.
    pub buckets: Vec<String>,
}

/// The names of the columns that tell of a record as a whole.
#[derive(Clone, Debug)]
pub struct House {
    /// The event's time, a timestamp in microseconds.
    pub time: String,
    /// The record's text.
    pub content: String,
    /// The account that the record belongs to.
    pub account: String,
    /// The region.
    pub region: String,
    /// The object that the record came from.
    pub source: String,
    /// The bucket given at ingest.
    pub bucket: String,
    /// The columns that do not tell the whole truth of the record; null for none.
    pub mistyped: String,
    /// What `mistyped` begins with for a record over the JSON limit.
    pub over_limit: String,
    /// The JSON limit in bytes.
    pub json_limit: usize,
}

/// A lookup table, as `load` reads it.
#[derive(Clone)]
pub struct Lookup {
    /// What a scan reads.
    pub source: Arc<dyn TableSource>,
    /// The fields, with the names of their columns, in order.
    pub fields: Vec<LookupField>,
    /// The column that numbers the records in the order of the file.
    pub place: String,
}

/// A field of a lookup table.
#[derive(Clone, Debug)]
pub struct LookupField {
    /// Its name.
    pub name: String,
    /// Its column, whose Arrow type is that of `ty`.
    pub column: String,
    /// Its type.
    pub ty: Type,
}

/// Why a lookup table can't be loaded.
#[derive(Clone, Debug)]
pub enum LookupFault {
    /// There is no lake to hold one.
    NoLake,
    /// There is none of that name; these there are.
    Unknown(Vec<String>),
    /// The path leads out of the folder of lookup tables.
    Outside,
    /// The file can't be read as what its name says it is, and why.
    Unreadable(String),
}

/// What can be fetched.
pub trait Catalog: Send + Sync {
    /// The events, counted as far as `timeframe` reaches; `None` where there is no lake.
    fn events(&self, timeframe: Timeframe) -> Option<Events>;

    /// The lookup table of that path, which begins with `/`.
    ///
    /// # Errors
    /// Why there is none.
    fn lookup(&self, path: &str) -> Result<Lookup, LookupFault>;

    /// The different texts in the lists that the one column of a plan holds, in the order in which they come first.
    /// This is how the translator learns of keys that only the records know: `fieldsFlatten` makes fields of them.
    ///
    /// # Errors
    /// Why the plan could not be run.
    fn texts(&self, lists: &LogicalPlan) -> Result<Vec<String>, String>;
}
