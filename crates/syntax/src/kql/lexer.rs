//! Literals, blanks and keywords. A word's extent depends on what stands before it, so the parser asks for one thing at
//! a time, at a place.

use super::ast::{Literal, LiteralKind, Part};
use crate::{Code, Diagnostic, Span};

/// What ends a word and must be escaped in it.
pub(super) const SPECIAL: &[char] = &['\\', '(', ')', ':', '<', '>', '"', '*', '{', '}'];

/// Whether a character separates.
pub(super) fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n' | '\u{a0}')
}

/// The first place at or after `at` that is no blank.
pub(super) fn after_blanks(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    text.len() - rest.trim_start_matches(is_blank).len()
}

/// The place behind `word`, in any letter case, and the blanks that must follow it.
fn after_word(text: &str, at: usize, word: &str) -> Option<usize> {
    let end = at + word.len();
    let found = text.get(at..end)?.eq_ignore_ascii_case(word);
    let after = after_blanks(text, end);
    (found && after > end).then_some(after)
}

/// The place behind a `not` that begins at `at`.
pub(super) fn after_not(text: &str, at: usize) -> Option<usize> {
    after_word(text, at, "not")
}

/// The place behind `word`, `and` or `or`, that follows the blanks at `at`; both need blanks around them.
pub(super) fn after_joiner(text: &str, at: usize, word: &str) -> Option<usize> {
    let start = after_blanks(text, at);
    if start == at {
        return None;
    }
    after_word(text, start, word)
}

/// The literal at `at`, and the place behind it, the blanks that a word ends with included. None where none begins.
pub(super) fn literal(
    text: &str,
    at: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(Literal, usize)> {
    match text.get(at..)?.strip_prefix('"') {
        Some(_) => Some(quoted(text, at, diagnostics)),
        None => plain(text, at, diagnostics),
    }
}

/// A string in quotes. One that is not closed reaches to the end.
fn quoted(text: &str, start: usize, diagnostics: &mut Vec<Diagnostic>) -> (Literal, usize) {
    let mut value = String::new();
    let mut at = start + 1;
    let mut closed = false;
    while let Some(character) = character(text, at) {
        let rest = &text[at..];
        let (meaning, length) = match character {
            '"' => {
                at += 1;
                closed = true;
                break;
            }
            '\\' => match rest.as_bytes().get(1) {
                Some(b'\\') => ('\\', 2),
                Some(b'"') => ('"', 2),
                // Before anything else a backslash is one.
                _ => white(rest).or_else(|| unicode(rest)).unwrap_or(('\\', 1)),
            },
            _ => (character, character.len_utf8()),
        };
        value.push(meaning);
        at += length;
    }
    let span = Span::new(start, at);
    if !closed {
        let open = Span::new(start, start + 1);
        diagnostics.push(
            Diagnostic::error(Code::KqlUnclosedQuote, open, "this string is not closed")
                .label("opened here")
                .help("end it with `\"`; a quote inside is written `\\\"`"),
        );
    }
    let kind = LiteralKind::Quoted(value);
    (Literal { kind, span }, at)
}

/// A literal without quotes.
fn plain(text: &str, start: usize, diagnostics: &mut Vec<Diagnostic>) -> Option<(Literal, usize)> {
    let mut parts = Vec::new();
    let mut piece = String::new();
    // Blanks count only if something follows them.
    let mut blanks = String::new();
    let (mut at, mut end) = (start, start);
    while let Some(character) = character(text, at) {
        // Behind a blank, `and` and `or` were looked for already.
        let joined = blanks.is_empty()
            && (after_joiner(text, at, "and").is_some() || after_joiner(text, at, "or").is_some());
        if joined || after_not(text, at).is_some() {
            break;
        }
        if is_blank(character) {
            blanks.push(character);
            at += character.len_utf8();
            continue;
        }
        if SPECIAL.contains(&character) && !matches!(character, '\\' | '*') {
            break;
        }
        piece.push_str(&std::mem::take(&mut blanks));
        match character {
            '\\' => {
                let length = escape(text, at, &mut piece, diagnostics);
                at += length;
            }
            '*' => {
                if !piece.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut piece)));
                }
                if parts.last() != Some(&Part::Star) {
                    parts.push(Part::Star);
                }
                at += 1;
            }
            _ => {
                piece.push(character);
                at += character.len_utf8();
            }
        }
        end = at;
    }
    if !piece.is_empty() {
        parts.push(Part::Text(piece));
    }
    let kind = LiteralKind::Plain(parts);
    let span = Span::new(start, end);
    (end > start).then_some((Literal { kind, span }, at))
}

/// Appends what the escape at `at` stands for, and gives its length.
fn escape(text: &str, at: usize, out: &mut String, diagnostics: &mut Vec<Diagnostic>) -> usize {
    let rest = &text[at..];
    let escaped = character(text, at + 1);
    for word in ["and", "or", "not"] {
        let Some(found) = rest.get(1..=word.len()) else {
            continue;
        };
        // `\n` also begins `\note`, a line break and three letters.
        let ends = character(text, at + 1 + word.len())
            .is_none_or(|next| is_blank(next) || SPECIAL.contains(&next));
        if found.eq_ignore_ascii_case(word) && (ends || !word.starts_with('n')) {
            out.push_str(found);
            return 1 + word.len();
        }
    }
    let special = escaped.filter(|escaped| SPECIAL.contains(escaped));
    let known = white(rest)
        .or_else(|| unicode(rest))
        .or(special.map(|special| (special, 2)));
    let (meaning, length) = known.unwrap_or_else(|| {
        let end = at + 1 + escaped.map_or(0, char::len_utf8);
        diagnostics.push(
            Diagnostic::error(
                Code::KqlBadEscape,
                Span::new(at, end),
                "this backslash escapes nothing",
            )
            .help("write `\\\\` for a backslash, or put the value into quotes"),
        );
        ('\\', 1)
    });
    out.push(meaning);
    length
}

/// `\t`, `\r` or `\n` at the beginning of `rest`, and its length.
fn white(rest: &str) -> Option<(char, usize)> {
    let meaning = match rest.as_bytes().get(1)? {
        b't' => '\t',
        b'r' => '\r',
        b'n' => '\n',
        _ => return None,
    };
    Some((meaning, 2))
}

/// `\uXXXX` at the beginning of `rest`, or two that are one character, and the length. Half a character is U+FFFD.
fn unicode(rest: &str) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = rest.get(at..)?.strip_prefix("\\u")?.get(..4)?;
        let hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        hexadecimal.then(|| u16::from_str_radix(digits, 16).ok())?
    };
    let first = unit(0)?;
    if let Some(second) = unit(6)
        && let Some(Ok(character)) = char::decode_utf16([first, second]).next()
        && u32::from(character) > 0xffff
    {
        return Some((character, 12));
    }
    let character = char::from_u32(first.into()).unwrap_or(char::REPLACEMENT_CHARACTER);
    Some((character, 6))
}

/// The character at `at`.
pub(super) fn character(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}
