//! `fetch logs` and `fetch cloudtrail`: the events of a timeframe.
//!
//! `logs` has the fields of a Dynatrace log record; `cloudtrail` has the keys of the CloudTrail record itself.

use std::sync::Arc;

use datafusion::logical_expr::{Expr as PlanExpr, LogicalPlanBuilder};
use functions::compare::{Compare, with_instant};
use functions::{Type, Typed};
use syntax::dql::ast::{Command, Expr, ExprKind, Literal};
use syntax::{Code, Diagnostic, Span};

use super::fields_keep::Pattern;
use crate::arguments::{Given, Takes};
use crate::catalog::{Events, Timeframe};
use crate::constant::{instant, timeframe};
use crate::context::{Context, Stage};
use crate::events;
use crate::expr;

const TABLES: &[&str] = &["logs", "cloudtrail"];

pub(super) fn fetch(ctx: &mut Context, command: &Command) -> Option<Stage> {
    let takes = Takes {
        named: &[
            "from",
            "to",
            "timeframe",
            "bucket",
            "samplingRatio",
            "scanLimitGBytes",
            "dataObject",
            "sourceId",
        ],
        unsupported: &[],
    };
    let given = super::given(ctx, command, &takes);
    let table = table(ctx, command, &given);
    let timeframe = asked(ctx, &given);
    let ratio = ratio(ctx, &given);
    unlimited(ctx, &given);
    records(ctx, command, &given, table?, timeframe?, ratio?)
}

/// The records of a data object: those of a timeframe, in some buckets, one in `ratio` of them.
pub(super) fn records(
    ctx: &mut Context,
    command: &Command,
    given: &Given<'_>,
    table: &'static str,
    timeframe: Timeframe,
    ratio: i64,
) -> Option<Stage> {
    let events = events(ctx, command, table, timeframe)?;
    describe(ctx, command.span, timeframe, &events);
    let time = crate::column(&events.house.time);
    let mut conditions = Vec::new();
    if let Some(from) = timeframe.from {
        conditions.push(with_instant(Compare::GreaterOrEqual, &time, from));
    }
    if let Some(to) = timeframe.to {
        conditions.push(with_instant(Compare::Less, &time, to));
    }
    if let Some(named) = given.named("bucket") {
        conditions.push(buckets(ctx, named, &events)?);
    }
    if ratio > 1 {
        conditions.push(functions::sampled(&events::id(&events), ratio).expr());
    }
    let mut plan = LogicalPlanBuilder::scan("cloudtrail", Arc::clone(&events.source), None);
    for condition in conditions {
        plan = plan.and_then(|plan| plan.filter(condition));
    }
    let plan = ctx.internal(command.span, plan.and_then(LogicalPlanBuilder::build))?;
    let scope = events::scope(ctx, table, &events, ratio);
    Some(Stage {
        plan,
        scope,
        timeframe: whole(timeframe, &events),
        shown_by: Vec::new(),
        order: Vec::new(),
    })
}

/// The events of the lake, as far as a timeframe reaches; reported where there is no lake.
pub(super) fn events(
    ctx: &mut Context,
    command: &Command,
    table: &str,
    timeframe: Timeframe,
) -> Option<Events> {
    let events = ctx.catalog.events(timeframe);
    if events.is_none() {
        ctx.report(
            Diagnostic::error(
                Code::UnknownTable,
                command.span,
                format!("there are no `{table}` to fetch: no lake was named"),
            )
            .help("name one with --lake, make one with `trailsift ingest`, or name archives with --archive"),
        );
    }
    events
}

