//! Constants of time: what `from:`, `to:`, `interval:` and their like hold.
//!
//! Calendar units follow the calendar of the query's time zone next to a timestamp; a day elsewhere is 24 hours.

use functions::Value;
use functions::compare::Truth;
use functions::time::calendar;
use functions::time::text::instant as parse_instant;
use jiff::tz::TimeZone;
use syntax::dql::ast::{BinaryOp, Duration, Expr, ExprKind, Literal, UnaryOp, Unit};
use syntax::{Code, Diagnostic, Span};

use crate::context::Context;
use crate::expr::reads_records;
use crate::scope::Scope;

/// A constant.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Constant {
    Long(i64),
    Double(f64),
    Boolean(bool),
    String(String),
    /// Nanoseconds since the epoch.
    Instant(i64),
    /// A fixed number of nanoseconds, or of calendar units.
    Duration(Duration),
    /// Its ends in nanoseconds since the epoch.
    Timeframe(i64, i64),
    Null,
    /// A value of another type, by the type's name with its article.
    Other(&'static str),
}

impl Constant {
    /// The type as a person names it, with its article.
    fn article(&self) -> &'static str {
        match self {
            Constant::Long(_) => "a long",
            Constant::Double(_) => "a double",
            Constant::Boolean(_) => "a boolean",
            Constant::String(_) => "a string",
            Constant::Instant(_) => "a timestamp",
            Constant::Duration(_) => "a duration",
            Constant::Timeframe(..) => "a timeframe",
            Constant::Null => "null",
            Constant::Other(article) => article,
        }
    }
}

/// The value of a constant expression; anything else is reported.
pub(crate) fn constant(ctx: &mut Context, expr: &Expr) -> Option<Constant> {
    match evaluate(ctx, expr) {
        Ok(value) => Some(value),
        Err(diagnostic) => {
            ctx.report_unless_broken(expr.span, diagnostic);
            None
        }
    }
}

/// The instant that a constant stands for: itself, an offset to now, a text, or nanoseconds.
pub(crate) fn instant(ctx: &mut Context, expr: &Expr) -> Option<i64> {
    let value = constant(ctx, expr)?;
    let (now, zone) = (ctx.options.now, ctx.options.timezone.clone());
    let result = match value {
        Constant::Instant(nanos) | Constant::Long(nanos) => Ok(nanos),
        Constant::Duration(duration) => shift(now, duration, &zone, expr.span),
        Constant::String(text) => parse_instant(&text, &zone).ok_or_else(|| {
            Diagnostic::error(
                Code::InvalidTimeframe,
                expr.span,
                format!("`{text}` is no point in time"),
            )
            .help("write it as in \"2024-01-15T08:00:00Z\", or as an offset to now: -2h")
        }),
        // Arithmetic on instants is null where it leaves what a timestamp can say.
        Constant::Null if matches!(expr.kind, ExprKind::Binary { .. }) => Err(too_far(expr.span)),
        other => Err(expected("a point in time", &other, expr.span).help("write a timestamp, an offset to now such as -2h, or a text such as \"2024-01-15T08:00:00Z\"")),
    };
    ctx.check(result)
}

/// The two instants of a text `start/end`.
pub(crate) fn timeframe(ctx: &mut Context, expr: &Expr) -> Option<(i64, i64)> {
    let value = constant(ctx, expr)?;
    let zone = ctx.options.timezone.clone();
    let ends = match &value {
        Constant::Timeframe(start, end) => Some((*start, *end)),
        Constant::String(text) => text.split_once('/').and_then(|(start, end)| {
            Some((parse_instant(start, &zone)?, parse_instant(end, &zone)?))
        }),
        _ => None,
    };
    ctx.check(ends.ok_or_else(|| {
        Diagnostic::error(
            Code::InvalidTimeframe,
            expr.span,
            "a timeframe was expected here",
        )
        .help("write it as in \"2024-01-15T08:00:00Z/2024-01-15T09:00:00Z\"")
    }))
}

/// The nanoseconds of a constant duration; a day is 24 hours, longer calendar units are reported.
pub(crate) fn duration(ctx: &mut Context, expr: &Expr) -> Option<i64> {
    let value = constant(ctx, expr)?;
    let result = match value {
        Constant::Duration(duration) => fixed(duration).ok_or_else(|| {
            Diagnostic::error(
                Code::BadDuration,
                expr.span,
                "a duration of calendar units has no fixed length",
            )
        }),
        other => Err(expected("a duration", &other, expr.span).help("write it as in 5m or 2h")),
    };
    ctx.check(result)
}

