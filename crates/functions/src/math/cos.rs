//! `cos(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const COS: Function = Function {
    name: "cos",
    summary: "The cosine of an angle in radians.",
    parameters: &[required("expression", Accepts::NUMBER, "the number")],
    examples: &[("cos(0)", "1.0")],
    body: Body::Row(Row::new(row::double, |values| {
        super::double(values, f64::cos)
    })),
};
