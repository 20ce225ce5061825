//! `uuid(mostSignificantBits, leastSignificantBits)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::Row;
use crate::types::Type;
use crate::value::{Uid, Value};

pub(super) const UUID: Function = Function {
    name: "uuid",
    summary: "A uid of 128 bits, written with dashes.",
    parameters: &[
        required("mostSignificantBits", Accepts::LONG, "the high 64 bits"),
        required("leastSignificantBits", Accepts::LONG, "the low 64 bits"),
    ],
    examples: &[
        (
            "toString(uuid(123, 456))",
            "\"00000000-0000-007b-0000-0000000001c8\"",
        ),
        ("uuid(null, 1)", "null"),
    ],
    body: Body::Row(Row::new(
        |_| Type::Uid,
        |values| match values {
            [Value::Long(high), Value::Long(low)] => {
                let bits = u128::from(*high as u64) << 64 | u128::from(*low as u64);
                Value::Uid(Uid::Uuid(bits))
            }
            _ => Value::Null,
        },
    )),
};
