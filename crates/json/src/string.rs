//! Strings: where they stand, undoing escapes, and writing them.

use std::borrow::Cow;
use std::fmt::Write;

/// Where the body of a string stands: between its quotes, escapes not undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// The first byte after the opening quote.
    pub start: usize,
    /// The closing quote.
    pub end: usize,
    /// Whether a backslash occurs; without one the body is the string.
    pub escaped: bool,
}

impl Text {
    /// The body as it stands in `document`, the text that the cursor moves over.
    #[inline]
    pub fn body(self, document: &str) -> &str {
        document.get(self.start..self.end).unwrap_or_default()
    }

    /// The string itself, escapes undone.
    #[inline]
    pub fn value(self, document: &str) -> Cow<'_, str> {
        match self.escaped {
            false => Cow::Borrowed(self.body(document)),
            true => unescape(self.body(document)),
        }
    }

    /// Whether the string is `value`.
    #[inline]
    pub fn is(self, document: &str, value: &str) -> bool {
        match self.escaped {
            false => self.body(document) == value,
            true => unescape(self.body(document)) == value,
        }
    }
}

/// The string that a valid body, the text between the quotes, stands for. Borrowed where nothing is escaped. A
/// surrogate without its other half becomes U+FFFD; so does anything that is no escape, though a checked text holds
/// none.
pub fn unescape(body: &str) -> Cow<'_, str> {
    let Some(first) = body.find('\\') else {
        return Cow::Borrowed(body);
    };
    let mut out = String::with_capacity(body.len());
    out.push_str(&body[..first]);
    let mut rest = &body[first..];
    while let Some(escape) = rest.strip_prefix('\\') {
        let (character, after) = decode(escape);
        out.push(character);
        let plain = after.find('\\').unwrap_or(after.len());
        out.push_str(&after[..plain]);
        rest = &after[plain..];
    }
    Cow::Owned(out)
}

/// Appends `value` as a JSON string with its quotes, escaping what must be: quotes, backslashes, control characters.
pub fn write_string(value: &str, out: &mut String) {
    out.push('"');
    let bytes = value.as_bytes();
    let mut start = 0;
    loop {
        let end = plain_end(bytes, start);
        out.push_str(&value[start..end]);
        match bytes.get(end) {
            None => break,
            Some(b'"') => out.push_str("\\\""),
            Some(b'\\') => out.push_str("\\\\"),
            Some(8) => out.push_str("\\b"),
            Some(b'\t') => out.push_str("\\t"),
            Some(b'\n') => out.push_str("\\n"),
            Some(12) => out.push_str("\\f"),
            Some(b'\r') => out.push_str("\\r"),
            // Writing to a string can't fail.
            Some(control) => _ = write!(out, "\\u{control:04x}"),
        }
        start = end + 1;
    }
    out.push('"');
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// The first quote, backslash or control character from `at` on; the length of the text if there is none.
///
/// Eight bytes at a time. In `x - ONES & !x` the high bit of each zero byte is set; a borrow can set further bits, but
/// only above the first, and the first is all that is asked for.
#[inline]
pub(crate) fn plain_end(text: &[u8], mut at: usize) -> usize {
    while let Some(eight) = text.get(at..).and_then(|rest| rest.first_chunk()) {
        let eight = u64::from_le_bytes(*eight);
        let quote = eight ^ (ONES * b'"' as u64);
        let backslash = eight ^ (ONES * b'\\' as u64);
        let found = (quote.wrapping_sub(ONES) & !quote)
            | (backslash.wrapping_sub(ONES) & !backslash)
            | (eight.wrapping_sub(ONES * 0x20) & !eight);
        let found = found & HIGHS;
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = text.get(at..).unwrap_or_default();
    let plain = rest
        .iter()
        .take_while(|&&byte| byte != b'"' && byte != b'\\' && byte >= 0x20);
    at + plain.count()
}

/// The character of the escape whose backslash has been passed, and what follows it.
fn decode(escape: &str) -> (char, &str) {
    let mut rest = escape.chars();
    let character = match rest.next() {
        Some('b') => '\u{8}',
        Some('f') => '\u{c}',
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        Some('u') => return decode_unit(rest.as_str()),
        Some(itself @ ('"' | '\\' | '/')) => itself,
        _ => char::REPLACEMENT_CHARACTER,
    };
    (character, rest.as_str())
}

/// The character of a `\u` escape, of two if they are the halves of a surrogate pair.
fn decode_unit(text: &str) -> (char, &str) {
    const LOST: char = char::REPLACEMENT_CHARACTER;
    let Some((first, after)) = unit(text) else {
        return (LOST, text);
    };
    if let 0xD800..0xDC00 = first
        && let Some((second @ 0xDC00..0xE000, rest)) = after.strip_prefix("\\u").and_then(unit)
    {
        let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        return (char::from_u32(code).unwrap_or(LOST), rest);
    }
    (char::from_u32(first).unwrap_or(LOST), after)
}

/// The value of four hexadecimal digits, and what follows them.
fn unit(text: &str) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at_checked(4)?;
    let valid = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let value = u32::from_str_radix(digits, 16).ok()?;
    valid.then_some((value, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone() {
        for (body, value) in [
            ("", ""),
            ("plain ü", "plain ü"),
            (r#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"),
            (r"a\u0062c", "abc"),
            (
                r"\u003csensitiveDataRemoved\u003E",
                "<sensitiveDataRemoved>",
            ),
            (r"\ud83d\ude00!", "😀!"),
            (r"\ud83d", "\u{fffd}"),
            (r"\ud83dx\ude00", "\u{fffd}x\u{fffd}"),
            (r"\ud83d\ud83d\ude00", "\u{fffd}😀"),
            (r"\u0000", "\0"),
        ] {
            assert_eq!(unescape(body), value, "{body}");
        }
    }

    #[test]
    fn an_unescaped_body_is_borrowed() {
        assert!(matches!(unescape("plain"), Cow::Borrowed("plain")));
    }

    #[test]
    fn strings_are_escaped_as_little_as_possible() {
        let mut out = String::new();
        write_string("a\"b\\c/\u{1}\u{8}\t\n\u{c}\r\u{7f}ü", &mut out);
        assert_eq!(out, "\"a\\\"b\\\\c/\\u0001\\b\\t\\n\\f\\r\u{7f}ü\"");
    }
}