/// The data object's name, which stands bare, without a name or with one of two.
pub(super) fn table(
    ctx: &mut Context,
    command: &Command,
    given: &Given<'_>,
) -> Option<&'static str> {
    let named = ["dataObject", "sourceId"]
        .into_iter()
        .find(|name| given.named(name).is_some());
    let expr = match named {
        Some(name) => {
            if let Some(second) = given.positional.first() {
                let message = format!("the data object is given by `{name}:` already");
                ctx.report(Diagnostic::error(
                    Code::TooManyParameters,
                    second.span,
                    message,
                ));
            }
            given.one(ctx, name)?.0
        }
        None => super::single(ctx, command, given, "a data object, such as logs")?,
    };
    let ExprKind::Field(name) = &expr.kind else {
        let message = "a data object is named by a bare word, such as logs";
        let diagnostic = Diagnostic::error(Code::UnknownTable, expr.span, message);
        ctx.report_unless_broken(expr.span, diagnostic);
        return None;
    };
    let table = TABLES
        .iter()
        .find(|table| table.eq_ignore_ascii_case(&name.text));
    if table.is_none() {
        let diagnostic = Diagnostic::error(
            Code::UnknownTable,
            name.span,
            format!("there is no data object `{}`", name.text),
        )
        .suggest(&name.text, TABLES.iter().copied());
        ctx.report(if diagnostic.fix.is_some() {
            diagnostic
        } else {
            diagnostic.help("a lake has `logs` and `cloudtrail`")
        });
    }
    table.copied()
}

/// The timeframe: the query's own, or else the one that was asked for around it.
pub(super) fn asked(ctx: &mut Context, given: &Given<'_>) -> Option<Timeframe> {
    if let Some((expr, span)) = given.one(ctx, "timeframe") {
        if given.named("from").is_some() || given.named("to").is_some() {
            ctx.report(Diagnostic::error(
                Code::DuplicateParameter,
                span,
                "`timeframe` excludes `from` and `to`",
            ));
            return None;
        }
        let (from, to) = timeframe(ctx, expr)?;
        return valid(
            ctx,
            Timeframe {
                from: Some(from),
                to: Some(to),
            },
            span,
        );
    }
    let ends = ["from", "to"].map(|name| {
        let (expr, span) = given.one(ctx, name)?;
        Some(instant(ctx, expr).map(|nanos| (nanos, span)))
    });
    let around = ctx.options.timeframe;
    match ends {
        [None, None] => Some(around),
        [from, to] => {
            // A lower end alone reaches to now, as in Grail.
            let upper = match to {
                Some(to) => Some(to?),
                None => None,
            };
            let lower = match from {
                Some(from) => Some(from?),
                None => None,
            };
            let span = upper.or(lower).map_or_else(Span::default, |(_, span)| span);
            let timeframe = Timeframe {
                from: lower.map(|(nanos, _)| nanos).or(around.from),
                to: Some(upper.map_or(ctx.options.now, |(nanos, _)| nanos)),
            };
            valid(ctx, timeframe, span)
        }
    }
}

fn valid(ctx: &mut Context, timeframe: Timeframe, span: Span) -> Option<Timeframe> {
    if let Timeframe {
        from: Some(from),
        to: Some(to),
    } = timeframe
        && from >= to
    {
        ctx.report(Diagnostic::error(
            Code::InvalidTimeframe,
            span,
            format!(
                "the timeframe ends ({}) before it begins ({})",
                shown(to),
                shown(from)
            ),
        ));
        return None;
    }
    Some(timeframe)
}

/// `samplingRatio:`, a power of ten: what lies between counts as the next lower one.
fn ratio(ctx: &mut Context, given: &Given<'_>) -> Option<i64> {
    let Some(named) = given.named("samplingRatio") else {
        return Some(1);
    };
    let (expr, span) = given.one(ctx, "samplingRatio")?;
    let value = expr::fixed(ctx, expr)?;
    let Some(asked) = value.as_number() else {
        let found = value.ty().article();
        let message = format!("`samplingRatio:` has to be a number, and this is {found}");
        ctx.report(Diagnostic::error(Code::WrongType, span, message));
        return None;
    };
    if asked < 1.0 {
        let message = "`samplingRatio:` has to be 1 or more";
        ctx.report(Diagnostic::error(Code::OutOfRange, span, message));
        return None;
    }
    let ratio = RATIOS.iter().rev().find(|ratio| **ratio as f64 <= asked);
    let ratio = ratio.copied().unwrap_or(1);
    if ratio > 1 {
        let message = format!("one in {ratio} records is read: counts and sums are of the sample");
        ctx.report(
            Diagnostic::info(Code::Sampled, named.span, message)
                .help("the same records are in the sample each time"),
        );
    }
    Some(ratio)
}

/// The ratios that there are.
const RATIOS: &[i64] = &[1, 10, 100, 1_000, 10_000, 100_000];

