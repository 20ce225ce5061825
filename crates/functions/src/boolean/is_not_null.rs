//! `isNotNull(expression)`

use crate::function::Function;
use crate::parameter::{Accepts, required};
use crate::typed::Typed;

pub(super) const IS_NOT_NULL: Function = Function {
    name: "isNotNull",
    summary: "Whether there is a value; never null itself.",
    parameters: &[required("expression", Accepts::Any, "the value tested")],
    examples: &[("isNotNull(null)", "false"), ("isNotNull(false)", "true")],
    build: |arguments, _| {
        Ok(Typed::boolean_of(
            arguments.required("expression")?.value.is_not_null(),
        ))
    },
};
