//! The records of a batch, to be found by what tells events apart and by what they say. All of them are kept, repeats
//! as well, each with what is known of it so far.

use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

use foldhash::quality::RandomState;
use hashbrown::{HashMap, HashSet};

use crate::batch::{Batch, Row};

const FOLDED: u8 = 1;
const FOUND: u8 = 2;

/// What tells an event from others: recipient account, time, id.
pub(crate) type Key<'a> = (Option<&'a [u8]>, Option<i64>, Option<&'a [u8]>);

/// How contents are held against each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pass {
    /// Byte for byte.
    Bytes,
    /// As JSON.
    Json,
}

/// The records of a batch and what is known of them.
pub(crate) struct Records<'a> {
    pub(crate) batch: &'a Batch,
    pub(crate) rows: Vec<Row>,
    states: Vec<AtomicU8>,
    /// Seeded anew for each batch, since the records are the attacker's.
    hasher: RandomState,
}

/// An index over those records that a pass looks for.
pub(crate) struct Index<'a> {
    records: &'a Records<'a>,
    pub(crate) pass: Pass,
    keys: HashSet<u64>,
    /// By the hash of key and content.
    groups: HashMap<u64, Vec<usize>>,
}

impl<'a> Records<'a> {
    pub(crate) fn new(batch: &'a Batch) -> Records<'a> {
        let rows = batch.rows();
        Records {
            states: rows.iter().map(|_| AtomicU8::new(0)).collect(),
            hasher: RandomState::default(),
            batch,
            rows,
        }
    }

    /// An index over the records that are not accounted for yet; none if there are none to look for.
    pub(crate) fn index(&'a self, pass: Pass) -> Option<Index<'a>> {
        let mut index = Index {
            records: self,
            pass,
            keys: HashSet::new(),
            groups: HashMap::new(),
        };
        for (place, &row) in self.rows.iter().enumerate() {
            let key = self.key(row);
            // Records without an id are the same byte for byte or not at all.
            if !self.is_open(place) || pass == Pass::Json && key.2.is_none() {
                continue;
            }
            index.keys.insert(self.hasher.hash_one(key));
            let hash = index.hash(key, self.batch.content(row));
            index.groups.entry(hash).or_default().push(place);
        }
        (!index.groups.is_empty()).then_some(index)
    }

    fn key(&self, row: Row) -> Key<'a> {
        let batch = self.batch;
        (batch.account(row), batch.time(row), batch.id(row))
    }

    /// Whether nothing is known of a record.
    pub(crate) fn is_open(&self, place: usize) -> bool {
        self.states[place].load(Relaxed) == 0
    }

    /// Takes a record for the one that a row holds, if no other row has it.
    pub(crate) fn claim(&self, place: usize) -> bool {
        self.states[place].swap(FOUND, Relaxed) != FOUND
    }

    /// Notes that a row holds a record like this one.
    pub(crate) fn fold(&self, place: usize) {
        self.states[place].fetch_max(FOLDED, Relaxed);
    }

    /// How many records have a row of their own, are like another's, have none; the bytes of the first.
    pub(crate) fn counts(&self) -> (u64, u64, u64, u64) {
        let mut counts = (0, 0, 0, 0);
        for (state, &row) in self.states.iter().zip(&self.rows) {
            match state.load(Relaxed) {
                FOUND => {
                    counts.0 += 1;
                    counts.3 += self.batch.content(row).len() as u64;
                }
                FOLDED => counts.1 += 1,
                _ => counts.2 += 1,
            }
        }
        counts
    }
}

impl Index<'_> {
    /// Whether a record of this event is looked for. Now and then true where none is.
    pub(crate) fn wants(&self, key: Key<'_>) -> bool {
        self.keys.contains(&self.records.hasher.hash_one(key))
    }

    /// The records of this event that say what `content` says.
    pub(crate) fn like(&self, key: Key<'_>, content: &[u8]) -> Vec<usize> {
        let Some(group) = self.groups.get(&self.hash(key, content)) else {
            return Vec::new();
        };
        let same = |&&place: &&usize| {
            let row = self.records.rows[place];
            let other = self.records.batch.content(row);
            self.records.key(row) == key
                && match self.pass {
                    Pass::Bytes => other == content,
                    Pass::Json => equal(other, content),
                }
        };
        group.iter().filter(same).copied().collect()
    }

    fn hash(&self, key: Key<'_>, content: &[u8]) -> u64 {
        let hasher = &self.records.hasher;
        if self.pass == Pass::Json
            && let Ok(text) = std::str::from_utf8(content)
        {
            let mut form = String::new();
            if json::canonical(text, &mut form).is_ok() {
                return hasher.hash_one((key, form.as_bytes()));
            }
        }
        hasher.hash_one((key, content))
    }
}

fn equal(a: &[u8], b: &[u8]) -> bool {
    let texts = std::str::from_utf8(a).ok().zip(std::str::from_utf8(b).ok());
    texts.is_some_and(|(a, b)| json::equal(a, b))
}
