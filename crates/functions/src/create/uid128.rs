//! `uid128(firstExpression, secondExpression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::{Uid, Value};

pub(super) const UID128: Function = Function {
    name: "uid128",
    summary: "A uid of 128 bits.",
    parameters: &[
        required("firstExpression", Accepts::LONG, "the high 64 bits"),
        required("secondExpression", Accepts::LONG, "the low 64 bits"),
    ],
    examples: &[
        (
            "toString(uid128(123, 456))",
            "\"000000000000007b00000000000001c8\"",
        ),
        ("uid128(null, 1)", "null"),
    ],
    body: Body::Row(Row::new(
        |_| Type::Uid,
        |values| match values {
            [Value::Long(high), Value::Long(low)] => {
                let bits = u128::from(*high as u64) << 64 | u128::from(*low as u64);
                Value::Uid(Uid::Uid128(bits))
            }
            _ => Value::Null,
        },
    )),
};
