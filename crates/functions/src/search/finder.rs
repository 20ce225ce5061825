//! Finding one text in another, with or without regard to the case of ASCII letters.

use memchr::{memchr2_iter, memmem};

/// How common bytes are in text and JSON, the most common first; others are rarer than all of these. Where letters
/// stand here, both cases are meant.
const COMMON: &[u8] = b"eationsr\"ldcu m:p,-gf.yhw0b12v_/k34589x67{}[]zjq";

/// A text to look for.
#[derive(Debug)]
pub(super) struct Finder {
    /// What is looked for, in lower case where case does not matter.
    needle: Vec<u8>,
    how: How,
}

#[derive(Debug)]
enum How {
    /// Byte by byte.
    Exact(memmem::Finder<'static>),
    /// ASCII letters in both cases, by the rarest byte of the needle: its place, and it in both cases.
    Folded {
        place: usize,
        cases: (u8, u8),
        lower: memmem::Finder<'static>,
    },
}

impl Finder {
    /// Looks for `needle`; with `fold` the case of ASCII letters does not matter.
    pub(super) fn new(needle: &str, fold: bool) -> Finder {
        let needle = if fold {
            needle.to_ascii_lowercase()
        } else {
            needle.to_owned()
        };
        let exact = memmem::Finder::new(needle.as_bytes()).into_owned();
        let needle = needle.into_bytes();
        let folds = fold && needle.iter().any(u8::is_ascii_alphabetic);
        let rarest = (0..needle.len()).max_by_key(|place| rarity(needle[*place]));
        let how = match rarest {
            Some(place) if folds => How::Folded {
                place,
                cases: (needle[place], needle[place].to_ascii_uppercase()),
                lower: exact,
            },
            _ => How::Exact(exact),
        };
        Finder { needle, how }
    }

    /// How many bytes a hit has.
    pub(super) fn len(&self) -> usize {
        self.needle.len()
    }

    /// Where the first hit begins that begins at `from` or behind it.
    pub(super) fn find(&self, text: &[u8], from: usize) -> Option<usize> {
        let rest = text.get(from..)?;
        let at = match &self.how {
            How::Exact(finder) => finder.find(rest)?,
            How::Folded {
                place,
                cases,
                lower,
            } => self.folded(rest, *place, *cases, lower)?,
        };
        Some(from + at)
    }

    /// Whether `text` is the needle.
    pub(super) fn is(&self, text: &[u8]) -> bool {
        match self.how {
            How::Exact(_) => text == self.needle,
            How::Folded { .. } => text.eq_ignore_ascii_case(&self.needle),
        }
    }

    /// Whether `text` begins with the needle.
    pub(super) fn begins(&self, text: &[u8]) -> bool {
        text.get(..self.len()).is_some_and(|start| self.is(start))
    }

    /// Whether `text` ends with the needle.
    pub(super) fn ends(&self, text: &[u8]) -> bool {
        let start = text.len().checked_sub(self.len());
        start.is_some_and(|start| self.is(&text[start..]))
    }

    fn folded(
        &self,
        text: &[u8],
        place: usize,
        (small, capital): (u8, u8),
        lower: &memmem::Finder<'_>,
    ) -> Option<usize> {
        let last = text.len().checked_sub(self.len())?;
        // Texts made to resemble the needle are folded as a whole before much is compared twice.
        let mut patience = 2 * text.len() + 256;
        for hit in memchr2_iter(small, capital, text.get(place..=last + place)?) {
            let here = text.get(hit..hit + self.len())?;
            let pairs = here.iter().zip(&self.needle);
            let same = pairs.take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count();
            if same == self.len() {
                return Some(hit);
            }
            match patience.checked_sub(same) {
                Some(left) => patience = left,
                None => {
                    let found = lower.find(&text.get(hit..)?.to_ascii_lowercase());
                    return found.map(|at| hit + at);
                }
            }
        }
        None
    }
}

fn rarity(byte: u8) -> usize {
    let lower = byte.to_ascii_lowercase();
    COMMON
        .iter()
        .position(|common| *common == lower)
        .unwrap_or(COMMON.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Finder;

    proptest! {
        #[test]
        fn finds_what_a_plain_search_finds(
            text in "[abAB é-]{0,40}",
            needle in "[abAB é-]{0,4}",
            fold: bool,
        ) {
            let finder = Finder::new(&needle, fold);
            let expected = if fold {
                text.to_ascii_lowercase().find(&needle.to_ascii_lowercase())
            } else {
                text.find(&needle)
            };
            prop_assert_eq!(finder.find(text.as_bytes(), 0), expected);
            prop_assert_eq!(finder.is(text.as_bytes()), expected == Some(0) && text.len() == needle.len());
        }
    }

    /// Most comparisons here would go far: the whole text is folded instead.
    #[test]
    fn repetitive_text_is_searched_to_its_end() {
        let text = "a".repeat(10_000) + "B";
        let needle = "A".repeat(2_000) + "b";
        let finder = Finder::new(&needle, true);
        assert_eq!(finder.find(text.as_bytes(), 0), Some(8_000));
        assert_eq!(finder.find(&text.as_bytes()[..10_000], 0), None);
    }
}