/// The nanoseconds of a duration that has a fixed length.
pub(crate) fn fixed(duration: Duration) -> Option<i64> {
    duration
        .amount
        .checked_mul(calendar::nanoseconds(duration.unit)?)
}

/// The value of a constant expression, or why it has none: [`Code::NotConstant`] where it reads a field.
pub(crate) fn evaluate(ctx: &mut Context, expr: &Expr) -> Result<Constant, Diagnostic> {
    // Calendar units stand for no value, but for an offset to now.
    if let Some(duration) = written_duration(expr) {
        return Ok(Constant::Duration(duration));
    }
    if let Some(span) = reads_records(expr) {
        return Err(not_constant(span));
    }
    let Some(value) = crate::expr::value(ctx, &Scope::closed(), expr, Truth::Exact) else {
        // What is wrong has been said, and is left out where this would only follow from it.
        return Err(not_constant(expr.span));
    };
    Ok(match value.fixed() {
        None => return Err(not_constant(expr.span)),
        Some(Value::Null) => Constant::Null,
        Some(Value::Boolean(value)) => Constant::Boolean(value),
        Some(Value::Long(value)) => Constant::Long(value),
        Some(Value::Double(value)) => Constant::Double(value),
        Some(Value::String(value)) => Constant::String(value.into_owned()),
        Some(Value::Timestamp(nanos)) => Constant::Instant(nanos),
        Some(Value::Timeframe(start, end)) => Constant::Timeframe(start, end),
        Some(Value::Duration(amount)) => Constant::Duration(Duration {
            amount,
            unit: Unit::Nanosecond,
        }),
        Some(_) => Constant::Other(value.ty().article()),
    })
}

/// The duration that an expression is as it is written, a sign aside.
pub(crate) fn written_duration(expr: &Expr) -> Option<Duration> {
    match &expr.kind {
        ExprKind::Literal(Literal::Duration(duration)) => Some(*duration),
        ExprKind::Unary {
            op: UnaryOp::Negate,
            operand,
        } => {
            let Duration { amount, unit } = written_duration(operand)?;
            let amount = amount.checked_neg()?;
            Some(Duration { amount, unit })
        }
        _ => None,
    }
}

/// The complaint about a constant of another type than `what`.
fn expected(what: &str, found: &Constant, span: Span) -> Diagnostic {
    let message = format!("{what} was expected here, and this is {}", found.article());
    Diagnostic::error(Code::WrongType, span, message)
}

fn not_constant(span: Span) -> Diagnostic {
    Diagnostic::error(Code::NotConstant, span, "a constant was expected here")
        .help("no field may be read here: the value has to be known before the first record")
}

/// `now()-2h@h` reads as "go back, then align"; but the alignment binds tighter than the sign before it.
pub(crate) fn warn_of_alignment(ctx: &mut Context, op: BinaryOp, left: &Expr, right: &Expr) {
    let ExprKind::Align {
        left: Some(offset), ..
    } = &right.kind
    else {
        return;
    };
    let written = |span: Span| ctx.text.get(span.range()).unwrap_or_default();
    let sign = if op == BinaryOp::Add { "+" } else { "-" };
    let unit = Span::new(offset.span.end, right.span.end);
    let meant = format!(
        "({}{sign}{}){}",
        written(left.span),
        written(offset.span),
        written(unit)
    );
    ctx.report(
        Diagnostic::warning(
            Code::Precedence,
            right.span,
            "`@` binds tighter than the sign before it, so this is aligned first",
        )
        .fix(left.span.to(right.span), meant),
    );
}

/// `start + duration`, on the calendar of the query's time zone for days and longer units.
fn shift(start: i64, duration: Duration, zone: &TimeZone, span: Span) -> Result<i64, Diagnostic> {
    calendar::shifted(start, duration.amount, duration.unit, zone).ok_or_else(|| too_far(span))
}

fn too_far(span: Span) -> Diagnostic {
    let message = "no instant is so far away: they reach from 1677 to 2262";
    Diagnostic::error(Code::OutOfRange, span, message)
}
