//! What a data file will say of itself in the log, gathered row group by row group while the arrays are at hand.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, BooleanArray, StringViewArray, TimestampMicrosecondArray};
use arrow::compute::{max, min};
use parquet::file::statistics::Statistics as ChunkStatistics;

use crate::Kind;
use crate::file::{Scalar, Statistics, TIME};

/// The facts of some rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Facts {
    pub(crate) rows: u64,
    pub(crate) time: Option<(i64, i64)>,
    pub(crate) untimed: u64,
    pub(crate) mistyped: BTreeMap<String, u64>,
    pub(crate) conflicts: u64,
    pub(crate) buckets: BTreeSet<String>,
    pub(crate) statistics: BTreeMap<String, Statistics>,
}

impl Facts {
    /// The facts of these rows and of those of `other`.
    pub(crate) fn join(mut self, other: Facts) -> Facts {
        for (column, rows) in other.mistyped {
            *self.mistyped.entry(column).or_default() += rows;
        }
        self.buckets.extend(other.buckets);
        let mut theirs = other.statistics;
        let statistics = match self.rows {
            0 => theirs,
            rows => std::mem::take(&mut self.statistics)
                .into_iter()
                .filter_map(|(column, ours)| {
                    let joined = ours.join(rows, theirs.remove(&column)?, other.rows);
                    Some((column, joined))
                })
                .collect(),
        };
        Facts {
            rows: self.rows + other.rows,
            time: join_spans(self.time, other.time),
            untimed: self.untimed + other.untimed,
            mistyped: self.mistyped,
            conflicts: self.conflicts + other.conflicts,
            buckets: self.buckets,
            statistics,
        }
    }

    /// Sets the statistics of the time column, which are exact.
    pub(crate) fn with_time(mut self, times: &TimestampMicrosecondArray) -> Facts {
        self.time = min(times).zip(max(times));
        self.untimed = times.null_count() as u64;
        let statistics = Statistics {
            min: self.time.map(|(min, _)| Scalar::Timestamp(min)),
            max: self.time.map(|(_, max)| Scalar::Timestamp(max)),
            nulls: Some(self.untimed),
        };
        self.statistics.insert(TIME.to_owned(), statistics);
        self
    }
}

/// The smallest span that holds both.
pub(crate) fn join_spans(a: Option<(i64, i64)>, b: Option<(i64, i64)>) -> Option<(i64, i64)> {
    match (a, b) {
        (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
        (a, b) => a.or(b),
    }
}

/// How often each column is named in `mistyped`, whose values are names separated by commas.
pub(crate) fn count_names(mistyped: &StringViewArray) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for names in mistyped.iter().flatten() {
        for name in names.split(',').filter(|name| !name.is_empty()) {
            match counts.get_mut(name) {
                Some(count) => *count += 1,
                None => {
                    counts.insert(name.to_owned(), 1);
                }
            }
        }
    }
    counts
}

/// How many values are true.
pub(crate) fn count_true(values: &BooleanArray) -> u64 {
    values.true_count() as u64
}

/// Each text once.
pub(crate) fn distinct(values: &StringViewArray) -> BTreeSet<String> {
    let mut distinct = BTreeSet::new();
    let mut last = None;
    for value in values.iter().flatten() {
        // Buckets come in long runs; comparing with the predecessor spares the search.
        if last != Some(value) && !distinct.contains(value) {
            distinct.insert(value.to_owned());
        }
        last = Some(value);
    }
    distinct
}

/// The statistics that Parquet gathered for a chunk of a column. Its bounds of texts may be cut, which leaves them
/// bounds.
pub(crate) fn of_chunk(kind: Kind, nulls: usize, chunk: Option<&ChunkStatistics>) -> Statistics {
    let bound = |bytes: Option<&[u8]>| Some(scalar(kind, bytes?)).flatten();
    Statistics {
        min: bound(chunk.and_then(|chunk| chunk.min_bytes_opt())),
        max: bound(chunk.and_then(|chunk| chunk.max_bytes_opt())),
        nulls: Some(nulls as u64),
    }
}

/// A value in Parquet's plain encoding.
fn scalar(kind: Kind, bytes: &[u8]) -> Option<Scalar> {
    let long = || Some(i64::from_le_bytes(bytes.try_into().ok()?));
    match kind {
        Kind::Text | Kind::Json => Some(Scalar::Text(std::str::from_utf8(bytes).ok()?.to_owned())),
        Kind::Boolean => Some(Scalar::Boolean(*bytes.first()? != 0)),
        Kind::Long => long().map(Scalar::Long),
        Kind::Timestamp => long().map(Scalar::Timestamp),
    }
}
