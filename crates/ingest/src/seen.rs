//! The events of the batches before, where no lake holds them: their ids alone, as hashes. A record of a known event whose
//! bytes are others is compared with the earlier one, whose object is read again for it.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::quality::RandomState;
use hashbrown::HashTable;

use crate::batch::{Batch, Places, Row};
use crate::fetch::Fetch;
use crate::fold::{Fold, equal, key};
use crate::gather::{Given, gather};
use crate::source::Object;
use crate::{Error, Options};

/// An event that was met: 24 bytes, and one more in the table.
struct Met {
    /// Of account, id and time.
    key: u64,
    /// Of the record's bytes.
    bytes: u64,
    place: Place,
}

/// An object by its place in the listing, and a record by its place in that.
type Place = (u32, u32);

/// What an entry takes.
const ENTRY: usize = size_of::<Met>() + 1;

/// The events that were met. A repeat is known by two hashes of 64 bits, seeded anew each time.
pub(crate) struct Seen {
    hasher: RandomState,
    met: HashTable<Met>,
    /// Bytes to stay under, if there is a bound.
    bound: Option<usize>,
}

/// Where records of batches before are read again.
#[derive(Clone, Copy)]
pub(crate) struct Again<'a> {
    pub(crate) objects: &'a Arc<[Object]>,
    pub(crate) places: Places,
    pub(crate) given: Given<'a>,
}

impl Seen {
    /// Nothing was met yet.
    pub(crate) fn new(bound: Option<usize>) -> Seen {
        Seen {
            hasher: RandomState::default(),
            met: HashTable::new(),
            bound,
        }
    }

    /// Folds what was met in batches before, and notes what is new, if more batches are to come.
    pub(crate) fn fold(
        &mut self,
        batch: &Batch,
        fold: &mut Fold,
        more: bool,
        again: Again<'_>,
    ) -> Result<(), Error> {
        if self.met.is_empty() && !more {
            return Ok(());
        }
        let open: Vec<(usize, Row, u64, u64)> = fold
            .open()
            .map(|(entry, row)| {
                let event = self.hasher.hash_one(key(batch, row));
                let bytes = self.hasher.hash_one(batch.content(row));
                (entry, row, event, bytes)
            })
            .collect();
        let mut doubtful: Vec<(usize, Vec<Place>)> = Vec::new();
        for &(entry, _, event, bytes) in &open {
            let met = || self.met.iter_hash(event).filter(|met| met.key == event);
            if met().any(|met| met.bytes == bytes) {
                fold.know(entry);
            } else if met().next().is_some() {
                doubtful.push((entry, met().map(|met| met.place).collect()));
            }
        }
        let others = settle(batch, fold, &open, doubtful, again)?;
        if !more {
            return Ok(());
        }
        for (entry, row, event, bytes) in open {
            let known = fold.is_known(entry);
            let place = match others.get(&entry) {
                // The same record in other bytes, which may come again.
                Some(&place) => place,
                None if known => continue,
                None => {
                    let (ordinal, index) = batch.place(row);
                    (u32::try_from(ordinal).unwrap_or(u32::MAX), index)
                }
            };
            self.room()?;
            let new = Met {
                key: event,
                bytes,
                place,
            };
            self.met.insert_unique(event, new, |met| met.key);
        }
        Ok(())
    }

    /// Makes sure that one more may be held.
    fn room(&self) -> Result<(), Error> {
        let (length, capacity) = (self.met.len(), self.met.capacity());
        // A table that grows is there twice meanwhile, the new one of twice the size.
        let grown = ENTRY * capacity.max(4) * 8 / 7 * 3;
        match self.bound {
            Some(bound) if length == capacity && grown > bound => {
                Err(Error::TooMany { events: length })
            }
            _ => Ok(()),
        }
    }
}

/// Compares records with those that were met of the same event. Gives for each that is equal the place of the one that
/// was met.
fn settle(
    batch: &Batch,
    fold: &mut Fold,
    open: &[(usize, Row, u64, u64)],
    doubtful: Vec<(usize, Vec<Place>)>,
    again: Again<'_>,
) -> Result<HashMap<usize, Place>, Error> {
    let mut others = HashMap::new();
    if doubtful.is_empty() {
        return Ok(others);
    }
    let rows: HashMap<usize, Row> = open.iter().map(|&(entry, row, ..)| (entry, row)).collect();
    // Which records ask for a place.
    let mut wanted: BTreeMap<u32, HashMap<u32, Vec<usize>>> = BTreeMap::new();
    for (entry, places) in doubtful {
        for (ordinal, index) in places {
            let of_object = wanted.entry(ordinal).or_default();
            of_object.entry(index).or_default().push(entry);
        }
    }
    read_again(&wanted, again, |earlier, row, place, asking| {
        for &entry in asking {
            let newer = rows[&entry];
            // Hashes may meet by chance.
            if key(earlier, row) != key(batch, newer) {
                continue;
            }
            match equal(earlier.content(row), batch.content(newer)) {
                true => {
                    fold.know(entry);
                    others.insert(entry, place);
                }
                false => fold.flag(entry),
            }
        }
    });
    Ok(others)
}

/// Reads the objects again that are `wanted`, and gives each record of them that is asked for.
fn read_again(
    wanted: &BTreeMap<u32, HashMap<u32, Vec<usize>>>,
    again: Again<'_>,
    mut give: impl FnMut(&Batch, Row, Place, &[usize]),
) {
    let ordinals: Vec<u32> = wanted.keys().copied().collect();
    let objects: Arc<[Object]> = ordinals
        .iter()
        .filter_map(|&ordinal| again.objects.get(ordinal as usize).cloned())
        .collect();
    let options = Options {
        // The batches on their way keep theirs.
        memory: again.given.options.memory / 2,
        ..again.given.options.clone()
    };
    let fetch = Fetch::new(Arc::clone(&objects), &options);
    let given = Given {
        fetch: &fetch,
        options: &options,
        progress: &(),
        ..again.given
    };
    let (mut done, mut begun) = (0, Vec::new());
    while done < objects.len() || !begun.is_empty() {
        let gathered = gather(&objects, done, begun, given);
        (done, begun) = (gathered.done, gathered.begun);
        let batch = Batch::new(again.places, gathered.blocks, &options.bucket);
        for row in batch.rows() {
            let (place, index) = batch.place(row);
            let ordinal = ordinals[place];
            if let Some(asking) = wanted[&ordinal].get(&index) {
                give(&batch, row, (ordinal, index), asking);
            }
        }
    }
}
