//! `asIp(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const AS_IP: Function = Function {
    name: "asIp",
    summary: "The value where it is an IP address, else null; nothing is converted.",
    parameters: &[required("value", Accepts::IP, "the value")],
    examples: &[
        ("asIp(ip(\"1.1.1.1\"))", "ip(\"1.1.1.1\")"),
        ("asIp(if(true, 5, else: false))", "null"),
    ],
    body: Body::Row(Row::new(
        |_| Type::Ip,
        |values| super::only(values, |value| matches!(value, Value::Ip(_))),
    )),
};
