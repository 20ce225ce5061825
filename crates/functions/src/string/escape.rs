//! `escape(expression)`

use std::fmt::Write;

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const ESCAPE: Function = Function {
    name: "escape",
    summary: "A text with a backslash before quotes and backslashes, and an escape for what is no printable ASCII character.",
    parameters: &[required("expression", Accepts::STRING, "the text")],
    examples: &[
        ("escape(\"a\\\"b\")", "\"a\\\\\\\"b\""),
        ("escape(\"ö\")", "\"\\\\u00f6\""),
        ("escape(\"🐕\")", "\"\\\\ud83d\\\\udc15\""),
        ("escape(\"\\n'`\")", "\"\\\\n\\\\'`\""),
        ("escape(null)", "null"),
    ],
    body: Body::Row(Row::new(row::string, |values| match values {
        [Value::String(text)] => Value::string(escaped(text)),
        _ => Value::Null,
    })),
};

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        // Writing to a text does not fail.
        let _ = match character {
            '"' | '\'' | '\\' => write!(out, "\\{character}"),
            '\u{8}' => write!(out, "\\b"),
            '\u{c}' => write!(out, "\\f"),
            '\n' => write!(out, "\\n"),
            '\r' => write!(out, "\\r"),
            '\t' => write!(out, "\\t"),
            '\0'..'\u{20}' | '\u{7f}' => write!(out, "\\x{:02x}", u32::from(character)),
            ' '..='~' => write!(out, "{character}"),
            other => other
                .encode_utf16(&mut [0; 2])
                .iter()
                .try_for_each(|unit| write!(out, "\\u{unit:04x}")),
        };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn controls_have_escapes() {
        assert_eq!(
            escaped("\u{b}\0\u{7f}\u{8}\u{c}\r\t~ "),
            "\\x0b\\x00\\x7f\\b\\f\\r\\t~ "
        );
    }
}
