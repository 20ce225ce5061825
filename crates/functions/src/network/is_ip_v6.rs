//! `isIpV6(expression)`

use super::address;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const IS_IP_V6: Function = Function {
    name: "isIpV6",
    summary: "Whether a value is an IP address of version 6, or a text that is one.",
    parameters: &[required(
        "expression",
        Accepts::STRING.or(Accepts::IP),
        "the address, or its text",
    )],
    examples: &[
        ("isIpV6(\"::1\")", "true"),
        ("isIpV6(\"127.0.0.1\")", "false"),
    ],
    body: Body::Row(Row::new(row::boolean, |values| {
        address::test(values, |ip| ip.is_ipv6())
    })),
};
