//! How to ingest.

use crate::Repeats;
use crate::key::Key;
use crate::windows::{RECORD, WINDOW};

/// A block, or an object held whole, this small is still worth its columns.
pub(crate) const SMALLEST: usize = 1 << 20;

/// What the process takes however small batches are: the program itself, the runtime, the lake's log, and row groups that are
/// being encoded.
const RESIDENT: usize = 232 << 20;

/// How to ingest. `Options::default()` is meant for a laptop.
#[derive(Clone, Debug)]
pub struct Options {
    /// The bucket (`dt.system.bucket`) that the events are put in.
    pub bucket: String,
    /// Which objects are read.
    pub selection: Selection,
    /// How S3 is reached, for sources there.
    pub s3: lake::S3,
    /// Whether objects are read that were ingested before and have not changed since.
    pub again: bool,
    /// Records after which a batch is committed, about: it ends with the object at hand. Memory may end it earlier.
    pub batch_records: u64,
    /// Where folded repeats are listed, if they are.
    pub repeats: Option<Repeats>,
    /// Bytes of memory to stay under, about.
    pub memory: usize,
    /// How many threads work.
    pub threads: usize,
    /// The most rows of a row group; never more than [`lake::ROW_GROUP_ROWS`].
    pub row_group_rows: usize,
    /// The most bytes that one object may have, unpacked. Of larger ones nothing behind that is read, and nothing at
    /// all where the limit is less than what is held whole; both are reported.
    pub object_limit: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            bucket: "default_logs".to_owned(),
            selection: Selection::default(),
            s3: lake::S3::default(),
            again: false,
            batch_records: 1 << 20,
            repeats: None,
            memory: 1 << 30,
            threads: std::thread::available_parallelism().map_or(1, |threads| threads.get()),
            row_group_rows: lake::ROW_GROUP_ROWS,
            object_limit: 1 << 36,
        }
    }
}

impl Options {
    /// Bytes of room for text and of what was found in it after which a batch ends: a fifth of what is left. There are two batches
    /// while the first of them is written, blocks that are not full, and what is being read and encoded; the allocator holds
    /// on to the rest.
    pub(crate) fn batch_memory(&self) -> usize {
        let left = self.memory.saturating_sub(RESIDENT);
        left.max(self.memory / 4) / 5
    }

    /// Bytes of a piece of an object that is not held whole. Each thread has two of them at hand.
    pub(crate) fn window(&self) -> usize {
        (self.batch_memory() / (4 * self.threads.max(1))).clamp(SMALLEST, WINDOW)
    }

    /// Bytes up to which an object is held whole, packed and unpacked. Larger ones are read piece by piece: each thread may
    /// bring one to a batch that is nearly full, and what takes room of another size each time leaves holes in memory.
    pub(crate) fn whole(&self) -> usize {
        let share = self.batch_memory() / (4 * self.threads.max(1));
        share.clamp(SMALLEST, RECORD).min(self.object_limit)
    }
}

/// Which objects are read, by what their paths say of them; an object whose path does not say is read. Objects are
/// taken whole: records outside the times asked for come along.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Events from this instant on, in microseconds since 1970-01-01 UTC.
    pub from: Option<i64>,
    /// Events before this instant, likewise. Events are delivered after they happen, mostly within minutes: objects of
    /// the day after are read too.
    pub to: Option<i64>,
    /// These accounts alone, if any are named.
    pub accounts: Vec<String>,
    /// These regions alone, if any are named.
    pub regions: Vec<String>,
}

impl Selection {
    pub(crate) fn takes(&self, key: &Key) -> bool {
        let of = |wanted: &[String], found: &Option<String>| {
            wanted.is_empty() || found.as_ref().is_none_or(|found| wanted.contains(found))
        };
        key.day.is_none_or(|day| self.days(day, day).is_some())
            && of(&self.accounts, &key.account)
            && of(&self.regions, &key.region)
    }

    /// Whether objects that were delivered from the `first` to the `last` day, in days since 1970-01-01, are taken: all
    /// (`true`), some (`false`), or none.
    pub(crate) fn days(&self, first: i32, last: i32) -> Option<bool> {
        let day = |micros: i64| micros.div_euclid(86_400_000_000);
        let from = self.from.map_or(i64::MIN, day);
        let to = self
            .to
            .map_or(i64::MAX, |to| day(to.saturating_sub(1)).saturating_add(1));
        let (first, last) = (i64::from(first), i64::from(last));
        (last >= from && first <= to).then_some(first >= from && last <= to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000_000;

    #[test]
    fn objects_are_selected_whole() {
        let delivered = |day| Key {
            day: Some(day),
            account: Some("111111111111".into()),
            region: Some("us-east-1".into()),
            ..Key::default()
        };
        let selection = |from, to| Selection {
            from,
            to,
            ..Selection::default()
        };
        // Half past noon of day 10 until midnight before day 12.
        let days = selection(Some(10 * DAY + DAY / 2), Some(12 * DAY));
        let taken: Vec<i32> = (8..15).filter(|&day| days.takes(&delivered(day))).collect();
        assert_eq!(taken, [10, 11, 12]);
        // A microsecond more is a day more.
        assert!(selection(None, Some(12 * DAY + 1)).takes(&delivered(13)));
        assert!(days.takes(&Key::default()));

        let accounts = Selection {
            accounts: vec!["222222222222".into()],
            ..Selection::default()
        };
        assert!(!accounts.takes(&delivered(1)));
        assert!(accounts.takes(&Key::default()));
        let regions = Selection {
            regions: vec!["eu-west-1".into(), "us-east-1".into()],
            ..Selection::default()
        };
        assert!(regions.takes(&delivered(1)));
    }
}
