//! Numbers for the values that rows are grouped by: the same for equal values, in the order in which they came.
//!
//! A column that was read from a dictionary has one view for all rows with the same text. A view that was met before needs
//! no look at its text, so that a text is hashed and compared once for each dictionary it stands in, not once a row.

use std::hash::BuildHasher;
use std::mem::size_of;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Int64Array, StringViewArray, StringViewBuilder, UInt32Array,
};
use arrow::buffer::Buffer;
use arrow::compute::take;
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{Result, exec_err};
use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashMap, HashTable};

/// Buffers of texts that are kept to know their views again.
const BUFFERS: usize = 64;

/// Views that are kept at most.
const VIEWS: usize = 1 << 18;

/// The greatest length of a text that stands in its view.
const INLINE: u32 = 12;

/// The numbers of a key's values. 0 is null.
pub(super) enum Numbers {
    Texts(Texts),
    Longs(Longs),
}

impl Numbers {
    /// For a column of that type; `None` where there are no numbers for it.
    pub(super) fn of(ty: &DataType) -> Option<Numbers> {
        match ty {
            DataType::Utf8View => Some(Numbers::Texts(Texts::default())),
            DataType::Int64 => Some(Numbers::Longs(Longs::default())),
            _ => None,
        }
    }

    /// Appends the numbers of a column's rows.
    pub(super) fn number(&mut self, column: &ArrayRef, numbers: &mut Vec<u32>) -> Result<()> {
        match self {
            Numbers::Texts(texts) => match column.as_string_view_opt() {
                Some(column) => texts.number(column, numbers),
                None => return exec_err!("a key is not of the type that it was planned with"),
            },
            Numbers::Longs(longs) => match column.as_primitive_opt::<Int64Type>() {
                Some(column) => longs.number(column, numbers),
                None => return exec_err!("a key is not of the type that it was planned with"),
            },
        }
        Ok(())
    }

    /// The values that have these numbers.
    pub(super) fn values(&self, numbers: &UInt32Array) -> Result<ArrayRef> {
        let all: ArrayRef = match self {
            Numbers::Texts(texts) => {
                let mut all = StringViewBuilder::with_capacity(texts.texts.len() + 1);
                all.append_null();
                texts.texts.iter().for_each(|text| all.append_value(text));
                Arc::new(all.finish())
            }
            Numbers::Longs(longs) => {
                let longs = longs.longs.iter().copied().map(Some);
                Arc::new([None].into_iter().chain(longs).collect::<Int64Array>())
            }
        };
        Ok(take(&all, numbers, None)?)
    }

    /// How many numbers there are, 0 among them.
    pub(super) fn count(&self) -> usize {
        match self {
            Numbers::Texts(texts) => texts.texts.len() + 1,
            Numbers::Longs(longs) => longs.longs.len() + 1,
        }
    }

    /// Forgets all numbers.
    pub(super) fn clear(&mut self) {
        match self {
            Numbers::Texts(texts) => *texts = Texts::default(),
            Numbers::Longs(longs) => *longs = Longs::default(),
        }
    }

    /// Bytes held.
    pub(super) fn size(&self) -> usize {
        match self {
            Numbers::Texts(texts) => texts.size(),
            Numbers::Longs(longs) => {
                longs.longs.capacity() * size_of::<i64>()
                    + longs.known.capacity() * (size_of::<(i64, u32)>() + 1)
            }
        }
    }
}

#[derive(Default)]
pub(super) struct Texts {
    texts: Vec<Box<str>>,
    known: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// Bytes of the texts.
    bytes: usize,
    /// The numbers of views, whose buffers are counted as in `buffers`.
    views: HashMap<u128, u32>,
    /// Held, so that no other buffer gets the place of one.
    buffers: Vec<Buffer>,
    buffer_bytes: usize,
}

impl Texts {
    fn number(&mut self, column: &StringViewArray, numbers: &mut Vec<u32>) {
        if column.null_count() == column.len() {
            numbers.resize(numbers.len() + column.len(), 0);
            return;
        }
        let places = self.places(column);
        let mut last: Option<(u128, u32)> = None;
        for row in 0..column.len() {
            if column.is_null(row) {
                numbers.push(0);
                continue;
            }
            let view = column.views()[row];
            let number = match last {
                Some((known, number)) if known == view => number,
                _ => match placed(view, places.as_deref()) {
                    Some(placed) => match self.views.get(&placed) {
                        Some(number) => *number,
                        None => {
                            let number = self.text(column.value(row));
                            self.views.insert(placed, number);
                            number
                        }
                    },
                    None => self.text(column.value(row)),
                },
            };
            last = Some((view, number));
            numbers.push(number);
        }
    }

