//! `toIp(value)`

use std::net::{IpAddr, Ipv4Addr};

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const TO_IP: Function = Function {
    name: "toIp",
    summary: "An IP address: of a text the address that it is, of a number that of version 4 with these 32 bits.",
    parameters: &[required(
        "value",
        Accepts::NUMBER
            .or(Accepts::STRING)
            .or(Accepts::IP)
            .or(Accepts::ARRAY),
        "the value; of an array, its first element",
    )],
    examples: &[
        ("toIp(\"10.0.0.1\")", "ip(\"10.0.0.1\")"),
        ("toIp(\"300.0.0.1\")", "null"),
        ("toIp(1234567890)", "ip(\"73.150.2.210\")"),
        ("toIp(-1)", "null"),
        ("toString(toIp(\"2001:DB8::1\"))", "\"2001:0db8::0001\""),
    ],
    body: Body::Row(Row::new(
        |_| Type::Ip,
        |values| {
            let number = |long: i64| {
                u32::try_from(long)
                    .ok()
                    .map(|bits| IpAddr::from(Ipv4Addr::from(bits)))
            };
            let ip = match super::scalar(values) {
                Value::Ip(ip) => Some(ip),
                Value::String(text) => text.parse().ok(),
                Value::Long(long) => number(long),
                Value::Double(double) => super::whole(double).and_then(number),
                _ => None,
            };
            Value::or_null(ip, Value::Ip)
        },
    )),
};