/// A scan limit saves Grail work; here every record is read.
fn unlimited(ctx: &mut Context, given: &Given<'_>) {
    if given.named("scanLimitGBytes").is_none() {
        return;
    }
    if given.long(ctx, "scanLimitGBytes", (-1, i64::MAX)).is_some()
        && let Some(named) = given.named("scanLimitGBytes")
    {
        ctx.report(Diagnostic::info(
            Code::UnsupportedParameter,
            named.span,
            "`scanLimitGBytes` has no effect: a lake is read without a limit",
        ));
    }
}

/// `bucket:` as a condition; `*` stands for any characters.
fn buckets(
    ctx: &mut Context,
    named: &crate::arguments::Named<'_>,
    events: &Events,
) -> Option<PlanExpr> {
    let column = Typed::known(crate::column(&events.house.bucket), Type::String);
    if named.elements.is_empty() {
        ctx.report(Diagnostic::error(
            Code::MissingParameter,
            named.span,
            "`bucket` needs a name",
        ));
    }
    let mut any = Vec::new();
    for element in &named.elements {
        let Some(Expr {
            kind: ExprKind::Literal(Literal::String(name)),
            span,
        }) = element.expr(ctx)
        else {
            ctx.report(Diagnostic::error(
                Code::NotConstant,
                element.span,
                "a bucket is named by a text, such as \"default_logs\"",
            ));
            return None;
        };
        let text = column.expr();
        let wanted = Pattern::new(name);
        if !events.buckets.iter().any(|bucket| wanted.matches(bucket)) {
            ctx.report(crate::events::none_has(
                *span,
                format!("no event is in the bucket \"{name}\""),
                &events.buckets,
            ));
        }
        if name.contains('*') {
            let pattern = functions::like_literal(name).replace('*', "%");
            any.push(text.like(Typed::string_literal(&pattern).expr()));
        } else {
            any.push(text.eq(Typed::string_literal(name).expr()));
        }
    }
    any.into_iter().reduce(PlanExpr::or)
}

/// Says what a reader of the answer has to know of the timeframe.
fn describe(ctx: &mut Context, span: Span, timeframe: Timeframe, events: &Events) {
    let whole = events.whole;
    let given = timeframe != Timeframe::default();
    let read = format!("no timeframe was given, so the whole {whole} is read");
    let Some((first, last)) = events.covered else {
        // An empty lake is said to be empty elsewhere.
        if !given && whole == "archive" {
            ctx.report(Diagnostic::info(Code::WholeLake, span, read));
        }
        return;
    };
    let covered = format!("the {whole} covers {} to {}", shown(first), shown(last));
    if !given {
        let message = format!("{read}: {covered}");
        ctx.report(Diagnostic::info(Code::WholeLake, span, message));
        return;
    }
    let misses = timeframe.from.is_some_and(|from| from > last)
        || timeframe.to.is_some_and(|to| to <= first);
    if misses {
        let end = |end: Option<i64>| end.map_or_else(|| "…".to_owned(), shown);
        let diagnostic = Diagnostic::warning(
            Code::OutsideData,
            span,
            format!(
                "no event lies in the timeframe {} to {}: {covered}",
                end(timeframe.from),
                end(timeframe.to)
            ),
        );
        let behind = timeframe.from.is_some_and(|from| from > last);
        ctx.report(match behind {
            true => diagnostic.help("--now latest counts back from the newest event"),
            false => diagnostic,
        });
    }
    if events.untimed > 0 {
        let message = match events.untimed {
            1 => "1 event has no time and is in no timeframe".to_owned(),
            many => format!("{many} events have no time and are in no timeframe"),
        };
        ctx.report(Diagnostic::info(Code::UntimedEvents, span, message));
    }
}

/// An instant as a person reads it.
fn shown(nanos: i64) -> String {
    match jiff::Timestamp::from_nanosecond(i128::from(nanos)) {
        Ok(timestamp) => timestamp.to_string(),
        Err(_) => nanos.to_string(),
    }
}

/// The timeframe with its open ends closed by the events there are.
fn whole(timeframe: Timeframe, events: &Events) -> Timeframe {
    Timeframe {
        from: timeframe.from.or(events.covered.map(|(first, _)| first)),
        to: timeframe
            .to
            .or(events.covered.map(|(_, last)| last.saturating_add(1))),
    }
}
