//! Iterative expressions: `array[]` for the elements of an array, `iIndex()` for their places, and the functions that
//! gather what is worked out for each.

use functions::iterative::{Scope, nothing};
use functions::parameter::Arguments;
use functions::{Aggregate, Aggregation, Function, Type, Typed};
use syntax::dql::ast::{Call, Expr};
use syntax::{Code, Diagnostic, Span};

use super::{Reading, call};
use crate::context::Context;

/// Reads an expression that no other encloses. One that iterates gives the array of its results.
pub(super) fn outermost(
    ctx: &mut Context,
    span: Span,
    read: impl FnOnce(&mut Context) -> Option<Typed>,
) -> Option<Typed> {
    let (value, scope) = within(ctx, read);
    let value = value?;
    if scope.iterates() {
        return Some(scope.collect(&value, || ctx.fresh()));
    }
    if scope.indexed() {
        ctx.report(nothing("iIndex", span));
        return None;
    }
    Some(value)
}

/// A call of a function that gathers results.
pub(super) fn over(
    ctx: &mut Context,
    reading: &mut Reading,
    call: &Call,
    function: &Function,
    span: Span,
) -> Option<Typed> {
    let (arguments, scope) = within(ctx, |ctx| {
        call::bind(ctx, reading, call, function.name, function.parameters, span)
    });
    let mut arguments = arguments?;
    if !scope.iterates() {
        ctx.report(nothing(function.name, span));
        return None;
    }
    arguments.replace("expression", |value| scope.collect(value, || ctx.fresh()));
    let made = function.call(&arguments, functions::compare::Truth::Exact);
    ctx.check(made)
}

/// A call of an aggregation whose argument iterates: element by element where it goes so, else over whole arrays.
pub(super) fn aggregation(
    ctx: &mut Context,
    aggregate: &Aggregate,
    mut arguments: Arguments,
    scope: Scope,
) -> Option<Aggregation> {
    let of = aggregate.parameters.first();
    let first = of.map_or("", |parameter| parameter.name);
    let misplaced = arguments
        .iter()
        .find(|(name, argument)| *name != first && scope.reads(&argument.value))
        .map(|(name, argument)| (name, argument.span));
    if let Some((name, span)) = misplaced {
        ctx.report(Diagnostic::error(
            Code::UnsupportedExpression,
            span,
            format!("`[]` can't stand in `{name}` of `{}`", aggregate.name),
        ));
        return None;
    }
    arguments.replace(first, |value| scope.collect(value, || ctx.fresh()));
    let argument = arguments.get(first)?;
    if let Some(aggregation) = functions::elementwise(aggregate.name, &argument.value) {
        return Some(aggregation);
    }
    if of.is_some_and(|of| of.accepts.takes(&argument.value.ty())) {
        let built = (aggregate.build)(&arguments);
        return ctx.check(built);
    }
    ctx.report(
        Diagnostic::error(
            Code::UnsupportedExpression,
            argument.span,
            format!("`{}` does not go element by element", aggregate.name),
        )
        .help(
            "`sum`, `avg`, `min` and `max` do; others take elements that `expand` made records of",
        ),
    );
    None
}

/// `iIndex()`
pub(super) fn index(ctx: &mut Context, span: Span) -> Option<Typed> {
    let parameter = ctx.fresh();
    match ctx.iterations.last_mut() {
        Some(scope) => Some(scope.index(|| parameter)),
        None => {
            ctx.report(nothing("iIndex", span));
            None
        }
    }
}

/// `array[]`
pub(super) fn element(ctx: &mut Context, array: &Typed, expr: &Expr) -> Option<Typed> {
    let ty = array.ty();
    if !matches!(ty, Type::Null | Type::Dynamic | Type::Array(_)) {
        ctx.report(Diagnostic::warning(
            Code::NeverTrue,
            expr.span,
            format!(
                "{} has no elements: what is worked out for each of them is null",
                ty.article()
            ),
        ));
    }
    let parameter = ctx.fresh();
    let element = ctx
        .iterations
        .last_mut()
        .and_then(|scope| scope.element(array, || parameter));
    if element.is_none() {
        ctx.report(
            Diagnostic::error(
                Code::UnsupportedExpression,
                expr.span,
                "the elements of an element can't be gone over in the same expression",
            )
            .help("flatten the array first: arrayFlatten(…)[]"),
        );
    }
    element
}

/// Reads something in an iterative expression of its own.
pub(super) fn within<T>(ctx: &mut Context, read: impl FnOnce(&mut Context) -> T) -> (T, Scope) {
    ctx.iterations.push(Scope::default());
    let value = read(ctx);
    (value, ctx.iterations.pop().unwrap_or_default())
}
