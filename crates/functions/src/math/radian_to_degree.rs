//! `radianToDegree(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const RADIAN_TO_DEGREE: Function = Function {
    name: "radianToDegree",
    summary: "Radians as degrees.",
    parameters: &[required("expression", Accepts::NUMBER, "the number")],
    examples: &[("radianToDegree(pi())", "180.0")],
    body: Body::Row(Row::new(row::double, |values| {
        super::double(values, f64::to_degrees)
    })),
};
