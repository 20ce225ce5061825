//! `isIp(expression)`

use super::address;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const IS_IP: Function = Function {
    name: "isIp",
    summary: "Whether a value is an IP address, or a text that is one.",
    parameters: &[required(
        "expression",
        Accepts::STRING.or(Accepts::IP),
        "the address, or its text",
    )],
    examples: &[
        ("isIp(\"127.0.0.1\")", "true"),
        ("isIp(\"127.0.0.\")", "false"),
        ("isIp(\"ec2.amazonaws.com\")", "false"),
        ("isIp(ip(\"::1\"))", "true"),
    ],
    body: Body::Row(Row::new(row::boolean, |values| {
        address::test(values, |_| true)
    })),
};
