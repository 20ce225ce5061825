//! Choices between values.

mod coalesce;
mod if_;

use datafusion::logical_expr::{Expr, cast};
use syntax::{Code, Diagnostic};

use crate::function::Function;
use crate::parameter::Argument;
use crate::types::Type;

/// The list.
pub(crate) const ALL: &[Function] = &[coalesce::COALESCE, if_::IF];

/// The values brought to one static type, where they have one, or to JSON text.
fn unified(values: &[&Argument]) -> Result<(Vec<Expr>, Type), Diagnostic> {
    let mut types = values
        .iter()
        .map(|argument| argument.value.ty())
        .filter(|ty| *ty != Type::Null);
    let Some(first) = types.next() else {
        return Ok((
            values
                .iter()
                .map(|argument| argument.value.expr())
                .collect(),
            Type::Null,
        ));
    };
    let common = types.try_fold(first, |common, ty| match (&common, &ty) {
        (Type::Timestamp(_), Type::Timestamp(_)) if common != ty => Some(Type::TIMESTAMP),
        _ => (common == ty).then_some(common),
    });
    let ty = common.unwrap_or(Type::Dynamic);
    let mut exprs = Vec::with_capacity(values.len());
    for argument in values {
        let value = &argument.value;
        let expr = match &ty {
            _ if value.ty() == Type::Null => crate::document::null(&ty),
            Type::Dynamic => value.json().ok_or_else(|| {
                Diagnostic::error(
                    Code::UnsupportedExpression,
                    argument.span,
                    format!(
                        "{} can't stand beside values of other types yet",
                        value.ty().article()
                    ),
                )
            })?,
            Type::Timestamp(_) => cast(value.expr(), ty.arrow()),
            _ => value.expr(),
        };
        exprs.push(expr);
    }
    Ok((exprs, ty))
}

/// The value of an expression of a unified type.
fn value(expr: Expr, ty: Type) -> crate::typed::Typed {
    match ty {
        Type::Dynamic => crate::typed::Typed::dynamic(expr),
        ty => crate::typed::Typed::known(expr, ty),
    }
}
