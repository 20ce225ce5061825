//! The pattern anywhere in a text, and over all of it.

use std::ops::Range;

use super::program::Program;
use super::run::{Runner, work};
use super::runs::{Captures, Runs};

/// One place where a pattern matches.
#[derive(Clone, Debug, PartialEq)]
pub struct Found<'i> {
    /// The matched bytes of the input.
    pub range: Range<usize>,
    /// The values of the exports.
    pub captures: Captures<'i>,
}

/// The matches of a pattern in a text, from left to right, without overlap. A match that consumes nothing is none.
pub struct Matches<'p, 'i> {
    runner: Runner<'p, 'i>,
    at: usize,
}

/// Looks for `program` everywhere in `input`: after a match it goes on at its end, otherwise one character further.
pub fn find_all<'p, 'i>(program: &'p Program, input: &'i str) -> Matches<'p, 'i> {
    find_all_from(program, input, 0)
}

/// As [`find_all`]; formats without year take that of `base_time`, in nanoseconds since 1970.
pub fn find_all_from<'p, 'i>(
    program: &'p Program,
    input: &'i str,
    base_time: i64,
) -> Matches<'p, 'i> {
    let mut runner = Runner::new(program, input, work(input));
    runner.base_time = base_time;
    Matches { runner, at: 0 }
}

impl Matches<'_, '_> {
    /// Whether the work allowed for one text was used up; then there may be more matches than were given.
    pub fn gave_up(&self) -> bool {
        self.runner.gave_up
    }

    /// The bytes of JSON text read so far.
    pub fn json_bytes(&self) -> usize {
        self.runner.json_bytes
    }
}

impl<'i> Iterator for Matches<'_, 'i> {
    type Item = Found<'i>;

    fn next(&mut self) -> Option<Found<'i>> {
        let input = self.runner.input;
        let first = &self.runner.program.first;
        while self.at < input.len() && !self.runner.gave_up {
            if !first.anywhere {
                // Where no match can begin, none is tried.
                let found = first.find(input.as_bytes(), self.at, input.len() - 1);
                let next = found.unwrap_or(input.len());
                self.runner.charge((next - self.at) / 16);
                self.at = next;
                if !input.is_char_boundary(next) {
                    self.at += 1;
                    continue;
                }
                if next == input.len() {
                    break;
                }
            }
            let start = self.at;
            match self.runner.whole(start).filter(|end| *end > start) {
                Some(end) => {
                    self.at = end;
                    return Some(Found {
                        range: start..end,
                        captures: self.runner.captures(),
                    });
                }
                None => self.at += input[start..].chars().next().map_or(1, char::len_utf8),
            }
        }
        None
    }
}

/// Whether `program` matches `input` from its first character to its last; false too where the work allowed for one
/// text does not suffice.
pub fn matches_whole(program: &Program, input: &str) -> bool {
    Runs::new(program, 0).matches_whole(input)
}
