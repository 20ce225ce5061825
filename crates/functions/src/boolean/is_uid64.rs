//! `isUid64(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::{Uid, Value};

pub(super) const IS_UID64: Function = Function {
    name: "isUid64",
    summary: "Whether a uid is one of 64 bits.",
    parameters: &[required("expression", Accepts::UID, "the uid")],
    examples: &[
        ("isUid64(uid64(1))", "true"),
        ("isUid64(uuid(1, 2))", "false"),
        ("isUid64(null)", "null"),
    ],
    body: Body::Row(Row::new(row::boolean, |values| match values {
        [Value::Uid(uid)] => Value::Boolean(matches!(uid, Uid::Uid64(_))),
        _ => Value::Null,
    })),
};
