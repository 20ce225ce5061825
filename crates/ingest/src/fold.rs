//! Each event once: repeats are folded, in the batch and against the lake; other content under a known id is kept and
//! flagged.
//!
//! CloudTrail delivers at least once, and archives of several trails overlap. An event is known by recipient account,
//! `eventID` and `eventTime`; those without `eventID` by their time and their bytes. Only equal JSON is a repeat, so
//! that a forged record can't take the place of a real one.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::hash::BuildHasher;

use arrow::array::Array;
use foldhash::quality::RandomState;
use hashbrown::{HashMap, HashSet, HashTable};
use lake::{File, IdBatch, Lake, Reach};

use crate::Error;
use crate::batch::{Batch, Row};
use crate::sort::day;
use crate::threads::Pool;

/// Rows that a thread hashes at a time.
const SHARE: usize = 8_192;

/// The distinct records of a batch.
pub(crate) struct Fold {
    /// Seeded anew for each batch, since the ids are the attacker's.
    hasher: RandomState,
    /// The first entry of each event.
    heads: HashTable<usize>,
    entries: Vec<Entry>,
    /// Heads of events without id, by their time.
    nameless: HashMap<Option<i64>, Vec<usize>>,
    conflicts: HashSet<Row>,
    /// Rows that repeat an entry of the batch.
    repeats: Vec<(Row, usize)>,
}

/// A record that differs from all others of the batch.
struct Entry {
    row: Row,
    hash: u64,
    /// Another one of the same event.
    next: Option<usize>,
    /// Whether the lake has it.
    known: bool,
    /// Where the lake's came from; none where nobody asked.
    origin: Option<Origin>,
}

/// An object, and a place in it.
type Origin = (String, i64);

/// The record that stands for a repeat.
pub(crate) enum Kept<'a> {
    /// One of the same batch.
    Batch(Row),
    /// One of the lake, and where that came from.
    Lake(Option<&'a Origin>),
}

/// An entry of which the lake has a record of the same event.
struct Met {
    entry: usize,
    /// Whether it is that very record.
    equal: bool,
    /// The lake's row.
    row: u64,
    origin: Option<Origin>,
}

