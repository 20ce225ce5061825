//! Operators.

use datafusion::logical_expr::{BinaryExpr, Expr as PlanExpr, Operator, not};
use functions::arithmetic::Arithmetic;
use functions::compare::{Compare, Truth, compare};
use functions::time::calendar;
use functions::{Type, Typed};
use syntax::dql::ast::{AlignUnit, BinaryOp, Duration, Expr, ExprKind, UnaryOp, Unit};
use syntax::{Code, Diagnostic, Span};

use super::{Reading, boolean, is_variant, read};
use crate::constant::{warn_of_alignment, written_duration};
use crate::context::Context;

pub(super) fn unary(
    ctx: &mut Context,
    reading: &mut Reading,
    op: UnaryOp,
    operand: &Expr,
    expr: &Expr,
) -> Option<Typed> {
    match op {
        UnaryOp::Not => {
            // Under a negation false and null part ways.
            let value = read(ctx, reading, operand, Truth::Exact)?;
            Some(Typed::boolean_of(not(boolean(ctx, &value, operand)?)))
        }
        UnaryOp::Negate => negate(ctx, reading, operand, expr),
    }
}

fn negate(ctx: &mut Context, reading: &mut Reading, operand: &Expr, expr: &Expr) -> Option<Typed> {
    let value = read(ctx, reading, operand, Truth::Exact)?;
    match functions::arithmetic::negate(&value) {
        Some(negative) => Some(negative),
        None => without_value(
            ctx,
            is_variant(operand, &value),
            expr.span,
            format!("{} has no negative", value.ty().article()),
        ),
    }
}

/// `+ - * / %`. Days and longer units next to a timestamp go by the calendar.
fn arithmetic(
    ctx: &mut Context,
    reading: &mut Reading,
    op: Arithmetic,
    (left, right): (&Expr, &Expr),
    expr: &Expr,
) -> Option<Typed> {
    if let Some(shifted) = shift(ctx, reading, op, (left, right), expr) {
        return shifted;
    }
    let (a, b) = (
        read(ctx, reading, left, Truth::Exact),
        read(ctx, reading, right, Truth::Exact),
    );
    let (a, b) = (a?, b?);
    if let Some(result) = functions::arithmetic::arithmetic(op, &a, &b) {
        return Some(result);
    }
    let sign = match op {
        Arithmetic::Add => "+",
        Arithmetic::Subtract => "-",
        Arithmetic::Multiply => "*",
        Arithmetic::Divide => "/",
        Arithmetic::Remainder => "%",
    };
    let message = format!(
        "`{sign}` does not go with {} and {}",
        a.ty().article(),
        b.ty().article()
    );
    let variant = is_variant(left, &a) || is_variant(right, &b);
    without_value(ctx, variant, expr.span, message)
}

/// What is null for certain: a mistake, unless the types are only those of the records at hand.
fn without_value(ctx: &mut Context, variant: bool, span: Span, message: String) -> Option<Typed> {
    if variant {
        ctx.report(Diagnostic::warning(
            Code::NeverTrue,
            span,
            format!("{message}: this is always null"),
        ));
        return Some(Typed::null());
    }
    ctx.report(Diagnostic::error(Code::WrongType, span, message));
    None
}

/// `value + 1M`, `1d + value`, `value - 2w`; none where no duration of days or longer units stands on a side.
fn shift(
    ctx: &mut Context,
    reading: &mut Reading,
    op: Arithmetic,
    (left, right): (&Expr, &Expr),
    expr: &Expr,
) -> Option<Option<Typed>> {
    let by_calendar = |side: &Expr| {
        written_duration(side).filter(|duration| {
            matches!(
                duration.unit,
                Unit::Day | Unit::Week | Unit::Month | Unit::Quarter | Unit::Year
            )
        })
    };
    let (value, duration) = match op {
        Arithmetic::Add => match (by_calendar(left), by_calendar(right)) {
            (None, None) => return None,
            (_, Some(duration)) => (left, duration),
            (Some(duration), None) => (right, duration),
        },
        Arithmetic::Subtract => {
            let Duration { amount, unit } = by_calendar(right)?;
            let amount = amount.checked_neg()?;
            (left, Duration { amount, unit })
        }
        _ => return None,
    };
    let Some(start) = read(ctx, reading, value, Truth::Exact) else {
        return Some(None);
    };
    let zone = functions::zone::name(&ctx.options.timezone);
    if let Some(shifted) = calendar::shift(&start, duration, &zone) {
        return Some(Some(shifted));
    }
    if duration.unit == Unit::Day {
        return None;
    }
    let message = format!(
        "calendar units go with a timestamp, and this is {}",
        start.ty().article()
    );
    let variant = is_variant(value, &start);
    Some(without_value(ctx, variant, expr.span, message))
}

