//! What an object turned out to hold, whole or piece by piece.

use std::ops::Range;

use crate::flatten::Refusal;

/// How many refusals of one object are described; a hostile one could hold millions.
const REFUSALS: usize = 20;

/// How many runs of equally bad values of one object are told apart.
const ALIKE: usize = 1_000;

/// The most bytes between two values that are set aside as one.
const GAP: u64 = 64;

/// What an object turned out to hold.
#[derive(Debug, Default)]
pub(crate) struct Decoded {
    /// Records seen, taken in or not.
    pub(crate) records: u64,
    /// Records that were not taken in.
    pub(crate) refused: u64,
    /// The first of them: where they begin, in bytes from the start of the text, and why.
    pub(crate) refusals: Vec<(u64, Refusal)>,
    /// What was not taken in, byte for byte. Equally bad values that stand side by side are one.
    pub(crate) aside: Vec<Aside>,
    /// Where and how the JSON breaks off, if it does.
    pub(crate) broken: Option<json::Error>,
    /// What it is, if it holds no records.
    pub(crate) other: Option<Other>,
    /// Whether anything was found that records come in, be it empty.
    pub(crate) found: bool,
    /// What the first value looks like, if it holds no records.
    pub(crate) hint: Option<Other>,
    /// Values that hold no records.
    foreign: Foreign,
}

/// Values that hold no records. Whether they stand among some shows in the end.
#[derive(Debug, Default)]
struct Foreign {
    count: u64,
    /// Where the first of them begin, and what they are refused for.
    places: Vec<(u64, Refusal)>,
    aside: Vec<Aside>,
}

/// Values that can't be rows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Aside {
    /// Where the first begins, in bytes from the start of the object's text.
    pub(crate) at: u64,
    /// How many records came before it.
    pub(crate) index: u64,
    /// How many there are.
    pub(crate) count: u64,
    pub(crate) refusal: Refusal,
    pub(crate) bytes: Vec<u8>,
    /// Instead of the bytes, where they were never held whole: the file that has them.
    pub(crate) file: Option<String>,
}

/// Objects that hold no records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    /// A digest, which vouches for logs and holds no events.
    Digest,
    /// A message of CloudWatch Logs that only checks the line.
    Control,
    /// JSON that has nothing to do with CloudTrail, as far as can be seen.
    Foreign,
}

impl Decoded {
    /// Nothing yet, where `records` came before.
    pub(crate) fn after(records: u64) -> Decoded {
        Decoded {
            records,
            ..Decoded::default()
        }
    }

    /// Moves all places of a piece to where they are in the whole.
    fn shift(&mut self, by: i64) {
        let shifted = |at: u64| at.saturating_add_signed(by);
        for aside in self.aside.iter_mut().chain(&mut self.foreign.aside) {
            aside.at = shifted(aside.at);
        }
        for (at, _) in self.refusals.iter_mut().chain(&mut self.foreign.places) {
            *at = shifted(*at);
        }
        if let Some(broken) = &mut self.broken {
            broken.at = shifted(broken.at as u64) as usize;
        }
    }

    pub(crate) fn foreign(&mut self, at: u64, text: &[u8], range: Range<usize>) {
        let Foreign {
            count,
            places,
            aside,
        } = &mut self.foreign;
        *count += 1;
        if places.len() < REFUSALS {
            places.push((at, Refusal::Foreign));
        }
        keep(aside, self.records, at, Refusal::Foreign, text, range);
    }

    /// Counts and keeps a value that can't be a row.
    pub(crate) fn refuse(&mut self, at: u64, refusal: Refusal, text: &[u8], range: Range<usize>) {
        keep(&mut self.aside, self.records, at, refusal, text, range);
        self.refused += 1;
        if self.refusals.len() < REFUSALS {
            self.refusals.push((at, refusal));
        }
    }

    /// Decides what the object was.
    pub(crate) fn finish(&mut self) {
        self.other = other(self.found, self.broken, self.hint);
        let foreign = std::mem::take(&mut self.foreign);
        if self.found {
            foreign.count_into(self);
        }
    }
}

/// What an object is that holds no records. Where its JSON breaks off, only what was found before that tells.
fn other(found: bool, broken: Option<json::Error>, hint: Option<Other>) -> Option<Other> {
    let known = !found && (broken.is_none() || hint.is_some());
    known.then(|| hint.unwrap_or(Other::Foreign))
}

impl Foreign {
    /// Among records, a value that is none is an exception that is worth a word.
    fn count_into(mut self, decoded: &mut Decoded) {
        decoded.records += self.count;
        decoded.refused += self.count;
        decoded.aside.append(&mut self.aside);
        let room = REFUSALS.saturating_sub(decoded.refusals.len());
        decoded.refusals.extend(self.places.into_iter().take(room));
    }

