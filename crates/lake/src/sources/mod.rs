//! The ledger: which objects were ingested, and what came of each. A Delta table of its own beside that of the events,
//! a row for each object and each state of it that was read.
//!
//! Two tables can't be committed at once. The rows of a batch are made durable first, in a file that the commit of the
//! batch's events names; then the events are committed; then the rows. Where a crash falls between the two commits,
//! [`Sources::open`] finds the name in the log of the events and commits the rows after all. An object whose row is
//! missing nevertheless is read once more, and its events are folded.

mod commit;
mod encode;
mod read;
mod table;

use serde_json::{Map, Value};

pub use read::{Known, Span, Visitor};
pub use table::Sources;

/// What became of an object. One that failed has no row: it is tried again by the next ingest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Read to the end; single records may have been rejected.
    Read,
    /// Broken at some place; what stands before it was read.
    Broken,
    /// Left alone: it holds no records in a form that is known.
    Skipped,
}

impl Outcome {
    /// As the table has it.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Read => "read",
            Outcome::Broken => "broken",
            Outcome::Skipped => "skipped",
        }
    }
}

/// A row of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The object, as the events' column `source` has it.
    pub source: String,
    /// Its bytes, as they are stored.
    pub size: u64,
    /// What tells this content of the object from another of the same size: its ETag, or for a file the time at which
    /// it was modified. `None` where that is not known; such an object is read again.
    pub etag: Option<String>,
    /// The day of delivery by the object's path, in days since 1970-01-01.
    pub delivered: Option<i32>,
    /// What became of it.
    pub outcome: Outcome,
    /// Records found whole.
    pub records: u64,
    /// Of those, new in the lake.
    pub written: u64,
    /// Of those, folded as repeats.
    pub folded: u64,
    /// Of those, not acceptable.
    pub rejected: u64,
}

/// Rows of a batch that are durable, and not committed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntries {
    path: String,
    size: u64,
    stats: String,
}

impl NewEntries {
    /// As the commit of the events names it.
    fn to_json(&self) -> Value {
        let pairs = [
            ("path", Value::from(self.path.as_str())),
            ("size", Value::from(self.size)),
            ("stats", Value::from(self.stats.as_str())),
        ];
        Value::Object(Map::from_iter(
            pairs.map(|(key, value)| (key.to_owned(), value)),
        ))
    }

    fn of_json(value: &Value) -> Option<NewEntries> {
        let text = |key: &str| Some(value.get(key)?.as_str()?.to_owned());
        let path = text("path")?;
        // The log is read from a disk that others may write to: nothing outside of the table is ever named.
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
        (path.bytes().all(plain) && path.ends_with(".parquet")).then_some(())?;
        Some(NewEntries {
            path,
            size: value.get("size")?.as_u64()?,
            stats: text("stats")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_name_in_the_log_comes_back_unless_it_leads_elsewhere() {
        let new = NewEntries {
            path: "0b1c-2d.parquet".to_owned(),
            size: 7,
            stats: "{\"numRecords\":1}".to_owned(),
        };
        assert_eq!(NewEntries::of_json(&new.to_json()), Some(new));
        for path in [
            "../x.parquet",
            "/x.parquet",
            "a/b.parquet",
            "x.json",
            "%2e.parquet",
        ] {
            let value = json!({"path": path, "size": 1, "stats": "{}"});
            assert_eq!(NewEntries::of_json(&value), None, "{path}");
        }
    }
}