/// What tells an event from others.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key<'a> {
    account: Option<&'a [u8]>,
    time: Option<i64>,
    mark: Mark<'a>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Mark<'a> {
    Id(&'a [u8]),
    /// For want of an id, the record itself.
    Content(&'a [u8]),
}

/// A row of the lake that may repeat events of the batch.
struct Hit {
    row: u64,
    heads: Vec<usize>,
}

impl Fold {
    /// Folds the repeats within a batch. Hashes on several threads: each id is somewhere else in memory.
    pub(crate) fn new(batch: &Batch, pool: &Pool) -> Fold {
        let rows = batch.rows();
        let mut fold = Fold {
            hasher: RandomState::default(),
            heads: HashTable::with_capacity(rows.len()),
            entries: Vec::with_capacity(rows.len()),
            nameless: HashMap::new(),
            conflicts: HashSet::new(),
            repeats: Vec::new(),
        };
        for (&row, hash) in rows.iter().zip(fold.hashes(batch, &rows, pool)) {
            fold.add(batch, row, hash);
        }
        fold
    }

    fn hashes(&self, batch: &Batch, rows: &[Row], pool: &Pool) -> Vec<u64> {
        let mut hashes = Vec::with_capacity(rows.len());
        let shares: Vec<&[Row]> = rows.chunks(SHARE).collect();
        let work = |place: usize| {
            let hash = |&row: &Row| self.hasher.hash_one(key(batch, row));
            Ok::<Vec<u64>, Infallible>(shares[place].iter().map(hash).collect())
        };
        let Ok(()) = pool.in_order(shares.len(), work, |_, mut share| {
            hashes.append(&mut share);
            Ok(())
        });
        hashes
    }

    /// The rows that are new, in the order of the batch.
    pub(crate) fn kept(&self) -> Vec<Row> {
        self.entries
            .iter()
            .filter(|entry| !entry.known)
            .map(|entry| entry.row)
            .collect()
    }

    /// The distinct records that are not known yet, each with its row, in the order of the batch.
    pub(crate) fn open(&self) -> impl Iterator<Item = (usize, Row)> {
        let entries = self.entries.iter().enumerate();
        entries
            .filter(|(_, entry)| !entry.known)
            .map(|(place, entry)| (place, entry.row))
    }

    /// Says that a record was met before.
    pub(crate) fn know(&mut self, entry: usize) {
        self.entries[entry].known = true;
    }

    /// Whether a record was met before.
    pub(crate) fn is_known(&self, entry: usize) -> bool {
        self.entries[entry].known
    }

    /// Flags a record whose event was met before with other content.
    pub(crate) fn flag(&mut self, entry: usize) {
        self.conflicts.insert(self.entries[entry].row);
    }

    /// The rows that share their event with a record of other content, here or in the lake.
    pub(crate) fn conflicts(&self) -> &HashSet<Row> {
        &self.conflicts
    }

    /// The rows that are not new, each with the one that stands for it.
    pub(crate) fn repeats(&self) -> impl Iterator<Item = (Row, Kept<'_>)> {
        let kept = |entry: &usize| {
            let Entry {
                row, known, origin, ..
            } = &self.entries[*entry];
            match known {
                true => Kept::Lake(origin.as_ref()),
                false => Kept::Batch(*row),
            }
        };
        let known = (0..self.entries.len()).filter(|&entry| self.entries[entry].known);
        let known = known.map(move |entry| (self.entries[entry].row, kept(&entry)));
        known.chain(
            self.repeats
                .iter()
                .map(move |(row, entry)| (*row, kept(entry))),
        )
    }

    /// Folds what these files of the lake have already. Says whether anything came of it. With
    /// `origins`, notes where the lake's records came from.
    pub(crate) fn against(
        &mut self,
        batch: &Batch,
        lake: &Lake,
        files: &[&File],
        pool: &Pool,
        origins: bool,
    ) -> Result<bool, Error> {
        let spans = self.spans(batch);
        let meets = |file: &&File| reach(&spans, file).is_some_and(|reach| file.meets(&reach));
        let files: Vec<&File> = files.iter().copied().filter(meets).collect();
        let before = (self.kept().len(), self.conflicts.len());

        let mut found = Vec::new();
        let work = |place: usize| match reach(&spans, files[place]) {
            Some(reach) => self.compare(batch, lake, files[place], &reach, origins),
            None => Ok(Vec::new()),
        };
        pool.in_order(files.len(), work, |_, mut pairs| {
            found.append(&mut pairs);
            Ok::<_, Error>(())
        })?;
        for met in found {
            let entry = &mut self.entries[met.entry];
            if !met.equal {
                self.conflicts.insert(entry.row);
            } else if !entry.known {
                (entry.known, entry.origin) = (true, met.origin);
            }
        }
        Ok(before != (self.kept().len(), self.conflicts.len()))
    }

    fn add(&mut self, batch: &Batch, row: Row, hash: u64) {
        let key = key(batch, row);
        let Some(head) = self.find(batch, hash, key) else {
            let head = self.push(row, hash);
            let entries = &self.entries;
            self.heads
                .insert_unique(hash, head, |&entry| entries[entry].hash);
            if let Mark::Content(_) = key.mark {
                self.nameless.entry(key.time).or_default().push(head);
            }
            return;
        };
        let content = batch.content(row);
        let same = self
            .chain(head)
            .find(|&entry| equal(batch.content(self.entries[entry].row), content));
        if let Some(entry) = same {
            self.repeats.push((row, entry));
            return;
        }
        let others: Vec<usize> = self.chain(head).collect();
        let new = self.push(row, hash);
        if let Some(&last) = others.last() {
            self.entries[last].next = Some(new);
        }
        let rows = others
            .into_iter()
            .chain([new])
            .map(|entry| self.entries[entry].row);
        self.conflicts.extend(rows);
    }

    fn push(&mut self, row: Row, hash: u64) -> usize {
        self.entries.push(Entry {
            row,
            hash,
            next: None,
            known: false,
            origin: None,
        });
        self.entries.len() - 1
    }

    fn find(&self, batch: &Batch, hash: u64, key: Key<'_>) -> Option<usize> {
        let same = |&entry: &usize| {
            let Entry {
                row, hash: other, ..
            } = self.entries[entry];
            other == hash && self::key(batch, row) == key
        };
        self.heads.find(hash, same).copied()
    }

    /// The entries of one event, beginning with its head.
    fn chain(&self, head: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(head), |&entry| self.entries[entry].next)
    }

    /// Between which times the events of each day lie; of the one without day there are none.
    fn spans(&self, batch: &Batch) -> BTreeMap<Option<i32>, (i64, i64)> {
        let mut spans = BTreeMap::new();
        for entry in &self.entries {
            let time = batch.time(entry.row);
            let micros = time.unwrap_or_default();
            let (min, max) = spans.entry(time.map(day)).or_insert((micros, micros));
            (*min, *max) = (micros.min(*min), micros.max(*max));
        }
        spans
    }

    /// The entries of which a file has records of the same event.
    fn compare(
        &self,
        batch: &Batch,
        lake: &Lake,
        file: &File,
        reach: &Reach,
        origins: bool,
    ) -> Result<Vec<Met>, Error> {
        let mut hits = Vec::new();
        for ids in lake.ids(file, reach)? {
            self.look_up(batch, &ids?, &mut hits);
        }
        if hits.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<u64> = hits.iter().map(|hit| hit.row).collect();
        let mut hits = hits.into_iter();
        let mut found = Vec::new();
        for contents in lake.contents(file, &rows)? {
            let contents = contents?;
            for (content, hit) in contents.iter().zip(hits.by_ref()) {
                let content = content.unwrap_or_default().as_bytes();
                for head in hit.heads {
                    self.match_up(batch, head, content, hit.row, &mut found);
                }
            }
        }
        if origins {
            note_origins(lake, file, &mut found)?;
        }
        Ok(found)
    }

    /// Compares a record of the lake with those of one event.
    fn match_up(
        &self,
        batch: &Batch,
        head: usize,
        content: &[u8],
        lake_row: u64,
        found: &mut Vec<Met>,
    ) {
        let met = |entry, equal| Met {
            entry,
            equal,
            row: lake_row,
            origin: None,
        };
        let row = self.entries[head].row;
        if batch.id(row).is_none() {
            // Events without id are the same only byte for byte, and nothing is known of others.
            if batch.content(row) == content {
                found.push(met(head, true));
            }
            return;
        }
        for entry in self.chain(head) {
            found.push(met(
                entry,
                equal(batch.content(self.entries[entry].row), content),
            ));
        }
    }

    /// The rows of the lake among `ids` that may be of events of the batch.
    fn look_up(&self, batch: &Batch, ids: &IdBatch, hits: &mut Vec<Hit>) {
        for place in 0..ids.event_id.len() {
            let time = ids
                .event_time
                .is_valid(place)
                .then(|| ids.event_time.value(place));
            let heads = if ids.event_id.is_null(place) {
                self.nameless.get(&time).cloned().unwrap_or_default()
            } else {
                let accounts = &ids.recipient_account_id;
                let key = Key {
                    account: accounts
                        .is_valid(place)
                        .then(|| accounts.value(place).as_bytes()),
                    time,
                    mark: Mark::Id(ids.event_id.value(place).as_bytes()),
                };
                self.find(batch, self.hasher.hash_one(key), key)
                    .into_iter()
                    .collect()
            };
            if !heads.is_empty() {
                let row = ids.first_row + place as u64;
                hits.push(Hit { row, heads });
            }
        }
    }
}

/// Asks the file where the records came from that were met.
fn note_origins(lake: &Lake, file: &File, found: &mut [Met]) -> Result<(), Error> {
    let mut rows: Vec<u64> = found
        .iter()
        .filter(|met| met.equal)
        .map(|met| met.row)
        .collect();
    rows.sort_unstable();
    rows.dedup();
    if rows.is_empty() {
        return Ok(());
    }
    let origins: HashMap<u64, Origin> = rows
        .iter()
        .copied()
        .zip(lake.origins(file, &rows)?)
        .collect();
    for met in found {
        met.origin = origins.get(&met.row).filter(|_| met.equal).cloned();
    }
    Ok(())
}

/// What the event of a row is known by.
pub(crate) fn key(batch: &Batch, row: Row) -> Key<'_> {
    Key {
        account: batch.account(row),
        time: batch.time(row),
        mark: match batch.id(row) {
            Some(id) => Mark::Id(id),
            None => Mark::Content(batch.content(row)),
        },
    }
}

/// Whether two records are equal as JSON.
pub(crate) fn equal(a: &[u8], b: &[u8]) -> bool {
    let text = std::str::from_utf8;
    a == b
        || text(a)
            .ok()
            .zip(text(b).ok())
            .is_some_and(|(a, b)| json::equal(a, b))
}

/// Which rows of a file may repeat events of the batch; none if it has no event of the file's day.
fn reach(spans: &BTreeMap<Option<i32>, (i64, i64)>, file: &File) -> Option<Reach> {
    let span = spans.get(&file.date)?;
    Some(match file.date {
        Some(_) => Reach {
            time: Some(*span),
            untimed: false,
        },
        None => Reach {
            time: None,
            untimed: true,
        },
    })
}
