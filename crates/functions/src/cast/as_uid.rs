//! `asUid(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::Value;

pub(super) const AS_UID: Function = Function {
    name: "asUid",
    summary: "The value where it is a uid, else null; nothing is converted.",
    parameters: &[required("value", Accepts::UID, "the value")],
    examples: &[
        ("asUid(uid64(1))", "uid64(1)"),
        ("asUid(if(true, 5, else: false))", "null"),
    ],
    body: Body::Row(Row::new(
        |_| Type::Uid,
        |values| super::only(values, |value| matches!(value, Value::Uid(_))),
    )),
};
