//! What the encodings and hashes take and give: bytes, and the texts that they are.

use std::borrow::Cow;

use crate::value::Value;

/// The bytes of a binary value, or of a text in UTF-8.
pub(crate) fn of<'v>(value: &'v Value<'_>) -> Option<&'v [u8]> {
    match value {
        Value::String(text) => Some(text.as_bytes()),
        Value::Binary(bytes) => Some(bytes),
        _ => None,
    }
}

/// The text that is made of the bytes of the first value; null where it has none.
pub(crate) fn text<'a>(values: &[Value<'a>], make: impl FnOnce(&[u8]) -> String) -> Value<'a> {
    Value::or_null(values.first().and_then(of), |bytes| {
        Value::string(make(bytes))
    })
}

/// The bytes that the bytes of the first value stand for, where they stand for any.
pub(super) fn decoded<'a>(values: &[Value<'a>], decode: fn(&[u8]) -> Option<Vec<u8>>) -> Value<'a> {
    let bytes = values.first().and_then(of).and_then(decode);
    Value::or_null(bytes, |bytes| Value::Binary(Cow::Owned(bytes)))
}

/// The same as text, where they are one.
pub(super) fn decoded_text<'a>(
    values: &[Value<'a>],
    decode: fn(&[u8]) -> Option<Vec<u8>>,
) -> Value<'a> {
    let bytes = values.first().and_then(of).and_then(decode);
    Value::or_null(
        bytes.and_then(|bytes| String::from_utf8(bytes).ok()),
        Value::string,
    )
}

/// Hexadecimal digits, small ones.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let digits = b"0123456789abcdef";
    let digit = |value: u8| char::from(digits[usize::from(value)]);
    let pairs = bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    pairs.collect()
}

/// The bytes of hexadecimal digits, capital or small.
pub(super) fn from_hexadecimal(digits: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pairs = digits.chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
        _ => None,
    });
    pairs.collect()
}

/// The bytes of Base64 text, with or without its padding.
pub(super) fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
    use base64::Engine;
    use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
    const ENGINE: GeneralPurpose = GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    ENGINE.decode(text).ok()
}
