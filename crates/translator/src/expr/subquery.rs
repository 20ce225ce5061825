//! Sub-queries inside expressions: `value in [query]` and the function `lookup([query], …)`.
//!
//! Their records are joined to those of the query before the command that holds the expression runs; where the
//! expression is read, its value is a column already.

use functions::Typed;
use functions::compare::Truth;
use syntax::dql::ast::{Command, Expr, ExprKind};
use syntax::{Code, Diagnostic, Span};

use super::fixed::{given, parts};
use crate::command::{is_in, looked_up};
use crate::context::{Context, Joined, Stage};

/// Joins the sub-queries in the expressions of a command to the records before it.
pub(crate) fn join_all(ctx: &mut Context, mut stage: Stage, command: &Command) -> Stage {
    let (mut exprs, mut blocks) = (Vec::new(), Vec::new());
    for parameter in &command.parameters {
        given(parameter, &mut exprs, &mut blocks);
    }
    ctx.subqueries.clear();
    let mut found = Vec::new();
    exprs.into_iter().for_each(|expr| find(expr, &mut found));
    for expr in found {
        let value = match &expr.kind {
            ExprKind::In { needle, block } => is_in(ctx, &mut stage, needle, block),
            ExprKind::Call(call) => looked_up(ctx, &mut stage, call).map(|record| Joined {
                exact: record.clone(),
                only_true: record,
            }),
            _ => None,
        };
        ctx.subqueries.push((expr.span, value));
    }
    stage
}

/// The expressions that hold sub-queries, the inner ones first.
fn find<'e>(expr: &'e Expr, found: &mut Vec<&'e Expr>) {
    let (inner, blocks) = parts(expr);
    inner.into_iter().for_each(|inner| find(inner, found));
    let takes_one = match &expr.kind {
        ExprKind::In { .. } => true,
        ExprKind::Call(call) => is_lookup(&call.name.text),
        _ => false,
    };
    if takes_one && (!blocks.is_empty() || matches!(expr.kind, ExprKind::Call(_))) {
        found.push(expr);
    }
}

/// Whether a function is the one that looks records up.
pub(super) fn is_lookup(name: &str) -> bool {
    name.eq_ignore_ascii_case("lookup")
}

/// The value of the expression with a sub-query that stands at `span`.
pub(super) fn value(ctx: &mut Context, span: Span, truth: Truth) -> Option<Typed> {
    if let Some((_, value)) = ctx.subqueries.iter().find(|(place, _)| *place == span) {
        let value = value.clone()?;
        return Some(match truth {
            Truth::OnlyTrue => value.only_true,
            Truth::Exact => value.exact,
        });
    }
    ctx.report(
        Diagnostic::error(
            Code::UnexpectedToken,
            span,
            "a sub-query can't stand here: there are no records to join it to",
        )
        .help("use it in a command behind the first one"),
    );
    None
}
