//! Values that read no record are computed when they are translated.

use datafusion::logical_expr::Expr;
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::optimizer::simplify_expressions::ExprSimplifier;

use crate::typed::Typed;

/// The value as a literal, where it is the same for all records.
pub(crate) fn folded(value: Typed) -> Typed {
    let Typed::Known { expr, ty } = &value else {
        return value;
    };
    if matches!(expr, Expr::Literal(..)) || expr.any_column_refs() || expr.is_volatile() {
        return value;
    }
    let simplifier = ExprSimplifier::new(SimplifyContext::builder().build());
    match simplifier.simplify(expr.clone()) {
        Ok(Expr::Literal(scalar, metadata)) if scalar.data_type() == ty.arrow() => {
            Typed::known(Expr::Literal(scalar, metadata), ty.clone())
        }
        _ => value,
    }
}
