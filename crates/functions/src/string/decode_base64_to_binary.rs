//! `decodeBase64ToBinary(expression)`

use super::bytes;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;

pub(super) const DECODE_BASE64_TO_BINARY: Function = Function {
    name: "decodeBase64ToBinary",
    summary: "The bytes that Base64 text stands for; null where it is none.",
    parameters: &[required(
        "expression",
        Accepts::STRING.or(Accepts::BINARY),
        "the Base64 text",
    )],
    examples: &[
        ("encodeBase16(decodeBase64ToBinary(\"RFFM\"))", "\"44514c\""),
        ("decodeBase64ToBinary(\"R?\")", "null"),
        ("type(decodeBase64ToBinary(\"/w==\"))", "\"binary\""),
    ],
    body: Body::Row(Row::new(
        |_| Type::Binary,
        |values| bytes::decoded(values, bytes::from_base64),
    )),
};
