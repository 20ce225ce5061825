//! `iIndex()`

use super::Iterative;
use crate::function::{Body, Function};

pub(super) const I_INDEX: Function = Function {
    name: "iIndex",
    summary: "The place of the element that an iterative expression is at, counted from 0.",
    parameters: &[],
    examples: &[
        ("iCollectArray(array(7, 8)[] * iIndex())", "array(0, 8)"),
        ("iAny(array(4, 9)[] > 5 and iIndex() == 1)", "true"),
    ],
    body: Body::Iterative(Iterative::Index),
};
