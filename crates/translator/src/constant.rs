//! Constants of time: what `from:`, `to:`, `interval:` and their like hold.
//!
//! Calendar units follow the calendar of the query's time zone next to a timestamp; a day elsewhere is 24 hours.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span as CalendarSpan, Timestamp, ToSpan, Zoned};
use syntax::dql::ast::{AlignUnit, BinaryOp, Duration, Expr, ExprKind, Literal, UnaryOp, Unit};
use syntax::{Code, Diagnostic, Span};

use crate::context::Context;

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
    Null,
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
            Constant::Null => "null",
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
        other => Err(expected("a point in time", &other, expr.span).help("write a timestamp, an offset to now such as -2h, or a text such as \"2024-01-15T08:00:00Z\"")),
    };
    ctx.check(result)
}

/// The two instants of a text `start/end`.
pub(crate) fn timeframe(ctx: &mut Context, expr: &Expr) -> Option<(i64, i64)> {
    let value = constant(ctx, expr)?;
    let zone = ctx.options.timezone.clone();
    let ends = match &value {
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
    let unit: i64 = match duration.unit {
        Unit::Nanosecond => 1,
        Unit::Microsecond => 1_000,
        Unit::Millisecond => 1_000_000,
        Unit::Second => 1_000_000_000,
        Unit::Minute => 60_000_000_000,
        Unit::Hour => 3_600_000_000_000,
        Unit::Day => 86_400_000_000_000,
        Unit::Week | Unit::Month | Unit::Quarter | Unit::Year => return None,
    };
    duration.amount.checked_mul(unit)
}

/// The instant of an ISO-8601 text: a date, or a date and a time with or without seconds, fraction and offset. Without
/// an offset it is local to `zone`.
pub fn parse_instant(text: &str, zone: &TimeZone) -> Option<i64> {
    let text = text.trim();
    let timestamp = text
        .parse::<Timestamp>()
        .ok()
        .or_else(|| {
            let compact = jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%S%.f%z", text);
            compact.ok()?.to_timestamp().ok()
        })
        .or_else(|| {
            let civil = text
                .parse::<jiff::civil::DateTime>()
                .or_else(|_| {
                    text.parse::<jiff::civil::Date>()
                        .map(|date| date.at(0, 0, 0, 0))
                })
                .ok()?;
            Some(zone.to_zoned(civil).ok()?.timestamp())
        })?;
    nanos(timestamp)
}

fn nanos(timestamp: Timestamp) -> Option<i64> {
    i64::try_from(timestamp.as_nanosecond()).ok()
}

/// The value of a constant expression, or why it has none: [`Code::NotConstant`] where it is none that is known here.
pub(crate) fn evaluate(ctx: &mut Context, expr: &Expr) -> Result<Constant, Diagnostic> {
    let zone = &ctx.options.timezone.clone();
    Ok(match &expr.kind {
        ExprKind::Literal(literal) => match literal {
            Literal::Null => Constant::Null,
            Literal::Boolean(value) => Constant::Boolean(*value),
            Literal::Long(value) => Constant::Long(*value),
            Literal::Double(value) => Constant::Double(*value),
            Literal::String(value) => Constant::String(value.clone()),
            Literal::Duration(value) => Constant::Duration(*value),
        },
        ExprKind::Unary {
            op: UnaryOp::Negate,
            operand,
        } => match evaluate(ctx, operand)? {
            Constant::Long(value) => value
                .checked_neg()
                .map(Constant::Long)
                .ok_or_else(|| out_of_range(expr.span))?,
            Constant::Double(value) => Constant::Double(-value),
            Constant::Duration(Duration { amount, unit }) => {
                let amount = amount
                    .checked_neg()
                    .ok_or_else(|| out_of_range(expr.span))?;
                Constant::Duration(Duration { amount, unit })
            }
            _ => return Err(not_constant(expr)),
        },
        ExprKind::Call(call)
            if call.name.text.eq_ignore_ascii_case("now") && call.parameters.is_empty() =>
        {
            Constant::Instant(ctx.options.now)
        }
        ExprKind::Binary {
            op: op @ (BinaryOp::Add | BinaryOp::Subtract),
            left,
            right,
            ..
        } => {
            warn_of_alignment(ctx, *op, left, right);
            match (evaluate(ctx, left)?, evaluate(ctx, right)?) {
                (Constant::Instant(start), Constant::Duration(duration)) => {
                    let duration = signed(*op, duration, expr.span)?;
                    Constant::Instant(shift(start, duration, zone, expr.span)?)
                }
                (Constant::Instant(end), Constant::Instant(start)) if *op == BinaryOp::Subtract => {
                    let amount = end
                        .checked_sub(start)
                        .ok_or_else(|| out_of_range(expr.span))?;
                    Constant::Duration(Duration {
                        amount,
                        unit: Unit::Nanosecond,
                    })
                }
                (Constant::Duration(left), Constant::Duration(right)) => {
                    let right = signed(*op, right, expr.span)?;
                    let sum = fixed(left)
                        .zip(fixed(right))
                        .and_then(|(a, b)| a.checked_add(b));
                    let amount = sum.ok_or_else(|| out_of_range(expr.span))?;
                    Constant::Duration(Duration {
                        amount,
                        unit: Unit::Nanosecond,
                    })
                }
                _ => return Err(not_constant(expr)),
            }
        }
        ExprKind::Align { left, unit } => {
            let start = match left {
                None => ctx.options.now,
                Some(left) => match evaluate(ctx, left)? {
                    Constant::Instant(start) => start,
                    Constant::Duration(offset) => shift(ctx.options.now, offset, zone, expr.span)?,
                    _ => return Err(not_constant(expr)),
                },
            };
            Constant::Instant(align(start, *unit, zone)?)
        }
        _ => return Err(not_constant(expr)),
    })
}

/// The complaint about a constant of another type than `what`.
fn expected(what: &str, found: &Constant, span: Span) -> Diagnostic {
    let message = format!("{what} was expected here, and this is {}", found.article());
    Diagnostic::error(Code::WrongType, span, message)
}

fn not_constant(expr: &Expr) -> Diagnostic {
    Diagnostic::error(Code::NotConstant, expr.span, "a constant was expected here")
        .help("no field may be read here: the value has to be known before the first record")
}

fn out_of_range(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::OutOfRange,
        span,
        "this is out of the range of its type",
    )
}

