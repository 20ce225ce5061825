//! `iAny(expression)`

use super::Iterative;
use crate::array::{Kernel, Reduction};
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const I_ANY: Function = Function {
    name: "iAny",
    summary: "Whether a condition is true for an element; null where it is null for all of them.",
    parameters: &[required(
        "expression",
        Accepts::BOOLEAN,
        "the condition, with `[]` behind the arrays whose elements it is asked of",
    )],
    examples: &[
        ("iAny(array(1, 2, 3)[] > 2)", "true"),
        ("iAny(array(1, 2, 3)[] > 5)", "false"),
        ("iAny(array(\"x\", null)[] == \"a\")", "false"),
        ("iAny(array(null, null)[] == \"x\")", "null"),
        ("iAny(array()[] == 1)", "false"),
        ("not iAny(not array(1, 2)[] > 0)", "true"),
    ],
    body: Body::Iterative(Iterative::Over(|results| REDUCTION.over(results))),
};

pub(super) const REDUCTION: Reduction = Reduction {
    name: "iAny",
    row: Row::new(row::boolean, any),
    kernel: Kernel::Any,
};

fn any<'a>(values: &[Value<'a>]) -> Value<'a> {
    let [Value::Array(results)] = values else {
        return Value::Null;
    };
    if results.iter().any(|result| result.as_bool() == Some(true)) {
        return Value::Boolean(true);
    }
    if !results.is_empty() && results.iter().all(Value::is_null) {
        return Value::Null;
    }
    Value::Boolean(false)
}
