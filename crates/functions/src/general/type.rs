//! `type(expression, withSubtype?)`

use std::net::IpAddr;

use crate::function::{Body, Function};
use crate::parameter::{Accepts, optional, required};
use crate::row::{self, Row};
use crate::value::{Uid, Value};

pub(super) const TYPE: Function = Function {
    name: "type",
    summary: "The name of a value's type; null has none.",
    parameters: &[
        required("expression", Accepts::ANY, "the value"),
        optional(
            "withSubtype",
            Accepts::BOOLEAN,
            "whether the kind of an IP address or uid is named too; false unless given",
        ),
    ],
    examples: &[
        ("type(3)", "\"long\""),
        ("type(3.0)", "\"double\""),
        ("type(record(a = 1))", "\"record\""),
        ("type(5m, withSubtype: true)", "\"duration\""),
        ("type(null)", "null"),
    ],
    body: Body::Row(Row::new(row::string, |values| match values {
        [value, with_subtype] => {
            let subtype = match value {
                _ if with_subtype.as_bool() != Some(true) => None,
                Value::Ip(IpAddr::V4(_)) => Some("ip/ipv4"),
                Value::Ip(IpAddr::V6(_)) => Some("ip/ipv6"),
                Value::Uid(Uid::Uid64(_)) => Some("uid/uid64"),
                Value::Uid(Uid::Uid128(_)) => Some("uid/uid128"),
                Value::Uid(Uid::Uuid(_)) => Some("uid/uuid"),
                _ => None,
            };
            Value::or_null(subtype.or_else(|| value.type_name()), Value::string)
        }
        _ => Value::Null,
    })),
};
