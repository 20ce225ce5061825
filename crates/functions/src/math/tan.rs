//! `tan(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const TAN: Function = Function {
    name: "tan",
    summary: "The tangent of an angle in radians.",
    parameters: &[required("expression", Accepts::NUMBER, "the number")],
    examples: &[("tan(0)", "0.0")],
    body: Body::Row(Row::new(row::double, |values| {
        super::double(values, f64::tan)
    })),
};
