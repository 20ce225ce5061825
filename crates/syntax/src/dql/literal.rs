//! Names, strings, numbers and durations: from the text of a token to its value, and back.

use super::ast::{Duration, Literal, Unit};
use super::token::TokenKind;
use crate::{Code, Diagnostic, Span};

/// The words that need backticks to be used as a field's name, in any case.
const RESERVED: [&str; 8] = ["true", "false", "null", "mod", "and", "or", "xor", "not"];

/// Whether `word` is reserved: `AND`, `true`.
pub(super) fn is_reserved(word: &str) -> bool {
    RESERVED
        .iter()
        .any(|reserved| reserved.eq_ignore_ascii_case(word))
}

/// Whether `name` can be written without backticks: `dt.entity.host`, `avail.7d`.
pub fn is_plain_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name
            .split('.')
            .all(|segment| !segment.is_empty() && segment.bytes().all(is_name_byte))
        && !is_reserved(name)
}

/// Whether a plain name may hold `byte` behind its first letter.
pub(super) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// A field's name as DQL writes it, in backticks only where they are needed.
pub fn write_name(name: &str) -> String {
    if is_plain_name(name) {
        return name.to_string();
    }
    let mut out = String::with_capacity(name.len() + 2);
    out.push('`');
    for character in name.chars() {
        if matches!(character, '`' | '\\') {
            out.push('\\');
        }
        out.push(character);
    }
    out.push('`');
    out
}

/// The name that the text of a name token stands for.
pub(super) fn read_name(text: &str) -> String {
    let Some(inner) = text.strip_prefix('`') else {
        return text.to_string();
    };
    let mut name = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '`' => break,
            '\\' => name.extend(characters.next()),
            _ => name.push(character),
        }
    }
    name
}

/// A string as DQL writes it: double quotes, escapes where they are needed.
pub fn write_string(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 2);
    out.push('"');
    for character in value.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Every control character lies below U+10000, so four digits hold it.
            control if control.is_control() => {
                out.push_str(&format!("\\u{:04X}", u32::from(control)))
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// The value that the text of a string token stands for, closed or not.
pub(super) fn read_string(kind: TokenKind, text: &str) -> String {
    if kind == TokenKind::TripleString {
        let inner = text.strip_prefix("\"\"\"").unwrap_or(text);
        return inner.strip_suffix("\"\"\"").unwrap_or(inner).to_string();
    }
    let mut characters = text.chars();
    let opening = characters.next();
    let inner = characters.as_str();
    if kind == TokenKind::ForeignString {
        // The lexer makes this token only where the closing quote is there, and it is one character.
        let mut characters = inner.chars();
        characters.next_back();
        return unescape(characters.as_str(), None);
    }
    unescape(inner, opening)
}

/// Undoes the escapes of `text` up to its end or the first bare `end`.
///
/// Documented are `\"` and `\\`. The other usual ones mean what they mean elsewhere; before any other
/// character the backslash is dropped.
fn unescape(text: &str, end: Option<char>) -> String {
    let mut value = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if Some(character) == end {
            break;
        }
        if character != '\\' {
            value.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => value.push('\n'),
            Some('r') => value.push('\r'),
            Some('t') => value.push('\t'),
            Some('b') => value.push('\u{8}'),
            Some('f') => value.push('\u{c}'),
            Some('x') => match hexadecimal(characters.as_str(), 2) {
                Some(code) => {
                    value.extend(char::from_u32(code));
                    characters = characters.as_str()[2..].chars();
                }
                None => value.push('x'),
            },
            Some('u') => match utf16(characters.as_str()) {
                Some((decoded, length)) => {
                    value.push(decoded);
                    characters = characters.as_str()[length..].chars();
                }
                None => value.push('u'),
            },
            Some(other) => value.push(other),
            None => {}
        }
    }
    value
}

/// Where in the text of a string literal, quotes included, the character stands that begins at byte `offset` of its
/// value; where the content ends, for an offset beyond the last one.
pub fn string_offset(written: &str, offset: usize) -> usize {
    if let Some(inner) = written.strip_prefix("\"\"\"") {
        return 3 + offset.min(inner.strip_suffix("\"\"\"").unwrap_or(inner).len());
    }
    let mut characters = written.chars();
    let opening = characters.next().map_or(0, char::len_utf8);
    characters.next_back();
    let mut rest = characters.as_str();
    let mut passed = 0;
    while passed < offset && !rest.is_empty() {
        let (character, after) = rest.split_at(character_length(rest));
        passed += unescape(character, None).len();
        rest = after;
    }
    opening + characters.as_str().len() - rest.len()
}

/// The length of the character, or the escape, that a text begins with.
fn character_length(text: &str) -> usize {
    let mut characters = text.chars();
    let first = characters.next();
    if first == Some('\\') {
        let after = |digits| 2 + digits;
        return match characters.next() {
            Some('x') => after(hexadecimal(characters.as_str(), 2).map_or(0, |_| 2)),
            Some('u') => after(utf16(characters.as_str()).map_or(0, |(_, length)| length)),
            Some(other) => 1 + other.len_utf8(),
            None => 1,
        };
    }
    first.map_or(0, char::len_utf8)
}

/// The number of the first `digits` hexadecimal digits of `text`, if there are so many.
fn hexadecimal(text: &str, digits: usize) -> Option<u32> {
    let head = text.get(..digits)?;
    if !head.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(head, 16).ok()
}

