//! `isUuid(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::{Uid, Value};

pub(super) const IS_UUID: Function = Function {
    name: "isUuid",
    summary: "Whether a uid is one that is a UUID.",
    parameters: &[required("expression", Accepts::UID, "the uid")],
    examples: &[
        ("isUuid(uuid(1, 2))", "true"),
        ("isUuid(uid128(1, 2))", "false"),
        ("isUuid(null)", "null"),
    ],
    body: Body::Row(Row::new(row::boolean, |values| match values {
        [Value::Uid(uid)] => Value::Boolean(matches!(uid, Uid::Uuid(_))),
        _ => Value::Null,
    })),
};
