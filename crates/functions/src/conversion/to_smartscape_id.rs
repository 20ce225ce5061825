//! `toSmartscapeId(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const TO_SMARTSCAPE_ID: Function = Function {
    name: "toSmartscapeId",
    summary: "A Smartscape id of a text such as `HOST-000000000000007B`.",
    parameters: &[required(
        "value",
        Accepts::STRING.or(Accepts::SMARTSCAPE).or(Accepts::ARRAY),
        "the value; of an array, its first element",
    )],
    examples: &[
        (
            "toString(toSmartscapeId(\"HOST-000000000000007B\"))",
            "\"HOST-000000000000007B\"",
        ),
        ("toSmartscapeId(\"HOST-7B\")", "null"),
    ],
    body: Body::Row(Row::new(
        |_| Type::Smartscape,
        |values| match super::scalar(values) {
            id @ Value::Smartscape(_) => id,
            Value::String(text) if is_id(&text) => Value::Smartscape(text),
            _ => Value::Null,
        },
    )),
};

/// A type in capitals and underscores, a dash, and 16 hexadecimal digits.
fn is_id(text: &str) -> bool {
    text.rsplit_once('-').is_some_and(|(kind, digits)| {
        let letter = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        !kind.is_empty()
            && kind.bytes().all(letter)
            && digits.len() == 16
            && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}
