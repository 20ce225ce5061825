//! Texts of which the same few stand in many rows, each looked at once.
//!
//! A column that was read from a dictionary has one view for all rows with the same text, and so has what was made here:
//! views tell that texts are the same without a look at them. The reverse does not hold, and costs only time.

use arrow::array::{Array, ArrayRef, StringViewArray, StringViewBuilder, UInt32Array};
use arrow::compute::take;
use datafusion::common::Result;
use hashbrown::{HashMap, HashSet};

/// A column of what `make` writes for each text, null for null.
pub(crate) fn each_distinct(
    texts: &StringViewArray,
    mut make: impl FnMut(&str, &mut String),
) -> Result<ArrayRef> {
    let mut known: HashMap<u128, u32> = HashMap::new();
    let mut made = StringViewBuilder::new();
    let mut text = String::new();
    let places = (0..texts.len()).map(|row| {
        texts.is_valid(row).then(|| {
            let next = known.len() as u32;
            *known.entry(texts.views()[row]).or_insert_with(|| {
                text.clear();
                make(texts.value(row), &mut text);
                made.append_value(&text);
                next
            })
        })
    });
    let places: UInt32Array = places.collect();
    Ok(take(&made.finish(), &places, None)?)
}

/// Which texts groups have already had of a column.
pub(crate) struct Repeats<'a> {
    texts: &'a StringViewArray,
    seen: HashSet<(usize, u128)>,
}

impl<'a> Repeats<'a> {
    pub(crate) fn new(texts: &'a StringViewArray) -> Repeats<'a> {
        Repeats {
            texts,
            seen: HashSet::new(),
        }
    }

    /// Whether a group certainly had the row's text before, in this column.
    pub(crate) fn again(&mut self, group: usize, row: usize) -> bool {
        self.texts.is_valid(row) && !self.seen.insert((group, self.texts.views()[row]))
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::AsArray;

    use super::*;

    #[test]
    fn every_row_has_what_is_made_of_its_text() {
        let long = "a text that does not fit into a view";
        let rows = [Some("a"), None, Some(long), Some("a"), Some(""), Some(long)];
        let texts: StringViewArray = rows.into_iter().collect();
        // The same view in several rows, as dictionaries give it.
        let same = UInt32Array::from(vec![2, 0, 2, 1, 4, 2]);
        let shared = take(&texts, &same, None).unwrap();
        for texts in [&texts, shared.as_string_view()] {
            let mut looked = 0;
            let made = each_distinct(texts, |text, out| {
                looked += 1;
                out.extend(text.chars().rev());
            });
            let made = made.unwrap();
            let reversed = |text: &str| text.chars().rev().collect::<String>();
            let expected: Vec<_> = texts.iter().map(|text| text.map(reversed)).collect();
            let made: Vec<_> = made.as_string_view().iter().collect();
            assert_eq!(
                made,
                expected.iter().map(Option::as_deref).collect::<Vec<_>>()
            );
            assert!(looked < texts.len(), "{looked}");
        }
    }

    #[test]
    fn repeats_are_told_group_by_group() {
        let texts: StringViewArray = [Some("a"), Some("a"), Some("b"), None, None]
            .into_iter()
            .collect();
        let mut repeats = Repeats::new(&texts);
        let again = [(0, 0), (0, 1), (1, 1), (0, 2), (1, 0), (0, 3), (0, 4)];
        assert_eq!(
            again.map(|(group, row)| repeats.again(group, row)),
            [false, true, false, false, true, false, false]
        );
    }
}
