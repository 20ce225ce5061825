//! `lastIndexOf(expression, substring, from?)`

use memchr::memmem;

use super::utf16;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, optional, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const LAST_INDEX_OF: Function = Function {
    name: "lastIndexOf",
    summary: "The last place of a text in another, -1 where it has none.",
    parameters: &[
        required("expression", Accepts::STRING, "the text searched"),
        required("substring", Accepts::STRING, "the text looked for"),
        optional(
            "from",
            Accepts::LONG,
            "the last place that counts, from the end where it is negative; the end unless given",
        ),
    ],
    examples: &[
        ("lastIndexOf(\"Dynatrace Query Language\", \"a\")", "21"),
        (
            "lastIndexOf(\"Dynatrace Query Language\", \"a\", from: 10)",
            "6",
        ),
        ("lastIndexOf(\"banana\", \"an\", from: 3)", "3"),
        ("lastIndexOf(\"banana\", \"an\", from: -4)", "1"),
        ("lastIndexOf(\"🐕b🐕b\", \"b\")", "5"),
        ("lastIndexOf(\"abc\", \"C\")", "-1"),
    ],
    body: Body::Row(Row::new(row::long, |values| match values {
        [
            Value::String(text),
            Value::String(part),
            from @ (Value::Null | Value::Long(_)),
        ] => Value::Long(last_index_of(text, part, from.as_long()).unwrap_or(-1)),
        _ => Value::Null,
    })),
};

fn last_index_of(text: &str, part: &str, from: Option<i64>) -> Option<i64> {
    let end = match from {
        None => text.len(),
        Some(from) => {
            let last = usize::try_from(utf16::place(from, utf16::length(text))).ok()?;
            // A hit may reach behind the last place where it may begin.
            match utf16::byte_at(text, last.saturating_add(1)) {
                None => text.len(),
                Some(behind) => {
                    let before = text.get(..behind)?.char_indices().next_back();
                    text.len().min(before.map_or(0, |(at, _)| at) + part.len())
                }
            }
        }
    };
    let at = memmem::rfind(text.as_bytes().get(..end)?, part.as_bytes())?;
    i64::try_from(utf16::length(text.get(..at)?)).ok()
}