/// The character of `XXXX` or of the surrogate pair `XXXX\uXXXX`, and the length of that text.
fn utf16(text: &str) -> Option<(char, usize)> {
    let first = hexadecimal(text, 4)?;
    if let Some(character) = char::from_u32(first) {
        return Some((character, 4));
    }
    let pair = text
        .get(4..)
        .and_then(|rest| rest.strip_prefix("\\u"))
        .and_then(|rest| hexadecimal(rest, 4));
    if let Some(second) = pair.filter(|second| first < 0xDC00 && (0xDC00..0xE000).contains(second))
    {
        let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        return Some((
            char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
            10,
        ));
    }
    Some((char::REPLACEMENT_CHARACTER, 4))
}

/// The value of a number or duration token at `span`.
pub(super) fn read_number(
    kind: TokenKind,
    text: &str,
    span: Span,
) -> Result<Literal, Box<Diagnostic>> {
    match kind {
        TokenKind::Long => long(text, span).map(Literal::Long),
        TokenKind::Hex => hex(text, span).map(Literal::Long),
        TokenKind::Double => double(text, span).map(Literal::Double),
        _ => duration(text, span).map(Literal::Duration),
    }
}

fn long(text: &str, span: Span) -> Result<i64, Box<Diagnostic>> {
    text.parse().map_err(|_| {
        let message = format!("`{text}` is too large for a long");
        let help = format!("a long goes up to {}; `{text}.0` is a double", i64::MAX);
        Box::new(Diagnostic::error(Code::BadNumber, span, message).help(help))
    })
}

/// `0x` and up to 64 bits, as two's complement: `0xFFFFFFFFFFFFFFFF` is -1.
fn hex(text: &str, span: Span) -> Result<i64, Box<Diagnostic>> {
    let digits = text.get(2..).unwrap_or_default();
    u64::from_str_radix(digits, 16)
        .map(u64::cast_signed)
        .map_err(|_| {
            let message = format!("`{text}` is no hexadecimal number of 64 bits");
            let help = "write `0x` and 1 to 16 digits out of `0-9`, `a-f` and `A-F`";
            Box::new(Diagnostic::error(Code::BadNumber, span, message).help(help))
        })
}

fn double(text: &str, span: Span) -> Result<f64, Box<Diagnostic>> {
    let wrong = |message: String| Diagnostic::error(Code::BadNumber, span, message);
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(_) => Err(Box::new(wrong(format!(
            "`{text}` is too large for a double"
        )))),
        Err(_) => {
            let diagnostic = wrong(format!("`{text}` is no number"));
            let parts = text.split('.').filter(|part| part.parse::<u8>().is_ok());
            if parts.count() == 4 && text.split('.').count() == 4 {
                let help = "an IP address stands in double quotes";
                return Err(Box::new(
                    diagnostic.help(help).fix(span, write_string(text)),
                ));
            }
            Err(Box::new(diagnostic.help("a number has one decimal point")))
        }
    }
}

fn duration(text: &str, span: Span) -> Result<Duration, Box<Diagnostic>> {
    let wrong = |message: String| Diagnostic::error(Code::BadDuration, span, message);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (amount, rest) = text.split_at(digits);
    if rest
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'_')
    {
        let message = format!("`{text}` is no number");
        let diagnostic = Diagnostic::error(Code::BadNumber, span, message)
            .help("digits are written without separators")
            .fix(span, text.replace('_', ""));
        return Err(Box::new(diagnostic));
    }
    if rest.starts_with('.') {
        let diagnostic = wrong(format!("`{text}` has a fraction"))
            .label("a duration is a whole number of its unit")
            .help("use a smaller unit: `90m` for one and a half hours");
        return Err(Box::new(diagnostic));
    }
    let Some(unit) = Unit::from_text(rest) else {
        let diagnostic = wrong(format!("no unit of time is called `{rest}`"))
            .label("neither a number nor a duration")
            .help("the units are `ns us ms s m h d w M q y`; a field's name that begins with a digit needs backticks");
        return Err(Box::new(diagnostic));
    };
    match amount.parse() {
        Ok(amount) => Ok(Duration { amount, unit }),
        Err(_) => {
            let diagnostic = wrong(format!("`{text}` is out of range"));
            Err(Box::new(
                diagnostic.label(format!("an amount goes up to {}", i64::MAX)),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_strings_are_found_behind_escapes() {
        let written = r#""a\"\u00e9\n\uD83D\uDE00\q\x41b""#;
        let value = read_string(TokenKind::String, written);
        assert_eq!(value, "a\"é\n😀qAb");
        let expected = [
            "a",
            "\\\"",
            "\\u00e9",
            "\\n",
            "\\uD83D\\uDE00",
            "\\q",
            "\\x41",
            "b",
            "\"",
        ];
        let offsets = value
            .char_indices()
            .map(|(at, _)| at)
            .chain([value.len(), 99]);
        for (offset, text) in offsets.zip(expected.iter().chain(["\""].iter())) {
            let at = string_offset(written, offset);
            assert!(
                written[at..].starts_with(text),
                "{offset}: {}",
                &written[at..]
            );
        }
        assert_eq!(string_offset("\"\"\"a\\n\"\"\"", 2), 5);
        assert_eq!(string_offset("\"\"\"ab\"\"\"", 9), 5);
        assert_eq!(string_offset("\"", 3), 1);
        assert_eq!(string_offset("", 3), 0);
    }
}
