//! `isUid128(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::{Uid, Value};

pub(super) const IS_UID128: Function = Function {
    name: "isUid128",
    summary: "Whether a uid is one of 128 bits, and no UUID.",
    parameters: &[required("expression", Accepts::UID, "the uid")],
    examples: &[
        ("isUid128(uid128(1, 2))", "true"),
        ("isUid128(uuid(1, 2))", "false"),
        ("isUid128(null)", "null"),
    ],
    body: Body::Row(Row::new(row::boolean, |values| match values {
        [Value::Uid(uid)] => Value::Boolean(matches!(uid, Uid::Uid128(_))),
        _ => Value::Null,
    })),
};
