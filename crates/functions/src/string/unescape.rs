//! `unescape(expression)`

use super::utf16::HALF;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const UNESCAPE: Function = Function {
    name: "unescape",
    summary: "A text with its backslash escapes undone; what is no known escape stays.",
    parameters: &[required("expression", Accepts::STRING, "the text")],
    examples: &[
        (
            "unescape(\"\"\"foo\\x40bar\\u002ecom\"\"\")",
            "\"foo@bar.com\"",
        ),
        ("unescape(\"\"\"\\\"\\'\\`\\\\\"\"\")", "\"\\\"'`\\\\\""),
        ("unescape(\"\"\"\\ud83d\\udc15\"\"\")", "\"🐕\""),
        ("unescape(\"\"\"\\q\\x4\"\"\")", "\"\\\\q\\\\x4\""),
        ("unescape(\"\"\"\\xe4\"\"\")", "\"ä\""),
    ],
    body: Body::Row(Row::new(row::string, |values| match values {
        [Value::String(text)] => Value::string(unescaped(text)),
        _ => Value::Null,
    })),
};

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('\\') {
        out.push_str(before);
        match escape(behind) {
            Some((character, after)) => {
                out.push(character);
                rest = after;
            }
            None => {
                out.push('\\');
                rest = behind;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The character that the text behind a backslash stands for, and what comes after it.
fn escape(behind: &str) -> Option<(char, &str)> {
    let mut characters = behind.chars();
    let character = match characters.next()? {
        known @ ('"' | '\'' | '`' | '\\') => known,
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        'x' => {
            let (byte, after) = digits(characters.as_str(), 2)?;
            return Some((char::from_u32(byte)?, after));
        }
        'u' => return unit(characters.as_str()),
        _ => return None,
    };
    Some((character, characters.as_str()))
}

/// A code unit, or two that make one character; half a character is a question mark.
fn unit(text: &str) -> Option<(char, &str)> {
    let (first, after) = digits(text, 4)?;
    if let Some(character) = char::from_u32(first) {
        return Some((character, after));
    }
    let second = after.strip_prefix("\\u").and_then(|text| digits(text, 4));
    if let Some((second, after)) = second {
        let units = [first, second].map(|unit| u16::try_from(unit).unwrap_or_default());
        if let Some(Ok(character)) = char::decode_utf16(units).next() {
            return Some((character, after));
        }
    }
    Some((HALF, after))
}

/// The number of so many hexadecimal digits, and what comes after them.
fn digits(text: &str, count: usize) -> Option<(u32, &str)> {
    let (digits, after) = text.split_at_checked(count)?;
    let all = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    Some((u32::from_str_radix(digits, 16).ok().filter(|_| all)?, after))
}

#[cfg(test)]
mod tests {
    use super::unescaped;

    #[test]
    fn what_is_no_escape_stays() {
        let table = [
            (r"\\n", r"\n"),
            (r"a\", r"a\"),
            (r"\u12", r"\u12"),
            (r"\x+4", r"\x+4"),
            (r"\ud83dx", "?x"),
            (r"\a\v\b\f", "\u{7}\u{b}\u{8}\u{c}"),
        ];
        for (text, expected) in table {
            assert_eq!(unescaped(text), expected);
        }
    }
}
