//! `getLowBits(expression)`

use std::net::IpAddr;

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const GET_LOW_BITS: Function = Function {
    name: "getLowBits",
    summary: "The lower 64 bits of an address or uid; an address of version 4 with its sign.",
    parameters: &[required(
        "expression",
        Accepts::IP.or(Accepts::UID),
        "the address or uid",
    )],
    examples: &[
        ("getLowBits(uid128(123, 456))", "456"),
        ("getLowBits(ip(\"192.168.0.1\"))", "-1062731775"),
        ("getLowBits(ip(\"::1\"))", "1"),
    ],
    body: Body::Row(Row::new(row::long, |values| match values {
        [Value::Ip(IpAddr::V4(ip))] => Value::Long(i64::from(u32::from(*ip) as i32)),
        [Value::Ip(IpAddr::V6(ip))] => Value::Long(u128::from(*ip) as i64),
        [Value::Uid(uid)] => Value::Long(uid.bits() as i64),
        _ => Value::Null,
    })),
};