fn signed(op: BinaryOp, duration: Duration, span: Span) -> Result<Duration, Diagnostic> {
    let amount = match op {
        BinaryOp::Subtract => duration
            .amount
            .checked_neg()
            .ok_or_else(|| out_of_range(span))?,
        _ => duration.amount,
    };
    Ok(Duration {
        amount,
        unit: duration.unit,
    })
}

/// `now()-2h@h` reads as "go back, then align"; but the alignment binds tighter than the sign before it.
fn warn_of_alignment(ctx: &mut Context, op: BinaryOp, left: &Expr, right: &Expr) {
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

/// `start + duration`, on the calendar of `zone` for calendar units.
fn shift(start: i64, duration: Duration, zone: &TimeZone, span: Span) -> Result<i64, Diagnostic> {
    let shifted = (|| {
        let amount = duration.amount;
        let calendar: CalendarSpan = match duration.unit {
            Unit::Day => CalendarSpan::new().try_days(amount).ok()?,
            Unit::Week => CalendarSpan::new().try_weeks(amount).ok()?,
            Unit::Month => CalendarSpan::new().try_months(amount).ok()?,
            Unit::Quarter => CalendarSpan::new()
                .try_months(amount.checked_mul(3)?)
                .ok()?,
            Unit::Year => CalendarSpan::new().try_years(amount).ok()?,
            _ => return start.checked_add(fixed(duration)?),
        };
        nanos(zoned(start, zone)?.checked_add(calendar).ok()?.timestamp())
    })();
    shifted.ok_or_else(|| {
        let message = "no instant is so far away: they reach from 1677 to 2262";
        Diagnostic::error(Code::OutOfRange, span, message)
    })
}

fn zoned(instant: i64, zone: &TimeZone) -> Option<Zoned> {
    Some(
        Timestamp::from_nanosecond(i128::from(instant))
            .ok()?
            .to_zoned(zone.clone()),
    )
}

/// The greatest start of a unit that is not after `instant`, in `zone`.
fn align(instant: i64, unit: AlignUnit, zone: &TimeZone) -> Result<i64, Diagnostic> {
    let divides = |whole: i64| unit.factor > 0 && whole % unit.factor == 0;
    let allowed = match unit.unit {
        Unit::Nanosecond | Unit::Microsecond | Unit::Millisecond => divides(1000),
        Unit::Second | Unit::Minute => divides(60),
        Unit::Hour => divides(24),
        _ => unit.factor == 1,
    };
    if !allowed {
        return Err(Diagnostic::error(
            Code::BadAlignment,
            unit.span,
            "time can't be aligned to this",
        )
        .help(
            "the factor has to divide the next larger unit: @15m, @6h; days and longer take none",
        ));
    }
    aligned(instant, unit, zone).ok_or_else(|| out_of_range(unit.span))
}

fn aligned(instant: i64, unit: AlignUnit, zone: &TimeZone) -> Option<i64> {
    let local = zoned(instant, zone)?;
    let fixed_unit = |nanos: i64| {
        let step = nanos.checked_mul(unit.factor)?;
        instant.checked_sub(instant.rem_euclid(step))
    };
    let start = match unit.unit {
        Unit::Nanosecond => return fixed_unit(1),
        Unit::Microsecond => return fixed_unit(1_000),
        Unit::Millisecond => return fixed_unit(1_000_000),
        Unit::Second => return fixed_unit(1_000_000_000),
        Unit::Minute | Unit::Hour => {
            // Counted from the local midnight, so that `@3h` gives 00:00, 03:00, … of the local clock.
            let day = local.start_of_day().ok()?;
            let step: i64 = if unit.unit == Unit::Minute { 60 } else { 3600 };
            let seconds = i64::from(local.hour()) * 3600 + i64::from(local.minute()) * 60;
            let step = step.checked_mul(unit.factor)?;
            let into = seconds.div_euclid(step) * step;
            let clock = day.datetime().checked_add(into.seconds()).ok()?;
            let start = zone.to_zoned(clock).ok()?;
            // An hour that the clock repeats or skips must not move the start behind the instant.
            if start > local {
                start.checked_sub(SignedDuration::from_hours(1)).ok()?
            } else {
                start
            }
        }
        Unit::Day => local.start_of_day().ok()?,
        Unit::Week => {
            let first = match unit.weekday {
                None | Some(1) => Weekday::Monday,
                Some(2) => Weekday::Tuesday,
                Some(3) => Weekday::Wednesday,
                Some(4) => Weekday::Thursday,
                Some(5) => Weekday::Friday,
                Some(6) => Weekday::Saturday,
                Some(_) => Weekday::Sunday,
            };
            let back = i64::from(local.weekday().since(first));
            let date = local.date().checked_sub(back.days()).ok()?;
            zone.to_zoned(date.at(0, 0, 0, 0)).ok()?
        }
        Unit::Month => local.first_of_month().ok()?.start_of_day().ok()?,
        Unit::Quarter => {
            let month = (local.month() - 1) / 3 * 3 + 1;
            let date = jiff::civil::Date::new(local.year(), month, 1).ok()?;
            zone.to_zoned(date.at(0, 0, 0, 0)).ok()?
        }
        Unit::Year => local.first_of_year().ok()?.start_of_day().ok()?,
    };
    nanos(start.timestamp())
}