/// `value@unit`
pub(super) fn align(
    ctx: &mut Context,
    reading: &mut Reading,
    left: Option<&Expr>,
    unit: AlignUnit,
    expr: &Expr,
) -> Option<Typed> {
    if !calendar::may_align(unit) {
        ctx.report(
            Diagnostic::error(
                Code::BadAlignment,
                unit.span,
                "time can't be aligned to this",
            )
            .help(
                "the factor has to divide the next larger unit: @15m, @6h; days and longer take none",
            ),
        );
        return None;
    }
    let zone = functions::zone::name(&ctx.options.timezone);
    let now = super::instant(ctx.options.now);
    let value = match left {
        None => now,
        // An offset to now, by the calendar.
        Some(left) => match written_duration(left) {
            Some(duration) => calendar::shift(&now, duration, &zone)?,
            None => read(ctx, reading, left, Truth::Exact)?,
        },
    };
    match calendar::align(&value, unit, ctx.options.now, &zone) {
        Some(aligned) => Some(aligned),
        None => {
            let message = format!(
                "a timestamp is aligned, and this is {}",
                value.ty().article()
            );
            let variant = left.is_some_and(|left| is_variant(left, &value));
            without_value(ctx, variant, expr.span, message)
        }
    }
}

pub(super) fn binary(
    ctx: &mut Context,
    reading: &mut Reading,
    op: BinaryOp,
    (left, right): (&Expr, &Expr),
    expr: &Expr,
    truth: Truth,
) -> Option<Typed> {
    let comparison = match op {
        BinaryOp::And | BinaryOp::Or => return logic(ctx, reading, op, expr, truth),
        BinaryOp::Xor => {
            let sides = (
                read(ctx, reading, left, Truth::Exact),
                read(ctx, reading, right, Truth::Exact),
            );
            let (Some(a), Some(b)) = sides else {
                return None;
            };
            let (a, b) = (boolean(ctx, &a, left), boolean(ctx, &b, right));
            return Some(Typed::boolean_of(a?.not_eq(b?)));
        }
        BinaryOp::Equal => Compare::Equal,
        BinaryOp::NotEqual => Compare::NotEqual,
        BinaryOp::Less => Compare::Less,
        BinaryOp::LessOrEqual => Compare::LessOrEqual,
        BinaryOp::Greater => Compare::Greater,
        BinaryOp::GreaterOrEqual => Compare::GreaterOrEqual,
        BinaryOp::Search => return super::search::search(ctx, reading, (left, right)),
        BinaryOp::Add | BinaryOp::Subtract => {
            warn_of_alignment(ctx, op, left, right);
            let op = match op {
                BinaryOp::Add => Arithmetic::Add,
                _ => Arithmetic::Subtract,
            };
            return arithmetic(ctx, reading, op, (left, right), expr);
        }
        BinaryOp::Multiply => {
            return arithmetic(ctx, reading, Arithmetic::Multiply, (left, right), expr);
        }
        BinaryOp::Divide => {
            return arithmetic(ctx, reading, Arithmetic::Divide, (left, right), expr);
        }
        BinaryOp::Modulo => {
            return arithmetic(ctx, reading, Arithmetic::Remainder, (left, right), expr);
        }
    };
    let (a, b) = (
        read(ctx, reading, left, Truth::Exact),
        read(ctx, reading, right, Truth::Exact),
    );
    let (a, b) = (a?, b?);
    warn(ctx, reading, (left, &a), (right, &b), expr, comparison);
    Some(Typed::boolean_of(compare(comparison, &a, &b, truth)))
}

