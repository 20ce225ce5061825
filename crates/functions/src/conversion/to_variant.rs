//! `toVariant(value)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};

pub(super) const TO_VARIANT: Function = Function {
    name: "toVariant",
    summary: "The value itself; deprecated.",
    parameters: &[required("value", Accepts::ANY, "the value")],
    examples: &[("toVariant(3)", "3")],
    body: Body::Row(Row::new(row::first, |values| {
        values.first().cloned().unwrap_or_default()
    })),
};
