//! `hypotenuse(x, y)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const HYPOTENUSE: Function = Function {
    name: "hypotenuse",
    summary: "The square root of `x² + y²`.",
    parameters: &[
        required("x", Accepts::NUMBER, "one leg"),
        required("y", Accepts::NUMBER, "the other leg"),
    ],
    examples: &[("hypotenuse(3, 4)", "5.0"), ("hypotenuse(null, 4)", "null")],
    body: Body::Row(Row::new(row::double, |values| {
        super::double2(values, f64::hypot)
    })),
};
