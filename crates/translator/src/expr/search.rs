//! `value ~ "term"`

use datafusion::logical_expr::Expr as PlanExpr;
use functions::compare::Truth;
use functions::{SearchScope, Sought, Type, Typed};
use syntax::dql::ast::{Expr, ExprKind, Literal};
use syntax::{Code, Diagnostic, Span};

use super::{Reading, read};
use crate::context::Context;

pub(super) fn search(
    ctx: &mut Context,
    reading: &mut Reading,
    (left, right): (&Expr, &Expr),
) -> Option<Typed> {
    let value = read(ctx, reading, left, Truth::Exact);
    let sought = sought(ctx, right, false, SearchScope::All);
    let found = found(ctx, &value?, &sought?, left.span);
    Some(Typed::boolean_of(found))
}

/// The term that stands on the right of `~`, or alone in `search`.
pub(crate) fn sought(
    ctx: &mut Context,
    term: &Expr,
    case_sensitive: bool,
    scope: SearchScope,
) -> Option<Sought> {
    match &term.kind {
        ExprKind::Literal(Literal::String(text)) => {
            let sought = Sought::new(text, case_sensitive, scope);
            ctx.check(sought.map_err(|fault| fault.at(term.span)))
        }
        ExprKind::Error => None,
        _ => {
            let message = "what is searched for has to be a text, written as it is";
            ctx.report_unless_broken(
                term.span,
                Diagnostic::error(Code::NotConstant, term.span, message)
                    .help("contains(…) looks for texts of fields"),
            );
            None
        }
    }
}

/// Whether a term is in a value, with a warning where it never is.
pub(crate) fn found(ctx: &mut Context, value: &Typed, sought: &Sought, span: Span) -> PlanExpr {
    let ty = value.ty();
    if ty != Type::Null && !sought.may_be_in(&ty) {
        let what = match Sought::WHOLE.takes(&ty) {
            true => "which no wildcard matches",
            false => "in which nothing is searched for",
        };
        let message = format!("this is {}, {what}: it is never true", ty.article());
        ctx.report(Diagnostic::warning(Code::NeverTrue, span, message));
    }
    sought.in_value(value)
}
