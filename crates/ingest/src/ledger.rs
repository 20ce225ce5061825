//! Objects against the ledger: what was ingested before and has not changed is not read again.

use std::fs::Metadata;
use std::hash::BuildHasher;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use foldhash::quality::RandomState;
use hashbrown::{HashMap, HashTable};
use lake::sources::{Entry, Known, NewEntries, Outcome, Sources, Span, Visitor};
use lake::{Lake, Snapshot};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::batch::Batch;
use crate::fold::Fold;
use crate::report::{Account, End};
use crate::source::Object;

/// How long after a change of a file another one may leave its time as it is. File systems that count in whole seconds
/// get the longer one.
const TICK: Duration = Duration::from_millis(50);
const COARSE_TICK: Duration = Duration::from_secs(2);

/// The ledger as one ingest sees it.
pub(crate) struct Ledger {
    sources: Sources,
    /// The version of its table against which objects were compared, with our own rows since.
    compared: u64,
    /// What came so far of large objects that take several batches, by name.
    begun: HashMap<String, Entry>,
}

/// What came of an object in a batch and those before it, as far as that is known before events are compared.
pub(crate) struct Tally {
    /// Its place in the listing.
    ordinal: usize,
    /// `folded` is not known yet, and `written` has only what the batches before have.
    entry: Entry,
    /// Whether more of it is to come.
    partly: bool,
}

/// Rows that are durable and not committed yet, none where no object ends with the batch; and what is begun after it.
#[derive(Clone)]
pub(crate) struct NewRows {
    entries: Option<NewEntries>,
    begun: Vec<Entry>,
    ended: Vec<String>,
}

impl Ledger {
    /// Opens or makes it, and repairs what a crash left: see [`Sources::open`].
    pub(crate) async fn open(lake: &Lake, now: &Snapshot) -> Result<Ledger, lake::Error> {
        let sources = Sources::open(lake, now).await?;
        Ok(Ledger {
            compared: sources.version(),
            sources,
            begun: HashMap::new(),
        })
    }

    /// Divides objects into those that the ledger does not have in this state, in their order, and those that it has.
    ///
    /// Memory goes with the listing; time goes with the rows of the ledger that were delivered in the days of the
    /// listing.
    pub(crate) async fn compare(
        &mut self,
        objects: Vec<Object>,
    ) -> Result<(Vec<Object>, Vec<Object>), lake::Error> {
        self.compared = self.sources.version();
        let span = span(&objects);
        let wanted = self.sources.read(&span, Wanted::new(objects)).await?;
        let (mut new, mut known) = (Vec::new(), Vec::new());
        for (object, is_known) in wanted.objects.into_iter().zip(wanted.known) {
            match is_known {
                true => known.push(object),
                false => new.push(object),
            }
        }
        Ok((new, known))
    }

    /// Whether somebody else has added rows since the last comparison.
    pub(crate) fn is_behind(&self) -> bool {
        self.sources.version() > self.compared
    }

    /// What came of the objects of a batch, but for those that failed.
    pub(crate) fn tallies(&self, objects: &[Object], accounts: &[(usize, Account)]) -> Vec<Tally> {
        let tally = |(ordinal, account): &(usize, Account)| {
            let outcome = match account.end {
                End::Read | End::Partly => Outcome::Read,
                End::Broken => Outcome::Broken,
                End::Skipped => Outcome::Skipped,
                End::Failed => return None,
            };
            let object = &objects[*ordinal];
            let before = self.begun.get(&object.name);
            let sum = |now, then: fn(&Entry) -> u64| before.map_or(0, then) + now;
            let entry = Entry {
                source: object.name.clone(),
                size: object.size,
                etag: object.etag.clone(),
                delivered: object.key.day,
                outcome,
                records: sum(account.records, |entry| entry.records),
                written: sum(0, |entry| entry.written),
                folded: 0,
                rejected: sum(account.rejected, |entry| entry.rejected),
            };
            Some(Tally {
                ordinal: *ordinal,
                entry,
                partly: account.end == End::Partly,
            })
        };
        accounts.iter().filter_map(tally).collect()
    }

    /// Makes the rows of a batch durable, in no commit yet.
    pub(crate) async fn write(
        &self,
        batch: Uuid,
        settled: Vec<(Entry, bool)>,
    ) -> Result<NewRows, lake::Error> {
        let (begun, ended): (Vec<_>, Vec<_>) = settled.into_iter().partition(|(_, partly)| *partly);
        let entries: Vec<Entry> = ended.into_iter().map(|(entry, _)| entry).collect();
        Ok(NewRows {
            entries: match entries.is_empty() {
                true => None,
                false => Some(self.sources.write(batch, &entries).await?),
            },
            begun: begun.into_iter().map(|(entry, _)| entry).collect(),
            ended: entries.into_iter().map(|entry| entry.source).collect(),
        })
    }

    /// Takes back rows that will not be committed.
    pub(crate) async fn discard(&self, rows: &NewRows) {
        if let Some(entries) = &rows.entries {
            self.sources.discard(entries).await;
        }
    }

    /// Commits the rows of a batch, whose events stand in version `committed`, if it brought any.
    pub(crate) async fn append(
        &mut self,
        rows: NewRows,
        committed: Option<u64>,
    ) -> Result<(), lake::Error> {
        match (&rows.entries, committed) {
            (Some(entries), committed) => {
                self.sources.append(entries, committed).await?;
                self.compared += 1;
            }
            (None, Some(committed)) => self.sources.pass(committed),
            (None, None) => {}
        }
        for name in &rows.ended {
            self.begun.remove(name);
        }
        let begun = rows.begun.into_iter();
        self.begun
            .extend(begun.map(|entry| (entry.source.clone(), entry)));
        Ok(())
    }
}

impl NewRows {
    /// Names them in the information of the commit of their events.
    pub(crate) fn name_in(&self, info: &mut Map<String, Value>) {
        if let Some(entries) = &self.entries {
            entries.name_in(info);
        }
    }
}

/// The entries with what became of their records, and whether more of the object is to come.
pub(crate) fn settle(tallies: &[Tally], batch: &Batch, fold: &Fold) -> Vec<(Entry, bool)> {
    let mut kept: HashMap<usize, u64> = HashMap::new();
    for row in fold.kept() {
        *kept.entry(batch.place(row).0).or_default() += 1;
    }
    let settle = |tally: &Tally| {
        let entry = &tally.entry;
        let written = entry.written + kept.get(&tally.ordinal).copied().unwrap_or_default();
        let entry = Entry {
            written,
            folded: entry.records.saturating_sub(entry.rejected + written),
            ..entry.clone()
        };
        (entry, tally.partly)
    };
    tallies.iter().map(settle).collect()
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
