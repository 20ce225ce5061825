//! The records of some objects: their text in one piece, and for each record where in it the values of its columns
//! stand. Copied are strings that had escapes, and once for all rows of a block texts that repeat.

use std::borrow::Cow;
use std::hash::BuildHasher;
use std::sync::{Mutex, MutexGuard, PoisonError};

use foldhash::quality::RandomState;
use hashbrown::HashTable;
use lake::{Column, Kind};

/// Bytes of text after which a block is closed: less than a piece of a large object, of which two would make it grow by
/// doubling. Those that are not full when a batch ends are memory that nobody counted.
pub(crate) const BLOCK: usize = 7 << 20;

/// The longest text in bytes that is kept once for all rows that have it.
const SHARED: usize = 256;

/// A piece of text: where it begins, and how long it is with the buffer in the highest bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Slot {
    at: u32,
    length: u32,
}

impl Slot {
    const SIDE: u32 = 1 << 31;

    /// No value.
    pub(crate) const NULL: Slot = Slot {
        at: u32::MAX,
        length: u32::MAX,
    };

    fn new(at: usize, length: usize, buffer: u32) -> Slot {
        // Blocks end far below 4 GiB and objects below 2 GiB, so that nothing is cut here.
        match (u32::try_from(at), u32::try_from(length)) {
            (Ok(at), Ok(length)) if length < Slot::SIDE => Slot {
                at,
                length: length | buffer,
            },
            _ => Slot::NULL,
        }
    }

    /// The text in a side buffer.
    fn within(self, side: &[u8]) -> &[u8] {
        let (_, at, length) = self.place().unwrap_or_default();
        side.get(at..at + length).unwrap_or_default()
    }

    /// Where the text is: whether in the side buffer, its first byte, its length. None for no value.
    pub(crate) fn place(self) -> Option<(bool, usize, usize)> {
        let length = (self.length & !Slot::SIDE) as usize;
        (self != Slot::NULL).then_some((self.length & Slot::SIDE != 0, self.at as usize, length))
    }
}

/// The values of one column, one for each row. Rows at the end that have none may be left out, so that a column which
/// never occurs costs nothing.
#[derive(Clone, Debug)]
pub(crate) enum Values {
    /// Text and JSON.
    Text(Vec<Slot>),
    Boolean(Vec<Option<bool>>),
    Long(Vec<Option<i64>>),
    /// Microseconds.
    Timestamp(Vec<Option<i64>>),
}

/// The rows of one object in a block.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    /// The object's place in the listing.
    pub(crate) ordinal: usize,
    /// Its path.
    pub(crate) source: Slot,
    /// The account in its path.
    pub(crate) account: Slot,
    /// Its rows.
    pub(crate) rows: std::ops::Range<usize>,
}

/// The records of some objects.
#[derive(Debug)]
pub(crate) struct Block {
    /// The objects' text, one after the other.
    pub(crate) text: Vec<u8>,
    /// What was found in it.
    pub(crate) rows: Rows,
}

/// What was found in the text of a block.
#[derive(Debug)]
pub(crate) struct Rows {
    /// Strings whose escapes are undone, texts that rows share, and whatever else is not in the text.
    pub(crate) side: Vec<u8>,
    /// The texts in `side` that rows share. Seeded, since the texts are the attacker's.
    shared: HashTable<Slot>,
    hasher: RandomState,
    /// The declared columns.
    pub(crate) columns: Vec<Values>,
    /// Each record's text.
    pub(crate) content: Vec<Slot>,
    /// Each record's place in its object.
    pub(crate) index: Vec<u32>,
    /// Each record's entry in `origins`.
    pub(crate) origin: Vec<u32>,
    /// The names of columns whose value has another form, with commas.
    pub(crate) mistyped: Vec<Slot>,
    /// The objects, in the order of their rows.
    pub(crate) origins: Vec<Origin>,
}

impl Block {
    /// An empty block for `capacity` bytes of text.
    pub(crate) fn new(columns: &[Column], capacity: usize) -> Block {
        Block {
            text: Vec::with_capacity(room(capacity)),
            rows: Rows {
                side: Vec::new(),
                shared: HashTable::new(),
                hasher: RandomState::default(),
                columns: columns
                    .iter()
                    .map(|column| Values::new(column.kind))
                    .collect(),
                content: Vec::new(),
                index: Vec::new(),
                origin: Vec::new(),
                mistyped: Vec::new(),
                origins: Vec::new(),
            },
        }
    }

