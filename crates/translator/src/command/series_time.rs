//! Which buckets of a time series a record lies in.

use datafusion::functions::core::expr_fn::{greatest, least};
use datafusion::functions_nested::make_array::make_array;
use datafusion::functions_nested::range::gen_series;
use datafusion::logical_expr::{Expr as PlanExpr, cast, lit};
use functions::compare::{Compare, Truth, with_instant};
use functions::{Language, Precision, Type, Typed};
use syntax::dql::ast::Command;
use syntax::{Code, Diagnostic, Span};

use super::interval::Buckets;
use crate::arguments::Given;
use crate::context::Context;
use crate::expr;
use crate::scope::Scope;

/// The bucket that stands for the whole timeframe.
pub(super) const WHOLE: i64 = -1;

/// The time of a record, as the plan has it.
pub(super) enum Time {
    /// An instant: `time:`, or a field.
    At {
        time: PlanExpr,
        precision: Precision,
    },
    /// A span of time, `spread:`. Both ends are in nanoseconds.
    Spread { start: PlanExpr, end: PlanExpr },
}

impl Time {
    pub(super) fn is_spread(&self) -> bool {
        matches!(self, Time::Spread { .. })
    }

    /// Whether a record lies in the buckets.
    pub(super) fn within(&self, buckets: Buckets) -> PlanExpr {
        let (from, to) = (buckets.start, buckets.end());
        let instant = |nanos| expr::instant(nanos).expr();
        match self {
            Time::At {
                time,
                precision: Precision::Micro,
            } => with_instant(Compare::GreaterOrEqual, time, from).and(with_instant(
                Compare::Less,
                time,
                to,
            )),
            Time::At { time, .. } => {
                let (from, to) = (instant(from), instant(to));
                time.clone().gt_eq(from).and(time.clone().lt(to))
            }
            // Half-open, though a span of no length lies where it is.
            Time::Spread { start, end } => {
                let none = start.clone().eq(end.clone());
                let (from, to) = (instant(from), instant(to));
                let reaches = end.clone().gt(from.clone());
                start
                    .clone()
                    .lt(to)
                    .and(start.clone().lt_eq(end.clone()))
                    .and(reaches.or(none.and(start.clone().gt_eq(from))))
            }
        }
    }

    /// The bucket of a record that lies in one, from 0; `None` where it may lie in several. Borders are whole minutes, so
    /// microseconds lose nothing.
    pub(super) fn bucket(&self, buckets: Buckets) -> Option<PlanExpr> {
        let Time::At { time, precision } = self else {
            return None;
        };
        let unit = match precision {
            Precision::Micro => 1_000,
            Precision::Nano => 1,
        };
        let time = cast(time.clone(), Type::Long.arrow());
        Some((time - lit(buckets.start / unit)) / lit(buckets.interval / unit))
    }

    /// The buckets of a record as a list, [`WHOLE`] among them where `whole` says so.
    pub(super) fn list(&self, buckets: Buckets, whole: bool) -> PlanExpr {
        match (self, self.bucket(buckets)) {
            (_, Some(bucket)) if whole => make_array(vec![bucket, lit(WHOLE)]),
            (_, Some(bucket)) => make_array(vec![bucket]),
            (Time::Spread { start, end }, None) => {
                let long = |time: &PlanExpr| cast(time.clone(), Type::Long.arrow());
                let first = greatest(vec![long(start), lit(buckets.start)]);
                // The last instant inside; that of a span of no length is its start.
                let last = greatest(vec![long(end) - lit(1i64), long(start)]);
                let last = least(vec![last, lit(buckets.end() - 1)]);
                let bucket = |time: PlanExpr| (time - lit(buckets.start)) / lit(buckets.interval);
                let list = gen_series(bucket(first), bucket(last), lit(1i64));
                if whole {
                    let append = datafusion::functions_nested::concat::array_append;
                    append(list, lit(WHOLE))
                } else {
                    list
                }
            }
            (Time::At { .. }, None) => make_array(Vec::new()),
        }
    }
}

/// `spread:`, or `time:`, or the field `timestamp`, or else `start_time`.
pub(super) fn time(
    ctx: &mut Context,
    scope: &Scope,
    given: &Given<'_>,
    command: &Command,
) -> Option<Time> {
    if let Some((expression, span)) = given.one(ctx, "spread") {
        if let Some(time) = given.named("time") {
            ctx.report(Diagnostic::error(
                Code::DuplicateParameter,
                time.span,
                "`time` and `spread` exclude each other",
            ));
            return None;
        }
        let value = expr::value(ctx, scope, expression, Truth::Exact)?;
        return spread(ctx, &value, span);
    }
    let (value, span) = match given.one(ctx, "time") {
        Some((expression, span)) => (expr::value(ctx, scope, expression, Truth::Exact)?, span),
        None => {
            let field = scope.get("timestamp").or_else(|| scope.get("start_time"));
            let Some(field) = field else {
                ctx.report(
                    Diagnostic::error(
                        Code::UnknownTimeField,
                        command.name.span,
                        "there is neither a field `timestamp` nor `start_time` to make a time series by",
                    )
                    .help("name the time with `time:`"),
                );
                return None;
            };
            (field.value.clone(), command.name.span)
        }
    };
    if let Typed::Known {
        expr: time,
        ty: Type::Timestamp(precision),
    } = value
    {
        return Some(Time::At { time, precision });
    }
    let json = matches!(&value, Typed::Place(place) if place.document.language == Language::Json);
    match value.timestamp() {
        Some(time) if !json => Some(Time::At {
            time,
            precision: Precision::Nano,
        }),
        _ => {
            wrong(ctx, span, "a timestamp", &value);
            None
        }
    }
}

fn spread(ctx: &mut Context, value: &Typed, span: Span) -> Option<Time> {
    match value {
        Typed::Timeframe { start, end } => Some(Time::Spread {
            start: start.as_ref().clone(),
            end: end.as_ref().clone(),
        }),
        value if matches!(value.ty(), Type::Dynamic | Type::Null) => {
            let end_of = |key: &str| {
                let end = value.step(functions::Step::Key(key.to_owned()));
                end.and_then(|end| end.timestamp())
                    .unwrap_or_else(|| functions::null(&Type::TIMESTAMP))
            };
            Some(Time::Spread {
                start: end_of("start"),
                end: end_of("end"),
            })
        }
        value => {
            wrong(ctx, span, "a timeframe", value);
            None
        }
    }
}

fn wrong(ctx: &mut Context, span: Span, wanted: &str, value: &Typed) {
    let found = value.ty().article();
    let message = match value.ty() {
        Type::Dynamic => format!("the time of a record has to be {wanted}, and JSON holds none"),
        _ => format!("the time of a record has to be {wanted}, and this is {found}"),
    };
    let made = match wanted {
        "a timeframe" => "timeframe(from: …, to: …) makes one of two timestamps",
        _ => "toTimestamp(…) makes one of a text",
    };
    ctx.report(Diagnostic::error(Code::WrongType, span, message).help(made));
}
