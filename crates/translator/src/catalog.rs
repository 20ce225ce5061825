//! How the translator sees the lake: what it needs to know of the events, without knowing where they are.

use std::sync::Arc;

use datafusion::logical_expr::TableSource;
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
}

/// The events of a lake, as far as a timeframe reaches.
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
    /// The first and the last event of the whole lake, in nanoseconds; `None` for a lake without events.
    pub covered: Option<(i64, i64)>,
    /// How many events may lie within the timeframe.
    pub events: u64,
    /// How many events of the lake have no time.
    pub untimed: u64,
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

/// What can be fetched.
pub trait Catalog: Send + Sync {
    /// The events, counted as far as `timeframe` reaches; `None` where there is no lake.
    fn events(&self, timeframe: Timeframe) -> Option<Events>;
}
