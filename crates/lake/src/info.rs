//! The figures of a lake, all from its log: no data file is opened.

use std::collections::{BTreeMap, BTreeSet};

use crate::Snapshot;
use crate::file::File;

/// The figures of a snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Info {
    /// The version of the Delta table.
    pub version: u64,
    /// Data files.
    pub files: u64,
    /// Bytes of all data files.
    pub bytes: u64,
    /// Events.
    pub events: u64,
    /// The least and the greatest `event_time`, in microseconds since 1970-01-01 UTC.
    pub time: Option<(i64, i64)>,
    /// Events in the null partition, which a query with a timeframe leaves out.
    pub undated: u64,
    /// Events flagged because another one has their id and other content.
    pub conflicts: u64,
    /// Events whose record holds a column's value in another form, by column; `*` for records over the JSON limit.
    pub mistyped: BTreeMap<String, u64>,
    /// The names of all buckets.
    pub buckets: BTreeSet<String>,
    /// Files that another engine rewrote, whose events are answered from their text.
    pub foreign: u64,
    /// The figures of each day, in days since 1970-01-01; first those of the null partition, if it has any.
    pub days: BTreeMap<Option<i32>, Day>,
}

/// The figures of one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// Data files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Events.
    pub events: u64,
}

impl Snapshot {
    /// The figures of this snapshot.
    pub fn info(&self) -> Info {
        let mut info = Info {
            version: self.version,
            time: self.time(),
            ..Info::default()
        };
        for file in &self.files {
            info.count(file);
        }
        info
    }
}

impl Info {
    fn count(&mut self, file: &File) {
        self.files += 1;
        self.bytes += file.size;
        self.events += file.rows;
        self.conflicts += file.conflicts;
        self.undated += if file.date.is_none() { file.rows } else { 0 };
        self.foreign += u64::from(file.layout == 0);
        for (column, rows) in &file.mistyped {
            *self.mistyped.entry(column.clone()).or_default() += rows;
        }
        self.buckets.extend(file.buckets.iter().cloned());
        let day = self.days.entry(file.date).or_default();
        day.files += 1;
        day.bytes += file.size;
        day.events += file.rows;
    }
}
