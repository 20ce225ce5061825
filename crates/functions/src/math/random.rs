//! `random()`

use crate::function::{Body, Function};
use crate::typed::Typed;
use crate::types::Type;

pub(super) const RANDOM: Function = Function {
    name: "random",
    summary: "A random double from 0 to less than 1, another one for each record.",
    parameters: &[],
    examples: &[("random() >= 0 and random() < 1", "true")],
    body: Body::Build(|_, _| {
        let random = datafusion::functions::math::expr_fn::random();
        Ok(Typed::known(random, Type::Double))
    }),
};
