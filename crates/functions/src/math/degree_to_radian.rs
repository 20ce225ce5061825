//! `degreeToRadian(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const DEGREE_TO_RADIAN: Function = Function {
    name: "degreeToRadian",
    summary: "Degrees as radians.",
    parameters: &[required("expression", Accepts::NUMBER, "the number")],
    examples: &[("degreeToRadian(180)", "3.141592653589793")],
    body: Body::Row(Row::new(row::double, |values| {
        super::double(values, f64::to_radians)
    })),
};