    fn append(&mut self, mut other: Foreign) {
        self.count += other.count;
        self.aside.append(&mut other.aside);
        let room = REFUSALS.saturating_sub(self.places.len());
        self.places.extend(other.places.into_iter().take(room));
    }
}

/// Keeps a value that can't be a row, before which `index` records came.
fn keep(
    all: &mut Vec<Aside>,
    index: u64,
    at: u64,
    refusal: Refusal,
    text: &[u8],
    range: Range<usize>,
) {
    // A hostile object may hold millions of tiny values; an entry for each would be far larger than they.
    let many = all.len() >= ALIKE;
    if let Some(last) = all.last_mut()
        && last.file.is_none()
        && (many || last.refusal.is_like(refusal))
        && let Some(gap) = at.checked_sub(last.at + last.bytes.len() as u64)
        && gap <= GAP
        && let Some(begin) = range.start.checked_sub(gap as usize)
        && text.get(begin..range.start).is_some_and(is_between)
    {
        last.count += 1;
        last.bytes
            .extend(text.get(begin..range.end).unwrap_or_default());
        return;
    }
    all.push(Aside {
        at,
        index,
        count: 1,
        refusal,
        bytes: text.get(range).unwrap_or_default().to_vec(),
        file: None,
    });
}

/// Whether this is what may stand between two values.
fn is_between(text: &[u8]) -> bool {
    text.iter()
        .all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b','))
}

/// What the pieces of an object hold together, which is what it holds as a whole: before a value that records come in is
/// found, nobody knows whether those that are none stand among records.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    /// How many records came so far, values that are none aside.
    pub(crate) records: u64,
    found: bool,
    hint: Option<Other>,
    /// Where and how the JSON breaks off first.
    pub(crate) broken: Option<json::Error>,
    foreign: Foreign,
}

impl Parts {
    /// Enters what the next piece holds, whose places are to be moved by `shift`. Gives what is to be counted now.
    pub(crate) fn enter(&mut self, mut piece: Decoded, shift: i64) -> Decoded {
        piece.shift(shift);
        let before = std::mem::replace(&mut self.records, piece.records);
        piece.records -= before;
        self.found |= piece.found;
        self.hint = self.hint.or(piece.hint);
        self.broken = self.broken.or(piece.broken.take());
        self.foreign.append(std::mem::take(&mut piece.foreign));
        self.count(piece)
    }

    /// Likewise for a value that is too large to be held, and is in a file. What stands in an array of records is taken for
    /// one.
    pub(crate) fn enter_large(&mut self, at: u64, file: String, listed: bool) -> Decoded {
        let mut decoded = Decoded::default();
        let aside = Aside {
            at,
            index: self.records,
            count: 1,
            refusal: Refusal::TooLarge,
            bytes: Vec::new(),
            file: Some(file),
        };
        if listed {
            decoded.refusals.push((at, Refusal::TooLarge));
            decoded.aside.push(aside);
            (decoded.records, decoded.refused) = (1, 1);
            self.records += 1;
            self.found = true;
        } else {
            self.foreign.append(Foreign {
                count: 1,
                places: vec![(at, Refusal::TooLarge)],
                aside: vec![aside],
            });
        }
        self.count(decoded)
    }

    /// Enters that the JSON breaks off.
    pub(crate) fn enter_broken(&mut self, at: u64) {
        self.broken.get_or_insert(json::Error {
            at: at as usize,
            problem: json::Problem::End,
        });
    }

    fn count(&mut self, mut decoded: Decoded) -> Decoded {
        if self.found {
            std::mem::take(&mut self.foreign).count_into(&mut decoded);
        }
        decoded
    }

    /// Whether anything was found that records come in.
    pub(crate) fn is_found(&self) -> bool {
        self.found
    }

    /// What the object is, if it holds no records.
    pub(crate) fn other(&self) -> Option<Other> {
        other(self.found, self.broken, self.hint)
    }

    /// Takes the bytes of values that are none out, where they are more than `most`. They count all the same.
    pub(crate) fn take_more_than(&mut self, most: usize) -> Vec<Aside> {
        let held = |aside: &Aside| aside.bytes.len() + size_of::<Aside>();
        let all = &mut self.foreign.aside;
        match all.iter().map(held).sum::<usize>() > most {
            true => all.extract_if(.., |aside| aside.file.is_none()).collect(),
            false => Vec::new(),
        }
    }
}