    /// Makes room for what another block has, and an eighth more: what grows by doubling takes half as much memory again.
    fn reserve(&mut self, like: &Rows) {
        let room = |length: usize| length + length / 8;
        let rows = &mut self.rows;
        rows.side.reserve(room(like.side.len()));
        for (values, like) in rows.columns.iter_mut().zip(&like.columns) {
            match (values, like) {
                (Values::Text(values), Values::Text(like)) => values.reserve(room(like.len())),
                (Values::Boolean(values), Values::Boolean(like)) => {
                    values.reserve(room(like.len()));
                }
                (
                    Values::Long(values) | Values::Timestamp(values),
                    Values::Long(like) | Values::Timestamp(like),
                ) => values.reserve(room(like.len())),
                _ => {}
            }
        }
        let length = room(like.len());
        rows.content.reserve(length);
        rows.index.reserve(length);
        rows.origin.reserve(length);
    }

    /// Takes everything out. What was allocated stays.
    fn clear(&mut self) {
        self.text.clear();
        let rows = &mut self.rows;
        rows.side.clear();
        rows.shared.clear();
        rows.columns
            .iter_mut()
            .for_each(|values| values.truncate(0));
        rows.content.clear();
        rows.index.clear();
        rows.origin.clear();
        rows.mistyped.clear();
        rows.origins.clear();
    }

    /// The memory that it takes, about.
    pub(crate) fn bytes(&self) -> usize {
        let columns: usize = self.rows.columns.iter().map(Values::bytes).sum();
        self.text.len()
            + self.rows.side.len()
            + self.rows.shared.len() * 16
            + columns
            + self.rows.len() * 32
    }
}

/// Blocks of batches that are done, to be filled again: memory that is new costs the system as much as inflating what
/// goes into it, and the allocator gives the old back a second later.
#[derive(Debug)]
pub(crate) struct Spare {
    blocks: Mutex<Vec<Block>>,
    /// The most bytes of texts for which blocks are kept that are larger than usual.
    most: usize,
    /// What large objects are read into, two for each.
    texts: Mutex<Vec<[Vec<u8>; 2]>>,
}

impl Spare {
    /// Keeps blocks of the usual size, and of larger ones as much as a batch of so many bytes takes: those of one batch go to
    /// the next but one, and one that is dropped is memory that is new each time.
    pub(crate) fn new(batch: usize) -> Spare {
        Spare {
            blocks: Mutex::default(),
            most: batch,
            texts: Mutex::default(),
        }
    }

    fn blocks(&self) -> MutexGuard<'_, Vec<Block>> {
        self.blocks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An empty block for `capacity` bytes of text, which are expected to hold as much as another block does. Of the spare
    /// ones the smallest: an object that wants a larger one [asks](Spare::room) for it.
    pub(crate) fn take(&self, columns: &[Column], capacity: usize, like: Option<&Rows>) -> Block {
        let mut blocks = self.blocks();
        let least = (0..blocks.len()).min_by_key(|&place| blocks[place].text.capacity());
        let spare = least.map(|place| blocks.swap_remove(place));
        drop(blocks);
        let mut block = spare.unwrap_or_else(|| Block::new(columns, capacity));
        if let Some(like) = like {
            block.reserve(like);
        }
        block
    }

    /// Gives an empty block room for so many bytes of text, if it has less: that of a spare one, or else new.
    pub(crate) fn room(&self, block: &mut Block, bytes: usize) {
        if block.text.capacity() >= bytes {
            return;
        }
        let mut blocks = self.blocks();
        let large = blocks
            .iter_mut()
            .filter(|spare| spare.text.capacity() >= bytes)
            .min_by_key(|spare| spare.text.capacity());
        match large {
            Some(spare) => std::mem::swap(&mut spare.text, &mut block.text),
            // Nothing is there that would have to be moved.
            None => block.text = Vec::with_capacity(bytes),
        }
    }

    /// Room for a large object, empty.
    pub(crate) fn take_texts(&self) -> [Vec<u8>; 2] {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        texts.pop().unwrap_or_default()
    }

    /// Keeps that for later, but for what a large record has made larger than usual.
    pub(crate) fn put_texts(&self, mut room: [Vec<u8>; 2]) {
        for text in &mut room {
            text.clear();
            text.shrink_to(BLOCK * 2);
        }
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        texts.push(room);
    }

    /// Keeps blocks for later; of those that are larger than usual the smaller ones, until there is enough room in them.
    pub(crate) fn put(&self, blocks: impl IntoIterator<Item = Block>) {
        let mut spare = self.blocks();
        for mut block in blocks {
            block.clear();
            spare.push(block);
        }
        spare.sort_by_key(|block| block.text.capacity());
        let mut kept = 0;
        spare.retain(|block| {
            let room = block.text.capacity();
            let large = room > BLOCK * 2;
            kept += if large { room } else { 0 };
            !large || kept <= self.most
        });
    }
}