/// `and` and `or`.
fn logic(
    ctx: &mut Context,
    reading: &mut Reading,
    op: BinaryOp,
    expr: &Expr,
    truth: Truth,
) -> Option<Typed> {
    let joined = chain(op, expr, |operand| {
        let value = read(ctx, reading, operand, truth)?;
        boolean(ctx, &value, operand)
    });
    Some(Typed::boolean_of(joined?))
}

/// `and` or `or` of what is read of each operand; none where one has nothing. Long chains are read in a loop and joined as
/// a balanced tree: deep trees cost every later pass a stack frame a link.
pub(crate) fn chain(
    op: BinaryOp,
    expr: &Expr,
    read: impl FnMut(&Expr) -> Option<PlanExpr>,
) -> Option<PlanExpr> {
    let mut operands = Vec::new();
    let mut rest = expr;
    while let ExprKind::Binary {
        op: inner,
        left,
        right,
        ..
    } = &rest.kind
        && *inner == op
    {
        operands.push(right.as_ref());
        rest = left;
    }
    operands.push(rest);
    // All of them are read, for what is wrong with each.
    let conditions: Vec<Option<PlanExpr>> = operands.into_iter().rev().map(read).collect();
    let operator = match op {
        BinaryOp::And => Operator::And,
        _ => Operator::Or,
    };
    balanced(operator, conditions.into_iter().collect::<Option<_>>()?)
}

/// The conditions joined by one operator, as a tree of logarithmic depth.
pub(crate) fn balanced(operator: Operator, mut conditions: Vec<PlanExpr>) -> Option<PlanExpr> {
    if conditions.len() <= 1 {
        return conditions.pop();
    }
    let right = conditions.split_off(conditions.len() / 2);
    let (left, right) = (balanced(operator, conditions)?, balanced(operator, right)?);
    Some(PlanExpr::BinaryExpr(BinaryExpr::new(
        Box::new(left),
        operator,
        Box::new(right),
    )))
}

/// What is legal in a comparison, but surely not meant.
fn warn(
    ctx: &mut Context,
    reading: &Reading,
    (left, a): (&Expr, &Typed),
    (right, b): (&Expr, &Typed),
    expr: &Expr,
    op: Compare,
) {
    let (left_type, right_type) = (a.ty(), b.ty());
    let is_null = |expr: &Expr| {
        matches!(
            expr.kind,
            ExprKind::Literal(syntax::dql::ast::Literal::Null)
        )
    };
    if is_null(left) || is_null(right) {
        let (field, test) = (
            if is_null(left) { right } else { left },
            match op {
                Compare::NotEqual => "isNotNull",
                _ => "isNull",
            },
        );
        let fix = format!("{test}({})", crate::canonical(field));
        ctx.report(
            Diagnostic::warning(
                Code::ComparedToNull,
                expr.span,
                "a comparison with null is never true",
            )
            .help("test for null with a function")
            .fix(expr.span, fix),
        );
        return;
    }
    let unknown = |ty: &Type| matches!(ty, Type::Null | Type::Dynamic);
    let numbers = left_type.is_number() && right_type.is_number();
    if !unknown(&left_type) && !unknown(&right_type) && !numbers && !left_type.same(&right_type) {
        let comes_of_it = match op {
            Compare::Equal => "they are never equal",
            Compare::NotEqual => "they are never equal, so this is true of all that are not null",
            _ => "this is never true",
        };
        let diagnostic = Diagnostic::warning(
            Code::NeverTrue,
            expr.span,
            format!(
                "{} is compared with {}: {comes_of_it}",
                left_type.article(),
                right_type.article()
            ),
        );
        let is_time = |ty: &Type| matches!(ty, Type::Timestamp(_));
        ctx.report(match is_time(&left_type) || is_time(&right_type) {
            true => diagnostic.help(
                "events are bounded in time where they are fetched: fetch logs, from: \"2024-01-15T08:00:00Z\"",
            ),
            false => diagnostic,
        });
    }
    for (field, value) in [(left, b), (right, a)] {
        if op == Compare::Equal
            && let (ExprKind::Field(name), Some(text)) = (&field.kind, value.string_value())
            && let Some(values) = reading
                .scope
                .get(&name.text)
                .and_then(|f| f.values.as_ref())
            && !values.iter().any(|known| known == text)
        {
            let message = format!("no event has \"{text}\" as its `{}`", name.text);
            ctx.report(crate::events::none_has(expr.span, message, values));
        }
    }
}
