//! `substring(expression, from?, to?)`

use super::utf16;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, optional, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const SUBSTRING: Function = Function {
    name: "substring",
    summary: "A part of a text. Places count from the end where they are negative; half of a character that counts as two is a question mark.",
    parameters: &[
        required("expression", Accepts::STRING, "the text"),
        optional(
            "from",
            Accepts::LONG,
            "where the part begins, 0 unless given",
        ),
        optional(
            "to",
            Accepts::LONG,
            "the place behind its end, the end of the text unless given",
        ),
    ],
    examples: &[
        (
            "substring(\"DQL is awesome!\", from: 4, to: 9)",
            "\"is aw\"",
        ),
        ("substring(\"DQL is awesome!\", from: -2)", "\"e!\""),
        ("substring(\"abc\", from: -42, to: 42)", "\"abc\""),
        ("substring(\"abc\", from: 2, to: 1)", "\"\""),
        ("substring(\"a🐕\", to: 2)", "\"a?\""),
        ("substring(null, from: 1)", "null"),
    ],
    body: Body::Row(Row::new(row::string, |values| match values {
        [
            Value::String(text),
            from @ (Value::Null | Value::Long(_)),
            to @ (Value::Null | Value::Long(_)),
        ] => {
            let length = utf16::length(text);
            let place = |place: i64| {
                usize::try_from(utf16::place(place, length))
                    .unwrap_or(0)
                    .min(length)
            };
            let (from, to) = (
                from.as_long().map_or(0, place),
                to.as_long().map_or(length, place),
            );
            Value::String(utf16::slice(text, from..to))
        }
        _ => Value::Null,
    })),
};
