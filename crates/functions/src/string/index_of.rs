//! `indexOf(expression, substring, from?)`

use memchr::memmem;

use super::utf16;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, optional, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const INDEX_OF: Function = Function {
    name: "indexOf",
    summary: "The first place of a text in another, -1 where it has none.",
    parameters: &[
        required("expression", Accepts::STRING, "the text searched"),
        required("substring", Accepts::STRING, "the text looked for"),
        optional(
            "from",
            Accepts::LONG,
            "where the search begins, from the end where it is negative; 0 unless given",
        ),
    ],
    examples: &[
        ("indexOf(\"Dynatrace Query Language\", \"a\")", "3"),
        (
            "indexOf(\"Dynatrace Query Language\", \"a\", from: 10)",
            "17",
        ),
        ("indexOf(\"abcabc\", \"a\", from: -3)", "3"),
        ("indexOf(\"🐕b\", \"b\")", "2"),
        ("indexOf(\"abc\", \"B\")", "-1"),
        ("indexOf(null, \"a\")", "null"),
    ],
    body: Body::Row(Row::new(row::long, |values| match values {
        [
            Value::String(text),
            Value::String(part),
            from @ (Value::Null | Value::Long(_)),
        ] => {
            let from = from.as_long().unwrap_or(0);
            Value::Long(index_of(text, part, from).unwrap_or(-1))
        }
        _ => Value::Null,
    })),
};

fn index_of(text: &str, part: &str, from: i64) -> Option<i64> {
    let start = match from {
        0 => 0,
        from => {
            let from = utf16::place(from, utf16::length(text));
            utf16::byte_at(text, usize::try_from(from).unwrap_or(0))?
        }
    };
    let at = memmem::find(text.as_bytes().get(start..)?, part.as_bytes())?;
    i64::try_from(utf16::length(text.get(..start + at)?)).ok()
}
