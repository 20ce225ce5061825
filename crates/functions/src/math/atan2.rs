//! `atan2(ordinate, abscissa)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const ATAN2: Function = Function {
    name: "atan2",
    summary: "The angle of the point with these coordinates, -π to π.",
    parameters: &[
        required("ordinate", Accepts::NUMBER, "the coordinate y"),
        required("abscissa", Accepts::NUMBER, "the coordinate x"),
    ],
    examples: &[
        ("atan2(1, 1)", "0.7853981633974483"),
        ("atan2(0, 1)", "0.0"),
    ],
    body: Body::Row(Row::new(row::double, |values| {
        super::double2(values, f64::atan2)
    })),
};
