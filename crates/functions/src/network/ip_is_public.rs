//! `ipIsPublic(expression)`

use super::address;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const IP_IS_PUBLIC: Function = Function {
    name: "ipIsPublic",
    summary: "Whether an address is neither private nor of the host nor of the link.",
    parameters: &[required(
        "expression",
        Accepts::STRING.or(Accepts::IP),
        "the address, or its text",
    )],
    examples: &[
        ("ipIsPublic(\"1.2.3.4\")", "true"),
        ("ipIsPublic(\"10.0.0.1\")", "false"),
        ("ipIsPublic(\"::1\")", "false"),
        ("ipIsPublic(\"no address\")", "false"),
    ],
    body: Body::Row(Row::new(row::boolean, |values| {
        address::test(values, address::is_public)
    })),
};
