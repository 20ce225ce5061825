//! `ipIsPrivate(expression)`

use super::address;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const IP_IS_PRIVATE: Function = Function {
    name: "ipIsPrivate",
    summary: "Whether an address is of a private network: 10/8, 172.16/12, 192.168/16, fc00::/7.",
    parameters: &[required(
        "expression",
        Accepts::STRING.or(Accepts::IP),
        "the address, or its text",
    )],
    examples: &[
        ("ipIsPrivate(\"172.16.1.1\")", "true"),
        ("ipIsPrivate(\"127.0.0.1\")", "false"),
        ("ipIsPrivate(\"1.2.3.4\")", "false"),
        ("ipIsPrivate(\"fd00::1\")", "true"),
    ],
    body: Body::Row(Row::new(row::boolean, |values| {
        address::test(values, address::is_private)
    })),
};
