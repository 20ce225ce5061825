//! Numbers for texts: the same for equal ones, in the order in which they came.
//!
//! A column that was read from a dictionary has one view for all rows with the same text. A view that was met before needs
//! no look at its text, so that a text is hashed and compared once for each dictionary it stands in, not once a row.

use std::hash::BuildHasher;
use std::mem::size_of;

use arrow::array::{Array, StringViewArray};
use arrow::buffer::Buffer;
use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashMap, HashTable};

use super::recent::{PLACES, Recent};

/// Buffers of texts that are kept to know their views again.
const BUFFERS: usize = 64;

/// Their bytes, beyond which they are let go before the next batch.
const BUFFER_BYTES: usize = 8 << 20;

/// Views that are kept at most.
const VIEWS: usize = 1 << 18;

/// The greatest length of a text that stands in its view.
const INLINE: u32 = 12;

/// Different texts, and their numbers from 1.
#[derive(Debug, Default)]
pub struct Texts {
    texts: Vec<Box<str>>,
    known: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// Bytes of the texts.
    bytes: usize,
    /// The numbers of views, whose buffers are counted as in `buffers`.
    views: HashMap<u128, u32>,
    /// Of these, the last ones.
    recent: Recent<u128>,
    /// Held, so that no other buffer gets the place of one.
    buffers: Vec<Buffer>,
    buffer_bytes: usize,
}

impl Texts {
    /// Appends the numbers of a column's rows, 0 for null.
    pub fn number(&mut self, column: &StringViewArray, numbers: &mut Vec<u32>) {
        if column.null_count() == column.len() {
            numbers.resize(numbers.len() + column.len(), 0);
            return;
        }
        let places = self.places(column);
        let places = places.as_deref();
        let few = self.texts.len() <= PLACES;
        let nulls = column.nulls();
        // Of the row before: rows with the same text often follow each other. 0 before the first.
        let (mut last, mut number) = (0, 0);
        let rows = column.views().iter().enumerate();
        numbers.extend(rows.map(|(row, &view)| {
            if nulls.is_some_and(|nulls| nulls.is_null(row)) {
                return 0;
            }
            if view != last || number == 0 {
                last = view;
                number = match placed(view, places) {
                    Some(placed) if few => match self.recent.get(placed) {
                        Some(number) => number,
                        None => {
                            let number = self.view(placed, || column.value(row));
                            self.recent.put(placed, number);
                            number
                        }
                    },
                    Some(placed) => self.view(placed, || column.value(row)),
                    None => self.text(column.value(row)),
                };
            }
            number
        }));
    }

    /// What the column's buffers are counted as; `None` where they are too many to be kept.
    fn places(&mut self, column: &StringViewArray) -> Option<Vec<u32>> {
        let buffers = column.data_buffers();
        if buffers.len() > BUFFERS / 4 {
            return None;
        }
        if self.buffers.len() + buffers.len() > BUFFERS
            || self.buffer_bytes > BUFFER_BYTES
            || self.views.len() > VIEWS
        {
            self.views.clear();
            self.recent.clear();
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

    /// The number of a view's text, which is looked at where the view is not known.
    fn view<'a>(&mut self, placed: u128, text: impl FnOnce() -> &'a str) -> u32 {
        match self.views.get(&placed) {
            Some(number) => *number,
            None => {
                let number = self.text(text());
                self.views.insert(placed, number);
                number
            }
        }
    }

    /// The number of a text.
    pub fn text(&mut self, text: &str) -> u32 {
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

    /// The texts, in the order of their numbers.
    pub fn texts(&self) -> &[Box<str>] {
        &self.texts
    }

    /// Bytes held.
    pub fn size(&self) -> usize {
        self.bytes
            + self.buffer_bytes
            + self.recent.size()
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

#[cfg(test)]
mod tests {
    use arrow::array::UInt32Array;
    use arrow::compute::{concat, take};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Equal texts have one number and others another, whichever batches and dictionaries they come from.
        #[test]
        fn numbers_stand_for_texts(
            batches in proptest::collection::vec(
                (
                    proptest::collection::vec(proptest::option::of("[ab]{0,2}|a long text that is in no view [ab]"), 1..6),
                    proptest::collection::vec(any::<proptest::sample::Index>(), 0..12),
                    any::<bool>(),
                ),
                1..30,
            ),
        ) {
            let mut texts = Texts::default();
            let mut before: Option<StringViewArray> = None;
            for (dictionary, rows, again) in batches {
                // Some batches go on with the dictionary before, as batches of one row group do, some hold both.
                let fresh: StringViewArray = dictionary.into_iter().collect();
                let dictionary = match &before {
                    Some(before) if again => before.clone(),
                    Some(before) => {
                        let both = concat(&[before, &fresh]).unwrap();
                        both.as_any().downcast_ref::<StringViewArray>().unwrap().clone()
                    }
                    None => fresh,
                };
                let places: UInt32Array = rows
                    .iter()
                    .map(|row| Some(row.index(dictionary.len()) as u32))
                    .collect();
                let column = take(&dictionary, &places, None).unwrap();
                let column = column.as_any().downcast_ref::<StringViewArray>().unwrap();
                let mut numbers = Vec::new();
                texts.number(column, &mut numbers);
                prop_assert_eq!(numbers.len(), column.len());
                for (number, text) in numbers.into_iter().zip(column) {
                    let stands_for = (number as usize).checked_sub(1).map(|at| texts.texts()[at].as_ref());
                    prop_assert_eq!(stands_for, text);
                }
                before = (dictionary.len() < 20).then_some(dictionary);
            }
            let different: std::collections::HashSet<_> = texts.texts().iter().collect();
            prop_assert_eq!(different.len(), texts.texts().len());
        }
    }

    /// More buffers and views than are kept.
    #[test]
    fn what_is_kept_has_an_end() {
        let mut texts = Texts::default();
        for round in 0..3 * BUFFERS {
            let text = format!("the text of one buffer alone, {}", round % 7);
            let column: StringViewArray = [Some(text.as_str()), None].into_iter().collect();
            let mut numbers = Vec::new();
            texts.number(&column, &mut numbers);
            assert_eq!(numbers, [round as u32 % 7 + 1, 0]);
            assert!(texts.buffers.len() <= BUFFERS);
        }
    }
}