impl Rows {
    /// Complete rows.
    pub(crate) fn len(&self) -> usize {
        self.content.len()
    }

    /// Adds text that is not in the block's.
    pub(crate) fn keep(&mut self, text: &str) -> Slot {
        let at = self.side.len();
        self.side.extend_from_slice(text.as_bytes());
        Slot::new(at, text.len(), Slot::SIDE)
    }

    /// Gives the row that is being filled a piece of the block's text.
    #[inline]
    pub(crate) fn set_text(&mut self, column: usize, at: usize, length: usize) {
        self.set_slot(column, Slot::new(at, length, 0));
    }

    /// Gives the row that is being filled a piece of the block's text that others may have too. It is kept once for all of
    /// them: what looks at the values of a column then finds them side by side, and equal ones in one place.
    #[inline]
    pub(crate) fn set_shared(&mut self, column: usize, at: usize, text: &[u8]) {
        let before = match &self.columns[column] {
            Values::Text(values) => values.last().copied(),
            _ => None,
        };
        let slot = match before {
            Some(slot) if self.side_text(slot) == Some(text) => slot,
            _ if text.len() > SHARED => Slot::new(at, text.len(), 0),
            _ => self.share(text),
        };
        self.set_slot(column, slot);
    }

    fn share(&mut self, text: &[u8]) -> Slot {
        let side = &self.side;
        let hash = self.hasher.hash_one(text);
        let same = |slot: &Slot| slot.within(side) == text;
        if let Some(slot) = self.shared.find(hash, same) {
            return *slot;
        }
        let slot = Slot::new(side.len(), text.len(), Slot::SIDE);
        self.side.extend_from_slice(text);
        let (side, hasher) = (&self.side, &self.hasher);
        let again = |slot: &Slot| hasher.hash_one(slot.within(side));
        self.shared.insert_unique(hash, slot, again);
        slot
    }

    /// The text of a slot, if that is in the side buffer.
    fn side_text(&self, slot: Slot) -> Option<&[u8]> {
        let (side, at, length) = slot.place()?;
        side.then(|| self.side.get(at..at + length))?
    }

    /// Gives the row that is being filled a string that had escapes.
    pub(crate) fn set_unescaped(&mut self, column: usize, text: Cow<'_, str>) {
        let slot = self.keep(&text);
        self.set_slot(column, slot);
    }

    #[inline]
    fn set_slot(&mut self, column: usize, slot: Slot) {
        let row = self.len();
        if let Values::Text(values) = &mut self.columns[column] {
            set(values, row, slot, Slot::NULL);
        }
    }

    pub(crate) fn set_boolean(&mut self, column: usize, value: bool) {
        let row = self.len();
        if let Values::Boolean(values) = &mut self.columns[column] {
            set(values, row, Some(value), None);
        }
    }

    /// A long, or the microseconds of a timestamp.
    pub(crate) fn set_long(&mut self, column: usize, value: i64) {
        let row = self.len();
        if let Values::Long(values) | Values::Timestamp(values) = &mut self.columns[column] {
            set(values, row, Some(value), None);
        }
    }

    /// Takes a column's value from the row that is being filled.
    pub(crate) fn clear(&mut self, column: usize) {
        let row = self.len();
        self.columns[column].truncate(row);
    }

    /// Takes everything from the row that is being filled. Its unescaped strings stay behind unused.
    pub(crate) fn abandon(&mut self) {
        let row = self.len();
        for values in &mut self.columns {
            values.truncate(row);
        }
    }

    /// Ends the row that is being filled: the record at `at`, the `index`-th of the object that `begin` named last.
    pub(crate) fn finish(&mut self, at: usize, length: usize, index: u32, mistyped: Option<&str>) {
        let row = self.len();
        if let Some(names) = mistyped {
            let slot = self.keep(names);
            set(&mut self.mistyped, row, slot, Slot::NULL);
        }
        self.content.push(Slot::new(at, length, 0));
        self.index.push(index);
        self.origin
            .push(u32::try_from(self.origins.len().saturating_sub(1)).unwrap_or(u32::MAX));
        if let Some(origin) = self.origins.last_mut() {
            origin.rows.end = row + 1;
        }
    }

    /// Says which object the rows that follow are from.
    pub(crate) fn begin(&mut self, ordinal: usize, source: &str, account: Option<&str>) {
        let source = self.keep(source);
        let account = account.map_or(Slot::NULL, |account| self.keep(account));
        let row = self.len();
        self.origins.push(Origin {
            ordinal,
            source,
            account,
            rows: row..row,
        });
    }
}

