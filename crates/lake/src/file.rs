//! A data file as the table's log describes it: all that can be known without opening it.

use std::collections::BTreeMap;

use crate::instant;

/// The column of the events' time.
pub(crate) const TIME: &str = "event_time";

/// One data file of a snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// The path, relative to the table, not escaped: `event_date=2024-01-02/<uuid>.parquet`.
    pub path: String,
    /// The day of all its events, in days since 1970-01-01; `None` for the partition of events without a usable time.
    pub date: Option<i32>,
    /// Bytes.
    pub size: u64,
    /// Rows, that is events. 0 where another engine did not say.
    pub rows: u64,
    /// The least and the greatest `event_time`, in microseconds since 1970-01-01 UTC. Exact in files of ours; bounds in
    /// files that another engine rewrote. `None` where no event has a time, or nothing is known:
    /// [`untimed`](File::untimed) tells which.
    pub time: Option<(i64, i64)>,
    /// For each column in which some rows hold a value of another form, how many such rows; `*` counts the records
    /// over the JSON limit. Meaningless in layout 0.
    pub mistyped: BTreeMap<String, u64>,
    /// How many rows have `conflict` set.
    pub conflicts: u64,
    /// The buckets of its rows, each once, in order. Empty, and meaningless, in layout 0.
    pub buckets: Vec<String>,
    /// The layout that it was written under; 0 for a file that another engine rewrote, of which no column may stand
    /// for the text because nobody counted what is mistyped.
    pub layout: u32,
    /// Whether its records are packed [densely](crate::Packing::Dense).
    pub dense: bool,
    /// Bounds by column name, for those columns that the log has any for.
    pub statistics: BTreeMap<String, Statistics>,
}

/// What the log knows of one column of one file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statistics {
    /// No value of the column is less. `None` where all are null or nothing is known.
    pub min: Option<Scalar>,
    /// No value of the column is greater. `None` where all are null or nothing is known.
    pub max: Option<Scalar>,
    /// How many values are null; `None` where that is not known.
    pub nulls: Option<u64>,
}

/// A typed value in statistics. Values of one column are of one variant, and order as the column does (text by bytes).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scalar {
    /// A text, or the beginning of one, raised at its end where it is a greatest value that was cut.
    Text(String),
    /// A boolean.
    Boolean(bool),
    /// A 64-bit integer.
    Long(i64),
    /// Microseconds since 1970-01-01 UTC.
    Timestamp(i64),
}

/// Which events are wanted, by their time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Those from the first to the second microsecond since 1970-01-01 UTC, both included.
    pub time: Option<(i64, i64)>,
    /// Those without a time.
    pub untimed: bool,
}

impl File {
    /// How many events have no time; `None` where that is not known.
    pub fn untimed(&self) -> Option<u64> {
        self.statistics.get(TIME)?.nulls
    }

    /// Whether a row of this file may be within `reach`. False only where none is.
    pub fn meets(&self, reach: &Reach) -> bool {
        let nulls = self.untimed();
        (reach.untimed && nulls != Some(0))
            || reach.time.is_some_and(|wanted| self.overlaps(wanted))
    }

    fn overlaps(&self, (from, to): (i64, i64)) -> bool {
        match self.bounds() {
            Bounds::Within(min, max) => min <= to && from <= max,
            Bounds::Empty => false,
            Bounds::Unknown => true,
        }
    }

    fn bounds(&self) -> Bounds {
        if let Some((min, max)) = self.time {
            return Bounds::Within(min, max);
        }
        if self.rows > 0 && self.untimed() == Some(self.rows) {
            return Bounds::Empty;
        }
        match self.date.and_then(instant::day_span) {
            Some((min, max)) => Bounds::Within(min, max),
            None => Bounds::Unknown,
        }
    }
}

/// Where the times of a file lie.
enum Bounds {
    Within(i64, i64),
    Empty,
    Unknown,
}

impl Statistics {
    /// The statistics of this column in this many `rows` followed by `more` rows of which `other` tells.
    pub(crate) fn join(self, rows: u64, other: Statistics, more: u64) -> Statistics {
        let (left, right) = (self.nulls == Some(rows), other.nulls == Some(more));
        let bound =
            |a: Option<Scalar>, b: Option<Scalar>, pick: fn(Scalar, Scalar) -> Scalar| match (a, b)
            {
                (Some(a), Some(b)) => Some(pick(a, b)),
                (a, None) if right => a,
                (None, b) if left => b,
                _ => None,
            };
        Statistics {
            min: bound(self.min, other.min, Scalar::min),
            max: bound(self.max, other.max, Scalar::max),
            nulls: self.nulls.zip(other.nulls).map(|(a, b)| a + b),
        }
    }
}
