//! A column of texts on its way to a file: each different one once, and which of them every row has.

use std::sync::Arc;

use arrow::array::{ArrayRef, StringViewArray};

/// What a row without a value has for a place.
const NONE: u32 = u32::MAX;

/// The values of a column for the rows of a row group.
pub enum Values<'a> {
    /// An array, of the type that the schema has.
    Array(ArrayRef),
    /// Texts that repeat, where [`Layout::takes_texts`](crate::Layout::takes_texts) says so.
    Texts(Texts<'a>),
    /// Long texts, where [`Layout::takes_long`](crate::Layout::takes_long) says so. That they are UTF-8 is the caller's to know.
    Long(Vec<Option<&'a [u8]>>),
}

impl From<ArrayRef> for Values<'_> {
    fn from(array: ArrayRef) -> Self {
        Values::Array(array)
    }
}

/// Texts of which many are equal. A dictionary of them needs no look at the values of rows.
#[derive(Clone, Debug, Default)]
pub struct Texts<'a> {
    values: Vec<&'a str>,
    /// For each row the place of its text, or [`NONE`].
    places: Vec<u32>,
    nulls: usize,
}

impl<'a> Texts<'a> {
    /// Room for so many rows; there are none yet.
    pub fn with_capacity(rows: usize) -> Texts<'a> {
        Texts {
            places: Vec::with_capacity(rows),
            ..Texts::default()
        }
    }

    /// Adds a text that the rows to come may have, and gives its place. That it is not there yet is the caller's to know;
    /// a second one costs room alone.
    pub fn add(&mut self, text: &'a str) -> u32 {
        self.values.push(text);
        (self.values.len() - 1) as u32
    }

    /// Appends a row that has the text at a place that [`add`](Texts::add) gave; one that it did not give is no value.
    #[inline]
    pub fn push(&mut self, place: u32) {
        match (place as usize) < self.values.len() {
            true => self.places.push(place),
            false => self.push_null(),
        }
    }

    /// Appends a row without a value.
    #[inline]
    pub fn push_null(&mut self) {
        self.nulls += 1;
        self.places.push(NONE);
    }

    /// Rows.
    pub fn rows(&self) -> usize {
        self.places.len()
    }

    /// Rows without a value.
    pub fn nulls(&self) -> usize {
        self.nulls
    }

    /// The different texts, in the order of their places.
    pub(crate) fn values(&self) -> &[&'a str] {
        &self.values
    }

    /// For each row the place of its text, if it has one.
    pub(crate) fn places(&self) -> impl Iterator<Item = Option<u32>> {
        self.places
            .iter()
            .map(|&place| (place != NONE).then_some(place))
    }

    /// The same as an array.
    pub(crate) fn array(&self) -> ArrayRef {
        let text = |place: Option<u32>| self.values.get(place? as usize);
        Arc::new(self.places().map(text).collect::<StringViewArray>())
    }
}
