//! Character groups and POSIX classes: a set of characters, and runs of them.

use syntax::dpl::ast::{Class, ClassItem};
use syntax::dpl::matcher::Posix;

use super::Scan;
use crate::dpl::first::First;
use crate::dpl::program::Repeat;

/// A set of characters.
#[derive(Debug)]
pub(crate) struct CharSet {
    /// The ASCII characters in it, one bit each.
    ascii: u128,
    /// The ranges of others.
    wide: Vec<(char, char)>,
    /// Whether the others are all but those.
    wide_negated: bool,
}

impl CharSet {
    pub(crate) fn new(class: &Class) -> Self {
        let listed = |c: char| class.items.iter().any(|item| item_holds(*item, c));
        let all_wide = class.items.iter().any(|item| match item {
            // The classes are ASCII, save this one; their complements hold all the rest.
            ClassItem::Posix(posix) => *posix == Posix::NonSpace,
            ClassItem::NotPosix(posix) => *posix != Posix::NonSpace,
            ClassItem::Any => true,
            ClassItem::Range(..) => false,
        });
        let wide = class.items.iter().filter_map(|item| match item {
            ClassItem::Range(from, to) if !to.is_ascii() && !all_wide => Some((*from, *to)),
            _ => None,
        });
        CharSet {
            ascii: ascii(|c| listed(c) != class.negated),
            wide: wide.collect(),
            wide_negated: all_wide != class.negated,
        }
    }

    pub(crate) fn posix(class: Posix) -> Self {
        CharSet {
            ascii: ascii(|c| class.contains(c)),
            wide: Vec::new(),
            wide_negated: class == Posix::NonSpace,
        }
    }

    fn holds_ascii(&self, byte: u8) -> bool {
        self.ascii >> byte & 1 == 1
    }

    fn holds(&self, c: char) -> bool {
        match u8::try_from(c) {
            Ok(byte) if byte.is_ascii() => self.holds_ascii(byte),
            _ => {
                self.wide
                    .iter()
                    .any(|(from, to)| (*from..=*to).contains(&c))
                    != self.wide_negated
            }
        }
    }

    /// The bytes that a character of the set begins with.
    pub(crate) fn first(&self) -> First {
        let wide = self.wide_negated || !self.wide.is_empty();
        First::bytes(|byte| {
            if byte.is_ascii() {
                self.holds_ascii(byte)
            } else {
                wide
            }
        })
    }

    /// The end of the longest run from `at` on, if it is long enough.
    pub(crate) fn run(&self, input: &str, at: usize, repeat: Repeat) -> Scan<usize> {
        let bytes = input.as_bytes();
        let mut end = at;
        let mut count = 0;
        while count < repeat.max {
            match bytes.get(end) {
                Some(byte) if byte.is_ascii() => {
                    if !self.holds_ascii(*byte) {
                        break;
                    }
                    end += 1;
                }
                Some(_) => match input[end..].chars().next() {
                    Some(c) if self.holds(c) => end += c.len_utf8(),
                    _ => break,
                },
                None => break,
            }
            count += 1;
        }
        Scan {
            to: end,
            found: (count >= repeat.min).then_some(end),
        }
    }
}

fn ascii(test: impl Fn(char) -> bool) -> u128 {
    (0..128u8)
        .filter(|byte| test(char::from(*byte)))
        .fold(0, |bits, byte| bits | 1 << byte)
}

fn item_holds(item: ClassItem, c: char) -> bool {
    match item {
        ClassItem::Range(from, to) => (from..=to).contains(&c),
        ClassItem::Posix(class) => class.contains(c),
        ClassItem::NotPosix(class) => !class.contains(c),
        ClassItem::Any => true,
    }
}
