//! `toUid(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::{Uid, Value};

pub(super) const TO_UID: Function = Function {
    name: "toUid",
    summary: "A uid: of a number, or a text of 16 hexadecimal digits, one of 64 bits; of a text of 32 digits one of 128 bits; of a text with dashes a UUID.",
    parameters: &[required(
        "value",
        Accepts::NUMBER
            .or(Accepts::STRING)
            .or(Accepts::UID)
            .or(Accepts::ARRAY),
        "the value; of an array, its first element",
    )],
    examples: &[
        ("toString(toUid(123))", "\"000000000000007b\""),
        (
            "toString(toUid(\"0000007b-0000-0000-0000-0000000001c8\"))",
            "\"0000007b-0000-0000-0000-0000000001c8\"",
        ),
        ("toUid(\"xyz\")", "null"),
    ],
    body: Body::Row(Row::new(
        |_| Type::Uid,
        |values| {
            let uid = match super::scalar(values) {
                Value::Uid(uid) => Some(uid),
                Value::Long(long) => Some(Uid::Uid64(long as u64)),
                Value::Double(double) => super::whole(double).map(|long| Uid::Uid64(long as u64)),
                Value::String(text) => parsed(&text),
                _ => None,
            };
            Value::or_null(uid, Value::Uid)
        },
    )),
};

fn parsed(text: &str) -> Option<Uid> {
    let hex = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let wide = |digits: &str| u128::from_str_radix(digits, 16).ok();
    match text.len() {
        16 if hex(text) => u64::from_str_radix(text, 16).ok().map(Uid::Uid64),
        32 if hex(text) => wide(text).map(Uid::Uid128),
        36 => {
            let parts: Vec<&str> = text.split('-').collect();
            let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
            let digits = parts.concat();
            (lengths == [8, 4, 4, 4, 12] && hex(&digits))
                .then(|| wide(&digits))
                .flatten()
                .map(Uid::Uuid)
        }
        _ => None,
    }
}