    /// What the column's buffers are counted as; `None` where they are too many to be kept.
    fn places(&mut self, column: &StringViewArray) -> Option<Vec<u32>> {
        let buffers = column.data_buffers();
        if buffers.len() > BUFFERS / 4 {
            return None;
        }
        if self.buffers.len() + buffers.len() > BUFFERS || self.views.len() > VIEWS {
            self.views.clear();
            self.buffers.clear();
            self.buffer_bytes = 0;
        }
        let mut places = Vec::with_capacity(buffers.len());
        for buffer in buffers {
            let known = self.buffers.iter().rposition(|known| {
                known.as_ptr() == buffer.as_ptr() && known.len() == buffer.len()
            });
            let place = known.unwrap_or_else(|| {
                self.buffers.push(buffer.clone());
                self.buffer_bytes += buffer.len();
                self.buffers.len() - 1
            });
            places.push(u32::try_from(place).ok()?);
        }
        Some(places)
    }

    fn text(&mut self, text: &str) -> u32 {
        let (texts, hasher) = (&mut self.texts, &self.hasher);
        let hash = hasher.hash_one(text);
        let same = |number: &u32| texts[*number as usize - 1].as_ref() == text;
        let again = |number: &u32| hasher.hash_one(texts[*number as usize - 1].as_ref());
        match self.known.entry(hash, same, again) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(place) => {
                let number = texts.len() as u32 + 1;
                place.insert(number);
                texts.push(text.into());
                self.bytes += text.len();
                number
            }
        }
    }

    fn size(&self) -> usize {
        self.bytes
            + self.buffer_bytes
            + self.texts.capacity() * size_of::<Box<str>>()
            + self.known.capacity() * (size_of::<u32>() + 1)
            + self.views.capacity() * (size_of::<(u128, u32)>() + 1)
    }
}

/// The view with its buffer counted as in `places`: two such are the same only for the same text. `None` where the buffer
/// is not kept.
fn placed(view: u128, places: Option<&[u32]>) -> Option<u128> {
    if view as u32 <= INLINE {
        return Some(view);
    }
    let place = *places?.get((view >> 64) as u32 as usize)?;
    Some(view & !(u128::from(u32::MAX) << 64) | u128::from(place) << 64)
}

#[derive(Default)]
pub(super) struct Longs {
    longs: Vec<i64>,
    known: HashMap<i64, u32>,
}

impl Longs {
    fn number(&mut self, column: &Int64Array, numbers: &mut Vec<u32>) {
        for long in column {
            numbers.push(long.map_or(0, |long| {
                let longs = &mut self.longs;
                *self.known.entry(long).or_insert_with(|| {
                    longs.push(long);
                    longs.len() as u32
                })
            }));
        }
    }
}

/// Numbers, from 0, for pairs of numbers.
#[derive(Default)]
pub(super) struct Pairs {
    pairs: Vec<(u32, u32)>,
    known: HashMap<u64, u32>,
}

impl Pairs {
    /// Makes of each number in `first` the number of its pair with the one in `second`.
    pub(super) fn number(&mut self, first: &mut [u32], second: &[u32]) {
        let pairs = &mut self.pairs;
        let mut last = None;
        for (first, second) in first.iter_mut().zip(second) {
            let key = u64::from(*first) << 32 | u64::from(*second);
            let number = match last {
                Some((known, number)) if known == key => number,
                _ => *self.known.entry(key).or_insert_with(|| {
                    pairs.push((*first, *second));
                    pairs.len() as u32 - 1
                }),
            };
            last = Some((key, number));
            *first = number;
        }
    }

    /// How many pairs there are.
    pub(super) fn len(&self) -> usize {
        self.pairs.len()
    }

    /// The pairs of these numbers.
    pub(super) fn split(&self, numbers: &[u32]) -> (Vec<u32>, Vec<u32>) {
        let pairs = numbers
            .iter()
            .filter_map(|number| self.pairs.get(*number as usize));
        pairs.copied().unzip()
    }

    pub(super) fn size(&self) -> usize {
        self.pairs.capacity() * size_of::<(u32, u32)>()
            + self.known.capacity() * (size_of::<(u64, u32)>() + 1)
    }
}
