//! `levenshteinDistance(firstExpression, secondExpression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const LEVENSHTEIN_DISTANCE: Function = Function {
    name: "levenshteinDistance",
    summary: "How many characters have to be inserted, deleted or changed to make one text of another.",
    parameters: &[
        required("firstExpression", Accepts::STRING, "one text"),
        required("secondExpression", Accepts::STRING, "the other"),
    ],
    examples: &[
        ("levenshteinDistance(\"kitten\", \"sitting\")", "3"),
        (
            "levenshteinDistance(\"DQL is awesome!\", \"Grail is awesome!\")",
            "5",
        ),
        ("levenshteinDistance(\"a\", \"A\")", "1"),
        ("levenshteinDistance(\"\", \"abc\")", "3"),
        ("levenshteinDistance(\"ä\", \"a\")", "1"),
        ("levenshteinDistance(\"a\", null)", "null"),
    ],
    body: Body::Row(Row::new(row::long, |values| match values {
        [Value::String(a), Value::String(b)] => {
            // Counted in code units, as lengths and places are.
            let units = |text: &str| text.encode_utf16().collect::<Vec<u16>>();
            let distance = strsim::generic_levenshtein(&units(a), &units(b));
            Value::or_null(i64::try_from(distance).ok(), Value::Long)
        }
        _ => Value::Null,
    })),
};
