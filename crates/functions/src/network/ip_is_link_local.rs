//! `ipIsLinkLocal(expression)`

use super::address;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const IP_IS_LINK_LOCAL: Function = Function {
    name: "ipIsLinkLocal",
    summary: "Whether an address is of the link: 169.254/16, fe80::/10.",
    parameters: &[required(
        "expression",
        Accepts::STRING.or(Accepts::IP),
        "the address, or its text",
    )],
    examples: &[
        ("ipIsLinkLocal(\"169.254.169.254\")", "true"),
        ("ipIsLinkLocal(\"169.255.0.0\")", "false"),
        ("ipIsLinkLocal(\"fe80::1\")", "true"),
    ],
    body: Body::Row(Row::new(row::boolean, |values| {
        address::test(values, address::is_link_local)
    })),
};
