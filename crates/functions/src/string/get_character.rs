//! `getCharacter(expression, position)`

use super::utf16;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const GET_CHARACTER: Function = Function {
    name: "getCharacter",
    summary: "The character at a place, from the end where that is negative; null where there is none. Half of one that counts as two is a question mark.",
    parameters: &[
        required("expression", Accepts::STRING, "the text"),
        required("position", Accepts::LONG, "the place, from 0"),
    ],
    examples: &[
        ("getCharacter(\"DQL is awesome!\", 1)", "\"Q\""),
        ("getCharacter(\"DQL is awesome!\", -1)", "\"!\""),
        ("getCharacter(\"DQL\", 3)", "null"),
        ("getCharacter(\"DQL\", -4)", "null"),
        ("getCharacter(\"🐕b\", 2)", "\"b\""),
    ],
    body: Body::Row(Row::new(row::string, |values| match values {
        [Value::String(text), Value::Long(position)] => {
            let length = utf16::length(text);
            let place = usize::try_from(utf16::place(*position, length)).ok();
            Value::or_null(place.filter(|place| *place < length), |place| {
                Value::String(utf16::slice(text, place..place + 1))
            })
        }
        _ => Value::Null,
    })),
};
