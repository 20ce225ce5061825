//! `punctuation(expression, count?, withSpace?)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, optional, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const PUNCTUATION: Function = Function {
    name: "punctuation",
    summary: "A text's punctuation alone, in ASCII.",
    parameters: &[
        required("expression", Accepts::STRING, "the text"),
        optional(
            "count",
            Accepts::LONG,
            "how many characters at most, 32 unless given",
        )
        .constant()
        .within(0, i64::MAX),
        optional(
            "withSpace",
            Accepts::BOOLEAN,
            "whether a space counts too, as `_`; false unless given",
        )
        .constant(),
    ],
    examples: &[
        ("punctuation(\"DQL is awesome!\")", "\"!\""),
        (
            "punctuation(\"DQL is awesome!\", count: 2, withSpace: true)",
            "\"__\"",
        ),
        ("punctuation(\"${placeholder}\")", "\"${}\""),
        ("punctuation(\"a, b; c.\", count: 0)", "\"\""),
        ("punctuation(\"«a» b_c\", withSpace: true)", "\"__\""),
        ("punctuation(null)", "null"),
    ],
    body: Body::Row(Row::new(row::string, |values| match values {
        [Value::String(text), count, spaces] => {
            let count = usize::try_from(count.as_long().unwrap_or(32)).unwrap_or(usize::MAX);
            let spaces = spaces.as_bool().unwrap_or(false);
            let kept = text.chars().filter_map(|character| match character {
                ' ' if spaces => Some('_'),
                other => other.is_ascii_punctuation().then_some(other),
            });
            Value::string(kept.take(count).collect::<String>())
        }
        _ => Value::Null,
    })),
};
