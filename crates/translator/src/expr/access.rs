//! `value[key]`, `value[3]`: into records, arrays and timeframes.

use functions::compare::Truth;
use functions::{Step, Type, Typed};
use syntax::dql::ast::{Accessor, Expr};
use syntax::{Code, Diagnostic};

use super::{Reading, iterate, read};
use crate::context::Context;

pub(super) fn access(
    ctx: &mut Context,
    reading: &mut Reading,
    base: &Expr,
    accessor: &Accessor,
    expr: &Expr,
) -> Option<Typed> {
    let value = read(ctx, reading, base, Truth::Exact)?;
    step_into(ctx, value, accessor, expr)
}

/// What is one step inside of a value; `expr` is the whole access.
pub(super) fn step_into(
    ctx: &mut Context,
    value: Typed,
    accessor: &Accessor,
    expr: &Expr,
) -> Option<Typed> {
    let step = match accessor {
        Accessor::Key(name) => Step::Key(name.text.clone()),
        Accessor::Index(index) => Step::Index(*index),
        Accessor::Each => return iterate::element(ctx, &value, expr),
    };
    if value.ty() == Type::Null {
        return Some(Typed::null());
    }
    match value.step(step) {
        Some(value) => Some(value),
        // A key of a value that is no record, and an element of what is no array, are null.
        None => {
            ctx.report(Diagnostic::warning(
                Code::NeverTrue,
                expr.span,
                format!(
                    "{} has nothing inside: this is always null",
                    value.ty().article()
                ),
            ));
            Some(Typed::null())
        }
    }
}
