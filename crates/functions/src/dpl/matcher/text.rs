//! Quoted strings and `STRING`.

use std::borrow::Cow;

use memchr::memchr2;

use super::Scan;
use crate::dpl::program::{Quoted, Repeat};

/// A text and where it ends.
pub(crate) struct Text<'i> {
    pub(crate) end: usize,
    /// Without quotes and escapes.
    pub(crate) value: Cow<'i, str>,
}

/// The quoted string at `at`; `repeat` bounds the characters between the quotes, escapes counted once.
pub(crate) fn quoted(input: &str, at: usize, form: Quoted, repeat: Repeat) -> Scan<Text<'_>> {
    let bytes = input.as_bytes();
    if bytes.get(at) != Some(&form.mark) {
        return Scan {
            to: at,
            found: None,
        };
    }
    let escape = if form.doubled { form.mark } else { b'\\' };
    let start = at + 1;
    let mut from = start;
    let mut unescaped: Option<String> = None;
    let mut place = start;
    let close = loop {
        let rest = bytes
            .get(place..)
            .and_then(|rest| memchr2(form.mark, escape, rest));
        let Some(found) = rest.map(|offset| place + offset) else {
            return Scan {
                to: bytes.len(),
                found: None,
            };
        };
        let next = bytes.get(found + 1).copied();
        // A backslash before anything but a quote or another backslash means itself.
        let escapes =
            bytes[found] == escape && next.is_some_and(|next| next == form.mark || next == escape);
        if escapes {
            unescaped
                .get_or_insert_default()
                .push_str(&input[from..found]);
            from = found + 1;
            place = found + 2;
        } else if bytes[found] == form.mark {
            break found;
        } else {
            place = found + 1;
        }
    };
    let value = match unescaped {
        None => Cow::Borrowed(&input[start..close]),
        Some(mut text) => {
            text.push_str(&input[from..close]);
            Cow::Owned(text)
        }
    };
    let end = close + 1;
    Scan {
        to: end,
        found: holds(&value, repeat).then_some(Text { end, value }),
    }
}

/// `STRING` at `at`: a quoted string, or else all up to white space or a control character.
pub(crate) fn word(input: &str, at: usize, repeat: Repeat) -> Scan<Text<'_>> {
    let bytes = input.as_bytes();
    let mut to = at;
    if let Some(mark @ (b'"' | b'\'')) = bytes.get(at).copied() {
        let scan = quoted(
            input,
            at,
            Quoted {
                mark,
                doubled: false,
            },
            repeat,
        );
        if scan.found.is_some() {
            return scan;
        }
        to = scan.to;
    }
    let length = bytes[at..]
        .iter()
        .position(|byte| *byte <= b' ' || *byte == 0x7f)
        .unwrap_or(bytes.len() - at);
    let end = cut(input, at, at + length, repeat.max);
    let value = Cow::Borrowed(&input[at..end]);
    Scan {
        to: to.max(at + length),
        found: holds(&value, repeat).then_some(Text { end, value }),
    }
}

/// Where `input[at..end]` ends if it may have `max` characters.
pub(crate) fn cut(input: &str, at: usize, end: usize, max: usize) -> usize {
    // No text has more characters than bytes.
    if end - at <= max {
        return end;
    }
    if input.as_bytes()[at..at + max].is_ascii() {
        return at + max;
    }
    input[at..end]
        .char_indices()
        .nth(max)
        .map_or(end, |(offset, _)| at + offset)
}

/// Where `count` characters from `at` on end, if there are so many before `end`.
pub(crate) fn skip(input: &str, at: usize, end: usize, count: usize) -> Option<usize> {
    if count == 0 {
        return Some(at);
    }
    if input.as_bytes()[at..end]
        .get(..count)
        .is_some_and(<[u8]>::is_ascii)
    {
        return Some(at + count);
    }
    let (offset, c) = input[at..end].char_indices().nth(count - 1)?;
    Some(at + offset + c.len_utf8())
}

fn holds(text: &str, repeat: Repeat) -> bool {
    skip(text, 0, text.len(), repeat.min).is_some()
        && cut(text, 0, text.len(), repeat.max) == text.len()
}
