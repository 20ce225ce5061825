//! Numbers for the values that rows are grouped by: the same for equal values, in the order in which they came.

use std::mem::size_of;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Int64Array, StringViewBuilder, UInt32Array};
use arrow::compute::take;
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{Result, exec_err};
use functions::value::numbers::Texts;
use functions::value::recent::{PLACES, Recent};
use hashbrown::HashMap;

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
                let mut all = StringViewBuilder::with_capacity(texts.texts().len() + 1);
                all.append_null();
                texts.texts().iter().for_each(|text| all.append_value(text));
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
            Numbers::Texts(texts) => texts.texts().len() + 1,
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
    /// Of these, the last ones, their numbers one more.
    recent: Recent<u64>,
}

impl Pairs {
    /// Makes of each number in `first` the number of its pair with the one in `second`.
    pub(super) fn number(&mut self, first: &mut [u32], second: &[u32]) {
        let pairs = &mut self.pairs;
        let mut last = None;
        for (first, second) in first.iter_mut().zip(second) {
            let key = u64::from(*first) << 32 | u64::from(*second);
            let few = pairs.len() <= PLACES;
            let number = match last {
                Some((known, number)) if known == key => number,
                _ => match few.then(|| self.recent.get(key)).flatten() {
                    Some(number) => number - 1,
                    None => {
                        let number = *self.known.entry(key).or_insert_with(|| {
                            pairs.push((*first, *second));
                            pairs.len() as u32 - 1
                        });
                        if few {
                            self.recent.put(key, number + 1);
                        }
                        number
                    }
                },
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
            + self.recent.size()
            + self.known.capacity() * (size_of::<(u64, u32)>() + 1)
    }
}
