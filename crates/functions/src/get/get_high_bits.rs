//! `getHighBits(expression)`

use std::net::IpAddr;

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const GET_HIGH_BITS: Function = Function {
    name: "getHighBits",
    summary: "The upper 64 bits of an address or uid; 0 where it has fewer.",
    parameters: &[required(
        "expression",
        Accepts::IP.or(Accepts::UID),
        "the address or uid",
    )],
    examples: &[
        ("getHighBits(uid128(123, 456))", "123"),
        (
            "getHighBits(ip(\"2001:0db8::8a2e:0370:7334\"))",
            "2306139568115548160",
        ),
        ("getHighBits(ip(\"1.2.3.4\"))", "0"),
    ],
    body: Body::Row(Row::new(row::long, |values| match values {
        [Value::Ip(IpAddr::V4(_))] => Value::Long(0),
        [Value::Ip(IpAddr::V6(ip))] => Value::Long((u128::from(*ip) >> 64) as i64),
        [Value::Uid(uid)] => Value::Long((uid.bits() >> 64) as i64),
        _ => Value::Null,
    })),
};
