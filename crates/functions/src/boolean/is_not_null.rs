//! `isNotNull(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::typed::Typed;

pub(super) const IS_NOT_NULL: Function = Function {
    name: "isNotNull",
    summary: "Whether there is a value; never null itself.",
    parameters: &[required("expression", Accepts::ANY, "the value tested")],
    examples: &[("isNotNull(null)", "false"), ("isNotNull(false)", "true")],
    body: Body::Build(|arguments, _| {
        Ok(Typed::boolean_of(
            arguments.required("expression")?.value.is_not_null(),
        ))
    }),
};
