//! Literals.

use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr, lit};
use functions::{Type, Typed};
use syntax::dql::ast::Literal;
use syntax::{Code, Diagnostic, Span};

use crate::constant::fixed;
use crate::context::Context;

pub(super) fn literal(ctx: &mut Context, literal: &Literal, span: Span) -> Option<Typed> {
    Some(match literal {
        Literal::Null => Typed::null(),
        Literal::Boolean(value) => Typed::known(lit(*value), Type::Boolean),
        Literal::Long(value) => Typed::known(lit(*value), Type::Long),
        Literal::Double(value) => Typed::known(lit(*value), Type::Double),
        Literal::String(value) => Typed::string_literal(value),
        Literal::Duration(duration) => {
            let Some(nanos) = fixed(*duration) else {
                ctx.report(
                    Diagnostic::error(
                        Code::BadDuration,
                        span,
                        "a duration of calendar units is no value: it has no fixed length",
                    )
                    .help("calendar units may stand next to a timestamp, as in now() - 1M"),
                );
                return None;
            };
            let literal = ScalarValue::DurationNanosecond(Some(nanos));
            Typed::known(Expr::Literal(literal, None), Type::Duration)
        }
    })
}
