//! `uid64(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::{Uid, Value};

pub(super) const UID64: Function = Function {
    name: "uid64",
    summary: "A uid of 64 bits.",
    parameters: &[required("expression", Accepts::LONG, "the bits")],
    examples: &[("toString(uid64(123))", "\"000000000000007b\"")],
    body: Body::Row(Row::new(
        |_| Type::Uid,
        |values| match values {
            [Value::Long(bits)] => Value::Uid(Uid::Uid64(*bits as u64)),
            _ => Value::Null,
        },
    )),
};
