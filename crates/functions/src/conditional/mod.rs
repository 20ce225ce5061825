//! Choices between values.

mod coalesce;
mod if_;

use datafusion::logical_expr::Expr;

use crate::function::Function;
use crate::parameter::Argument;
use crate::typed::Typed;
use crate::types::Type;

/// The list.
pub(crate) const ALL: &[Function] = &[coalesce::COALESCE, if_::IF];

/// The values brought to one static type.
fn unified(values: &[&Argument]) -> (Vec<Expr>, Type) {
    let ty = Typed::common(values.iter().map(|argument| &argument.value));
    let exprs = values.iter().map(|argument| argument.value.as_type(&ty));
    (exprs.collect(), ty)
}
