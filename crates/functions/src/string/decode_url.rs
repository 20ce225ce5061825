//! `decodeUrl(expression)`

use percent_encoding::percent_decode_str;

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const DECODE_URL: Function = Function {
    name: "decodeUrl",
    summary: "A text with its percent-encoding undone; null where a percent sign begins no escape, or the bytes are no text.",
    parameters: &[required("expression", Accepts::STRING, "the text")],
    examples: &[
        ("decodeUrl(\"https%3A%2F%2Fa.b\")", "\"https://a.b\""),
        ("decodeUrl(\"a+b%20c%c3%a4\")", "\"a+b cä\""),
        ("decodeUrl(\"100%\")", "null"),
        ("decodeUrl(\"%ff\")", "null"),
    ],
    body: Body::Row(Row::new(row::string, |values| match values {
        [Value::String(text)] => Value::or_null(decoded(text), Value::string),
        _ => Value::Null,
    })),
};

fn decoded(text: &str) -> Option<String> {
    // The decoder leaves a broken escape as it is.
    let broken = text.split('%').skip(1).any(|behind| {
        let digits = behind.as_bytes().get(..2).unwrap_or_default();
        digits.len() < 2 || !digits.iter().all(u8::is_ascii_hexdigit)
    });
    if broken {
        return None;
    }
    let decoded = percent_decode_str(text).decode_utf8().ok()?;
    Some(decoded.into_owned())
}
