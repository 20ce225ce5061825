//! `ipIsLoopback(expression)`

use super::address;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const IP_IS_LOOPBACK: Function = Function {
    name: "ipIsLoopback",
    summary: "Whether an address is of the host itself: 127/8, ::1.",
    parameters: &[required(
        "expression",
        Accepts::STRING.or(Accepts::IP),
        "the address, or its text",
    )],
    examples: &[
        ("ipIsLoopback(\"::1\")", "true"),
        ("ipIsLoopback(\"10.0.0.1\")", "false"),
    ],
    body: Body::Row(Row::new(row::boolean, |values| {
        address::test(values, |ip| ip.is_loopback())
    })),
};
