//! `isIpV4(expression)`

use super::address;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const IS_IP_V4: Function = Function {
    name: "isIpV4",
    summary: "Whether a value is an IP address of version 4, or a text that is one.",
    parameters: &[required(
        "expression",
        Accepts::STRING.or(Accepts::IP),
        "the address, or its text",
    )],
    examples: &[
        ("isIpV4(\"127.0.0.1\")", "true"),
        ("isIpV4(\"::1\")", "false"),
    ],
    body: Body::Row(Row::new(row::boolean, |values| {
        address::test(values, |ip| ip.is_ipv4())
    })),
};
