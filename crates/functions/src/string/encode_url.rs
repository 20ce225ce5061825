//! `encodeUrl(expression)`

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const ENCODE_URL: Function = Function {
    name: "encodeUrl",
    summary: "A text percent-encoded: all but ASCII letters, digits and `-._~`.",
    parameters: &[required("expression", Accepts::STRING, "the text")],
    examples: &[
        ("encodeUrl(\"https://a.b/c\")", "\"https%3A%2F%2Fa.b%2Fc\""),
        ("encodeUrl(\"a b+ä\")", "\"a%20b%2B%C3%A4\""),
        ("encodeUrl(\"A-z_0.9~\")", "\"A-z_0.9~\""),
        ("encodeUrl(null)", "null"),
    ],
    body: Body::Row(Row::new(row::string, |values| match values {
        [Value::String(text)] => Value::string(utf8_percent_encode(text, ENCODED).to_string()),
        _ => Value::Null,
    })),
};

/// All but the unreserved characters of RFC 3986.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
