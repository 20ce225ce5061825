//! `ip(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const IP: Function = Function {
    name: "ip",
    summary: "The IP address of a text, version 4 or 6; null where it is none.",
    parameters: &[required(
        "expression",
        Accepts::STRING.or(Accepts::IP),
        "the text",
    )],
    examples: &[
        ("toString(ip(\"127.0.0.1\"))", "\"127.0.0.1\""),
        ("ip(\"317.0.0.1\")", "null"),
        ("type(ip(\"::1\"))", "\"ip\""),
    ],
    body: Body::Row(Row::new(
        |_| Type::Ip,
        |values| match values {
            [ip @ Value::Ip(_)] => ip.clone(),
            [Value::String(text)] => Value::or_null(text.parse().ok(), Value::Ip),
            _ => Value::Null,
        },
    )),
};
