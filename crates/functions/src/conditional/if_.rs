//! `if(condition, then, else:?)`

use crate::document::{either, only};
use crate::function::{Body, Function};
use crate::parameter::{Accepts, optional, required};
use crate::typed::Typed;

pub(super) const IF: Function = Function {
    name: "if",
    summary: "One value where a condition is true; another, or null, where it is false or null.",
    parameters: &[
        required("condition", Accepts::BOOLEAN, "the condition"),
        required("then", Accepts::ANY, "the value where it is true"),
        optional(
            "else",
            Accepts::ANY,
            "the value where it is not; null unless given",
        ),
    ],
    examples: &[
        ("if(20 < 15, \"s\", else: \"l\")", "\"l\""),
        ("if(10 < 15, \"s\")", "\"s\""),
        ("isNull(if(20 < 15, \"s\"))", "true"),
    ],
    body: Body::Build(|arguments, _| {
        let Some(condition) = arguments.required("condition")?.value.boolean() else {
            return Ok(arguments
                .get("else")
                .map_or_else(Typed::null, |no| no.value.clone()));
        };
        let then = arguments.required("then")?;
        let (expr, ty) = match arguments.get("else") {
            None => {
                let (mut exprs, ty) = super::unified(&[then]);
                (only(condition, exprs.swap_remove(0)), ty)
            }
            Some(no) => {
                let (mut exprs, ty) = super::unified(&[then, no]);
                let (no, then) = (exprs.swap_remove(1), exprs.swap_remove(0));
                (either(condition, then, no), ty)
            }
        };
        Ok(Typed::of(expr, ty))
    }),
};
