//! Which buckets a time series has: what `interval:`, `bins:`, `from:`, `to:`, `timeframe:` and `nonempty:` ask for.

use syntax::dql::ast::Command;
use syntax::{Code, Diagnostic, Span};

use super::interval::{self, Buckets, Wanted};
use crate::arguments::Given;
use crate::constant::{self, Constant};
use crate::context::{Context, Stage};

/// Whether there is to be a series even of no records.
pub(super) fn nonempty(ctx: &mut Context, given: &Given<'_>) -> Option<bool> {
    let Some((expression, span)) = given.one(ctx, "nonempty") else {
        return given.named("nonempty").is_none().then_some(false);
    };
    match constant::constant(ctx, expression)? {
        Constant::Boolean(nonempty) => Some(nonempty),
        _ => {
            ctx.report(Diagnostic::error(
                Code::WrongType,
                span,
                "`nonempty` has to be `true` or `false`",
            ));
            None
        }
    }
}

/// The buckets that were asked for.
pub(super) fn buckets(
    ctx: &mut Context,
    stage: &Stage,
    given: &Given<'_>,
    command: &Command,
) -> Option<Buckets> {
    let mut ends = [stage.timeframe.from, stage.timeframe.to];
    if let Some((expression, span)) = given.one(ctx, "timeframe") {
        if given.named("from").is_some() || given.named("to").is_some() {
            ctx.report(Diagnostic::error(
                Code::DuplicateParameter,
                span,
                "`timeframe` and `from`, `to` exclude each other",
            ));
            return None;
        }
        let (from, to) = constant::timeframe(ctx, expression)?;
        ends = [Some(from), Some(to)];
    }
    for (end, name) in ends.iter_mut().zip(["from", "to"]) {
        if let Some((expression, _)) = given.one(ctx, name) {
            *end = Some(constant::instant(ctx, expression)?);
        }
    }
    let wanted = wanted(ctx, given)?;
    // An input that knows no timeframe is looked at over the last two hours.
    let to = ends[1].unwrap_or(ctx.options.now);
    let from = ends[0].unwrap_or(to.saturating_sub(7_200_000_000_000));
    let buckets = interval::buckets(from, to, wanted, &ctx.options.timezone);
    if buckets.is_none() {
        ctx.report(Diagnostic::error(
            Code::InvalidTimeframe,
            command.span,
            "the timeframe of the series is empty or too long",
        ));
    }
    buckets
}

/// `interval:`, `bins:`, or what goes for neither.
fn wanted(ctx: &mut Context, given: &Given<'_>) -> Option<Wanted> {
    match (given.one(ctx, "interval"), given.one(ctx, "bins")) {
        (Some(_), Some((_, span))) => {
            ctx.report(Diagnostic::error(
                Code::DuplicateParameter,
                span,
                "`interval` and `bins` exclude each other",
            ));
            None
        }
        (Some((expression, span)), None) => {
            let nanos = constant::duration(ctx, expression)?;
            positive(ctx, nanos, span).map(Wanted::Interval)
        }
        (None, Some((expression, span))) => match constant::constant(ctx, expression)? {
            Constant::Long(bins) => positive(ctx, bins, span).map(Wanted::Bins),
            _ => {
                ctx.report(Diagnostic::error(
                    Code::WrongType,
                    span,
                    "`bins` has to be a long",
                ));
                None
            }
        },
        (None, None) => Some(Wanted::Bins(interval::BINS)),
    }
}

fn positive(ctx: &mut Context, value: i64, span: Span) -> Option<i64> {
    if value <= 0 {
        ctx.report(Diagnostic::error(
            Code::OutOfRange,
            span,
            "this has to be greater than 0",
        ));
    }
    (value > 0).then_some(value)
}
