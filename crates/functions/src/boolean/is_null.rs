//! `isNull(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::typed::Typed;

pub(super) const IS_NULL: Function = Function {
    name: "isNull",
    summary: "Whether a value is null or its field is missing; never null itself.",
    parameters: &[required("expression", Accepts::ANY, "the value tested")],
    examples: &[("isNull(null)", "true"), ("isNull(\"\")", "false")],
    body: Body::Build(|arguments, _| {
        Ok(Typed::boolean_of(
            !arguments.required("expression")?.value.is_not_null(),
        ))
    }),
};
