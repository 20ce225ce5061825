//! Values that have to be known before the first record, and the walk over an expression that tells whether they are.

use functions::Value as Held;
use functions::compare::Truth;
use syntax::dql::ast::{Accessor, Block, Expr, ExprKind, Parameter, ParameterKind, Value};
use syntax::{Code, Diagnostic, Span};

use crate::context::Context;
use crate::scope::Scope;

/// The value of an expression that reads no field; one that does is reported.
pub(crate) fn fixed(ctx: &mut Context, expr: &Expr) -> Option<Held<'static>> {
    if let Some(span) = reads_records(expr) {
        not_constant(ctx, span);
        return None;
    }
    let value = super::value(ctx, &Scope::closed(), expr, Truth::Exact)?.fixed();
    if value.is_none() {
        not_constant(ctx, expr.span);
    }
    value
}

fn not_constant(ctx: &mut Context, span: Span) {
    ctx.report_unless_broken(
        span,
        Diagnostic::error(Code::NotConstant, span, "a constant was expected here")
            .help("no field may be read here: the value has to be known before the first record"),
    );
}

/// Where an expression reads records, if it does.
pub(crate) fn reads_records(expr: &Expr) -> Option<Span> {
    if let ExprKind::Field(_) | ExprKind::In { .. } = expr.kind {
        return Some(expr.span);
    }
    let (inner, blocks) = parts(expr);
    match blocks.first() {
        Some(block) => Some(block.span),
        None => inner.into_iter().find_map(reads_records),
    }
}

/// The expressions right inside of one, and the sub-queries.
pub(crate) fn parts(expr: &Expr) -> (Vec<&Expr>, Vec<&Block>) {
    let (mut inner, mut blocks) = (Vec::new(), Vec::new());
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Field(_) | ExprKind::Error => {}
        ExprKind::Call(call) => {
            for parameter in &call.parameters {
                given(parameter, &mut inner, &mut blocks);
            }
        }
        ExprKind::Access { base, accessor } => {
            let (Accessor::Index(_) | Accessor::Key(_) | Accessor::Each) = accessor;
            inner.push(base);
        }
        ExprKind::Unary { operand, .. } => inner.push(operand),
        ExprKind::Binary { left, right, .. } => inner.extend([left.as_ref(), right.as_ref()]),
        ExprKind::In { needle, block } => {
            inner.push(needle);
            blocks.push(block);
        }
        ExprKind::Align { left, .. } => inner.extend(left.as_deref()),
    }
    (inner, blocks)
}

/// The expressions and the sub-queries of a parameter, groups opened.
pub(crate) fn given<'a>(
    parameter: &'a Parameter,
    exprs: &mut Vec<&'a Expr>,
    blocks: &mut Vec<&'a Block>,
) {
    match &parameter.kind {
        ParameterKind::Argument(argument) => match &argument.value {
            Value::Expr(expr) => exprs.push(expr),
            Value::Block(block) => blocks.push(block),
        },
        ParameterKind::Group(inner) => {
            inner.iter().for_each(|inner| given(inner, exprs, blocks));
        }
        ParameterKind::Named { value, .. } => given(value, exprs, blocks),
    }
}
