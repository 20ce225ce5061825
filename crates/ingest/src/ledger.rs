//! Objects against the ledger: what was ingested before and has not changed is not read again.

use std::fs::Metadata;
use std::hash::BuildHasher;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use foldhash::quality::RandomState;
use hashbrown::{HashMap, HashTable};
use lake::sources::{Entry, Known, Outcome, Sources, Span, Visitor};

use crate::batch::Batch;
use crate::fold::Fold;
use crate::report::{Account, End};
use crate::source::Object;

/// How long after a change of a file another one may leave its time as it is. File systems that count in whole seconds
/// get the longer one.
const TICK: Duration = Duration::from_millis(50);
const COARSE_TICK: Duration = Duration::from_secs(2);

/// Divides objects into those that the ledger does not have in this state, in their order, and those that it has.
///
/// Memory goes with the listing; time goes with the rows of the ledger that were delivered in the days of the listing.
pub(crate) async fn compare(
    sources: &Sources,
    objects: Vec<Object>,
) -> Result<(Vec<Object>, Vec<Object>), lake::Error> {
    let span = span(&objects);
    let wanted = sources.read(&span, Wanted::new(objects)).await?;
    let (mut new, mut known) = (Vec::new(), Vec::new());
    for (object, is_known) in wanted.objects.into_iter().zip(wanted.known) {
        match is_known {
            true => known.push(object),
            false => new.push(object),
        }
    }
    Ok((new, known))
}

/// The rows of a batch: an entry for each object but those that failed, with its place in the listing.
pub(crate) fn entries(objects: &[Object], accounts: &[(usize, Account)]) -> Vec<(usize, Entry)> {
    let outcome = |end| match end {
        End::Read => Some(Outcome::Read),
        End::Broken => Some(Outcome::Broken),
        End::Skipped => Some(Outcome::Skipped),
        End::Failed => None,
    };
    let entry = |(ordinal, account): &(usize, Account)| {
        let object = &objects[*ordinal];
        let entry = Entry {
            source: object.name.clone(),
            size: object.size,
            etag: object.etag.clone(),
            delivered: object.key.day,
            outcome: outcome(account.end)?,
            records: account.records,
            written: 0,
            folded: 0,
            rejected: account.rejected,
        };
        Some((*ordinal, entry))
    };
    accounts.iter().filter_map(entry).collect()
}

/// The entries, with what became of their records.
pub(crate) fn settle(entries: &[(usize, Entry)], batch: &Batch, fold: &Fold) -> Vec<Entry> {
    let mut written: HashMap<usize, u64> = HashMap::new();
    for row in fold.kept() {
        *written.entry(batch.ordinal(row)).or_default() += 1;
    }
    let settle = |(ordinal, entry): &(usize, Entry)| {
        let written = written.get(ordinal).copied().unwrap_or_default();
        Entry {
            written,
            folded: entry.records.saturating_sub(entry.rejected + written),
            ..entry.clone()
        }
    };
    entries.iter().map(settle).collect()
}

/// What tells the content of a file from another of the same size: the time at which it was modified, in nanoseconds.
/// None where that is so short ago that another change may not show.
pub(crate) fn etag(metadata: &Metadata) -> Option<String> {
    stamp(metadata.modified().ok()?, SystemTime::now())
}

fn stamp(modified: SystemTime, now: SystemTime) -> Option<String> {
    let since = modified.duration_since(UNIX_EPOCH).ok()?;
    let tick = match since.subsec_nanos() {
        0 => COARSE_TICK,
        _ => TICK,
    };
    (modified + tick < now).then(|| since.as_nanos().to_string())
}

fn span(objects: &[Object]) -> Span {
    let names = || objects.iter().map(|object| object.name.as_str());
    let days = || objects.iter().filter_map(|object| object.key.day);
    let owned = |(min, max): (&str, &str)| (min.to_owned(), max.to_owned());
    Span {
        sources: names().min().zip(names().max()).map(owned),
        days: days().min().zip(days().max()),
        undated: objects.iter().any(|object| object.key.day.is_none()),
    }
}

/// Objects by name.
struct Wanted {
    objects: Vec<Object>,
    known: Vec<bool>,
    names: HashTable<usize>,
    hasher: RandomState,
}

impl Wanted {
    fn new(objects: Vec<Object>) -> Wanted {
        let hasher = RandomState::default();
        let mut names = HashTable::with_capacity(objects.len());
        let hash = |&place: &usize| hasher.hash_one(objects[place].name.as_str());
        for place in 0..objects.len() {
            names.insert_unique(hash(&place), place, hash);
        }
        Wanted {
            known: vec![false; objects.len()],
            objects,
            names,
            hasher,
        }
    }
}

impl Visitor for Wanted {
    fn visit(&mut self, known: Known<'_>) {
        let objects = &self.objects;
        let same = |&place: &usize| objects[place].name == known.source;
        if let Some(&place) = self.names.find(self.hasher.hash_one(known.source), same) {
            let object = &objects[place];
            // Any state that was read counts: one that comes back brings nothing that is not in the lake.
            if object.size == known.size && object.etag.as_deref() == Some(known.etag) {
                self.known[place] = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_has_just_changed_may_change_again_unseen() {
        let at = |nanos| UNIX_EPOCH + Duration::from_nanos(nanos);
        let (fine, whole) = (5_000_000_001, 5_000_000_000);
        assert_eq!(stamp(at(fine), at(fine + 50_000_000)), None);
        let settled = stamp(at(fine), at(fine + 50_000_001));
        assert_eq!(settled.as_deref(), Some("5000000001"));
        assert_eq!(stamp(at(whole), at(whole + 1_999_999_999)), None);
        let settled = stamp(at(whole), at(whole + 2_000_000_001));
        assert_eq!(settled.as_deref(), Some("5000000000"));
        // A time to come says that some clock is wrong.
        assert_eq!(stamp(at(fine), at(1)), None);
    }
}
