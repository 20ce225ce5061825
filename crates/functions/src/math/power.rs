//! `power(base, exponent)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const POWER: Function = Function {
    name: "power",
    summary: "A number to the power of another.",
    parameters: &[
        required("base", Accepts::NUMBER, "the base"),
        required("exponent", Accepts::NUMBER, "the exponent"),
    ],
    examples: &[
        ("power(2, 4)", "16.0"),
        ("power(-8, 0.5)", "null"),
        ("power(0, -1)", "null"),
    ],
    body: Body::Row(Row::new(row::double, |values| {
        super::double2(values, f64::powf)
    })),
};
