//! `iCollectArray(expression)`

use super::Iterative;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};

pub(super) const I_COLLECT_ARRAY: Function = Function {
    name: "iCollectArray",
    summary: "The array of what an expression gives for each element; it is put around an expression with `[]` that stands in no other of these functions.",
    parameters: &[required(
        "expression",
        Accepts::ANY,
        "what is worked out for each element of the arrays in it that are marked `[]`",
    )],
    examples: &[
        (
            "iCollectArray(array(1, 2)[] + array(10, 20)[])",
            "array(11, 22)",
        ),
        (
            "iCollectArray(upper(array(\"a\", null)[]))",
            "array(\"A\", null)",
        ),
        ("arraySum(iCollectArray(array(1, 2)[] * 2))", "6.0"),
        ("iCollectArray(array(1, 2)[] + array(1)[])", "null"),
        (
            "iCollectArray(array(1, 2)[] * if(false, array(1))[])",
            "null",
        ),
    ],
    body: Body::Iterative(Iterative::Over(Clone::clone)),
};
