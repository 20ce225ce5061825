//! Finding one text in another, with or without regard to the case of ASCII letters.

use memchr::memmem;
use regex::bytes::{Regex, RegexBuilder};

/// A text to look for.
#[derive(Debug)]
pub(super) struct Finder {
    needle: Vec<u8>,
    how: How,
}

#[derive(Debug)]
enum How {
    /// Byte by byte.
    Exact(Box<memmem::Finder<'static>>),
    /// ASCII letters in both cases, several bytes at a time. None where the needle is too large to be compiled.
    Folded(Option<Regex>),
}

impl Finder {
    /// Looks for `needle`; with `fold` the case of ASCII letters does not matter.
    pub(super) fn new(needle: &str, fold: bool) -> Finder {
        let how = if fold && needle.bytes().any(|byte| byte.is_ascii_alphabetic()) {
            let mut pattern = String::new();
            escape(needle, &mut pattern);
            let mut builder = RegexBuilder::new(&pattern);
            How::Folded(builder.unicode(false).case_insensitive(true).build().ok())
        } else {
            How::Exact(Box::new(memmem::Finder::new(needle).into_owned()))
        };
        Finder {
            needle: needle.as_bytes().to_vec(),
            how,
        }
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
            How::Folded(Some(regex)) => regex.find(rest)?.start(),
            How::Folded(None) => {
                let (text, needle) = (rest.to_ascii_lowercase(), self.needle.to_ascii_lowercase());
                memmem::find(&text, &needle)?
            }
        };
        Some(from + at)
    }

    /// Whether `text` is the needle.
    pub(super) fn is(&self, text: &[u8]) -> bool {
        match self.how {
            How::Exact(_) => text == self.needle,
            How::Folded(_) => text.eq_ignore_ascii_case(&self.needle),
        }
    }

    /// Whether `text` begins with the needle.
    pub(super) fn begins(&self, text: &[u8]) -> bool {
        let start = text.get(..self.len());
        start.is_some_and(|start| self.is(start))
    }

    /// Whether `text` ends with the needle.
    pub(super) fn ends(&self, text: &[u8]) -> bool {
        let start = text.len().checked_sub(self.len());
        start.is_some_and(|start| self.is(&text[start..]))
    }
}

/// Whether a byte is part of words.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Appends a regular expression for the bytes of `text`.
pub(super) fn escape(text: &str, pattern: &mut String) {
    for byte in text.bytes() {
        if is_word(byte) {
            pattern.push(char::from(byte));
        } else {
            pattern.push_str(&format!("\\x{byte:02X}"));
        }
    }
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
            let whole = expected == Some(0) && text.len() == needle.len();
            prop_assert_eq!(finder.find(text.as_bytes(), 0), expected);
            prop_assert_eq!(finder.is(text.as_bytes()), whole);
        }
    }

    #[test]
    fn large_needles_are_found_in_texts_that_resemble_them() {
        for size in [2_000, 300_000] {
            let text = "a".repeat(2 * size) + "B";
            let finder = Finder::new(&("A".repeat(size) + "b"), true);
            assert_eq!(finder.find(text.as_bytes(), 0), Some(size));
            assert_eq!(finder.find(&text.as_bytes()[..2 * size], 0), None);
        }
    }
}