impl Values {
    fn new(kind: Kind) -> Values {
        match kind {
            Kind::Text | Kind::Json => Values::Text(Vec::new()),
            Kind::Boolean => Values::Boolean(Vec::new()),
            Kind::Long => Values::Long(Vec::new()),
            Kind::Timestamp => Values::Timestamp(Vec::new()),
        }
    }

    fn truncate(&mut self, rows: usize) {
        match self {
            Values::Text(values) => values.truncate(rows),
            Values::Boolean(values) => values.truncate(rows),
            Values::Long(values) | Values::Timestamp(values) => values.truncate(rows),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Values::Text(values) => size_of_val(values.as_slice()),
            Values::Boolean(values) => size_of_val(values.as_slice()),
            Values::Long(values) | Values::Timestamp(values) => size_of_val(values.as_slice()),
        }
    }
}

/// The room of a block for so many bytes of text, a quarter more: the object that fills the block reaches beyond it; without room for
/// that all of it would be moved.
pub(crate) fn room(capacity: usize) -> usize {
    capacity + capacity / 4
}

/// Sets the value of `row`, the last there is, filling up with `null` what was left out before it.
#[inline]
fn set<T: Copy>(values: &mut Vec<T>, row: usize, value: T, null: T) {
    if values.len() < row {
        values.resize(row, null);
    }
    values.truncate(row);
    values.push(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_share_what_is_equal() {
        let columns = lake::Layout::built_in().columns.clone();
        let mut rows = Block::new(&columns, 1_000).rows;
        let texts: Vec<usize> = (0..columns.len())
            .filter(|&column| columns[column].repeats())
            .collect();
        let long = "x".repeat(SHARED + 1);
        let values = ["one", "two", "two", "", "one", &long, "two"];
        for value in values {
            rows.set_shared(texts[0], 70, value.as_bytes());
            rows.set_shared(texts[1], 70, value.as_bytes());
            rows.finish(0, 2, 0, None);
        }
        // Each is there once, whichever column it is of; what is too long stays where it is.
        assert_eq!(rows.side, b"onetwo");
        for &column in &texts[..2] {
            let Values::Text(slots) = &rows.columns[column] else {
                panic!("no texts");
            };
            let read: Vec<_> = slots.iter().map(|&slot| rows.side_text(slot)).collect();
            let expected = values.map(|value| (value.len() <= SHARED).then_some(value.as_bytes()));
            assert_eq!(read, expected);
            assert_eq!(slots[5].place(), Some((false, 70, SHARED + 1)));
        }
    }

    #[test]
    fn a_spare_block_is_empty_again() {
        let columns = lake::Layout::built_in().columns.clone();
        let spare = Spare::new(BLOCK);
        let mut block = spare.take(&columns, 1_000, None);
        block.text.extend_from_slice(b"{}");
        block.rows.begin(3, "an object", Some("111122223333"));
        block.rows.set_long(0, 7);
        block.rows.set_text(1, 0, 2);
        block.rows.finish(0, 2, 0, Some("a name"));
        spare.put([block, Block::new(&columns, BLOCK * 2)]);
        assert_eq!(spare.blocks().len(), 1);

        let again = spare.take(&columns, 1_000, None);
        assert_eq!((again.bytes(), again.rows.len()), (0, 0));
        assert!(again.rows.origins.is_empty() && again.rows.mistyped.is_empty());
        // It is the one that was put there; what was too much to keep is not.
        assert!(again.rows.content.capacity() > 0);
        assert!(spare.take(&columns, 1_000, None).text.capacity() < BLOCK);
    }

    #[test]
    fn what_wants_much_room_gets_that_of_a_spare_block() {
        let columns = lake::Layout::built_in().columns.clone();
        let spare = Spare::new(BLOCK);
        let sizes = [3_000, 100_000, 50_000, 2_000];
        spare.put(sizes.map(|size| Block::new(&columns, size)));
        let kept = |spare: &Spare| {
            let mut kept: Vec<usize> = spare.blocks().iter().map(|b| b.text.capacity()).collect();
            kept.sort_unstable();
            kept
        };
        // A block has a quarter more than it was made for.
        let mut block = spare.take(&columns, 1_000, None);
        assert_eq!(block.text.capacity(), 2_500);
        spare.room(&mut block, 40_000);
        assert_eq!(block.text.capacity(), 62_500);
        assert_eq!(kept(&spare), [2_500, 3_750, 125_000]);
        spare.room(&mut block, 62_500);
        assert_eq!(block.text.capacity(), 62_500);
        spare.room(&mut block, 200_000);
        assert_eq!(block.text.capacity(), 200_000);
        assert_eq!(kept(&spare), [2_500, 3_750, 125_000]);
    }
}
