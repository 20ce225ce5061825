//! `ipIn(needle, haystack…)`

use super::address::{self, Network};
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required, variadic};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const IP_IN: Function = Function {
    name: "ipIn",
    summary: "Whether an address is one of others, or in one of their networks such as `10.0.0.0/8`; arrays stand for their elements.",
    parameters: &[
        required(
            "needle",
            Accepts::STRING.or(Accepts::IP).or(Accepts::ARRAY),
            "the address looked for, or a network",
        ),
        variadic(
            "haystack",
            Accepts::STRING.or(Accepts::IP).or(Accepts::ARRAY),
            "addresses and networks",
        ),
    ],
    examples: &[
        ("ipIn(\"127.0.0.1\", \"127.0.0.1/8\")", "true"),
        (
            "ipIn(array(\"127.0.0.1\", \"10.0.0.1\"), \"127.0.0.1\")",
            "true",
        ),
        ("ipIn(\"127.0.0.1/8\", \"127.0.0.1\")", "false"),
        ("ipIn(\"10.1.0.0/16\", \"10.0.0.0/8\")", "true"),
        ("ipIn(\"no address\", \"0.0.0.0/0\")", "false"),
        ("ipIn(\"::1\", \"0.0.0.0/0\", \"::/0\")", "true"),
    ],
    body: Body::Row(Row::new(row::boolean, |values| {
        let Some((needle, haystack)) = values.split_first() else {
            return Value::Null;
        };
        if needle.is_null() {
            return Value::Null;
        }
        let haystack: Vec<Network> = haystack.iter().flat_map(address::networks).collect();
        let inside = |needle: Network| haystack.iter().any(|network| network.holds(needle));
        Value::Boolean(address::networks(needle).into_iter().any(inside))
    })),
};
