//! `ipMask(expression, maskBits, ipv6MaskBits:?)`

use std::net::IpAddr;

use super::address;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, optional, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const IP_MASK: Function = Function {
    name: "ipMask",
    summary: "An address with all bits but the first ones cleared.",
    parameters: &[
        required(
            "expression",
            Accepts::STRING.or(Accepts::IP),
            "the address, or its text",
        ),
        required("maskBits", Accepts::LONG, "how many bits are kept").within(0, i64::MAX),
        optional(
            "ipv6MaskBits",
            Accepts::LONG,
            "how many are kept of addresses of version 6; `maskBits` unless given",
        )
        .within(0, i64::MAX),
    ],
    examples: &[
        ("ipMask(\"127.1.2.3\", 8)", "ip(\"127.0.0.0\")"),
        (
            "ipMask(\"2001:db8::7334\", 16, ipv6MaskBits: 32)",
            "ip(\"2001:db8::\")",
        ),
        ("ipMask(\"127.1.2.3\", 40)", "ip(\"127.1.2.3\")"),
        ("ipMask(\"x\", 8)", "null"),
    ],
    body: Body::Row(Row::new(
        |_| Type::Ip,
        |values| match values {
            [value, Value::Long(bits), wide] => {
                let bits = |ip: &IpAddr| match (ip, wide) {
                    (IpAddr::V6(_), Value::Long(wide)) => *wide,
                    _ => *bits,
                };
                let masked = address::of(value)
                    .and_then(|ip| Some(address::masked(ip, u32::try_from(bits(&ip)).ok()?)));
                Value::or_null(masked, Value::Ip)
            }
            _ => Value::Null,
        },
    )),
};
