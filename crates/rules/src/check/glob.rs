//! Texts with wildcards, matched without backtracking: the pieces between runs are found one after the other, each as
//! far left as it can be, the first at the start and the last at the end.

use memchr::{memchr_iter, memchr2_iter, memmem};

use super::fold;
use crate::condition::Part;

#[derive(Clone, Debug)]
pub(super) struct Glob {
    /// Between the runs; the first is anchored at the start, the last at the end, and one alone at both.
    pieces: Vec<Vec<Atom>>,
    cased: bool,
}

#[derive(Clone, Debug)]
enum Atom {
    Text(String),
    One,
}

impl Glob {
    pub(super) fn new(parts: &[Part], cased: bool) -> Glob {
        let mut pieces = vec![Vec::new()];
        for part in parts {
            let atom = match part {
                Part::Run => {
                    pieces.push(Vec::new());
                    continue;
                }
                Part::One => Atom::One,
                Part::Text(text) if text.is_empty() => continue,
                Part::Text(text) if cased => Atom::Text(text.clone()),
                Part::Text(text) => Atom::Text(fold::fold(text)),
            };
            if let Some(piece) = pieces.last_mut() {
                piece.push(atom);
            }
        }
        Glob { pieces, cased }
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        if self.cased {
            return self.fits(text);
        }
        self.fits(&fold::unless_ascii(text))
    }

    /// `text` is ASCII, or folded, or case matters.
    fn fits(&self, text: &str) -> bool {
        let Some((first, rest)) = self.pieces.split_first() else {
            return text.is_empty();
        };
        let Some(mut at) = self.at(first, text, 0) else {
            return false;
        };
        let Some((last, middle)) = rest.split_last() else {
            return at == text.len();
        };
        for piece in middle {
            match self.find(piece, text, at) {
                Some(end) => at = end,
                None => return false,
            }
        }
        let Some(start) = before_end(last, text) else {
            return false;
        };
        start >= at && self.at(last, text, start) == Some(text.len())
    }

    /// Where the piece ends that begins at byte `at`, if it does.
    fn at(&self, piece: &[Atom], text: &str, mut at: usize) -> Option<usize> {
        for atom in piece {
            let rest = text.get(at..)?;
            at += match atom {
                Atom::One => rest.chars().next()?.len_utf8(),
                Atom::Text(wanted) => {
                    let begin = rest.as_bytes().get(..wanted.len())?;
                    if !self.same(begin, wanted.as_bytes()) {
                        return None;
                    }
                    wanted.len()
                }
            };
        }
        Some(at)
    }

    /// Where the first such piece from byte `from` on ends.
    fn find(&self, piece: &[Atom], text: &str, from: usize) -> Option<usize> {
        let rest = text.get(from..)?;
        let Some(Atom::Text(wanted)) = piece.first() else {
            return match piece {
                [] => Some(from),
                _ => rest
                    .char_indices()
                    .find_map(|(offset, _)| self.at(piece, text, from + offset)),
            };
        };
        let first = *wanted.as_bytes().first()?;
        let hit = |offset: usize| self.at(piece, text, from + offset);
        let bytes = rest.as_bytes();
        if self.cased || !first.is_ascii_alphabetic() {
            if self.cased {
                return memmem::find_iter(bytes, wanted).find_map(hit);
            }
            return memchr_iter(first, bytes).find_map(hit);
        }
        memchr2_iter(first, first.to_ascii_uppercase(), bytes).find_map(hit)
    }

    fn same(&self, a: &[u8], b: &[u8]) -> bool {
        match self.cased {
            true => a == b,
            false => a.eq_ignore_ascii_case(b),
        }
    }
}

/// Where a piece must begin to end with the text.
fn before_end(piece: &[Atom], text: &str) -> Option<usize> {
    let mut end = text.len();
    for atom in piece.iter().rev() {
        end = match atom {
            Atom::Text(wanted) => end.checked_sub(wanted.len())?,
            Atom::One => end - text.get(..end)?.chars().next_back()?.len_utf8(),
        };
    }
    Some(end)
}
