//! `fields [name =] expression, …`: exactly these fields, in this order.

use functions::Typed;
use functions::compare::Truth;
use syntax::dql::ast::Command;

use crate::arguments::{Element, Takes};
use crate::context::{Context, Stage};
use crate::expr;
use crate::scope::Scope;

pub(super) fn fields(ctx: &mut Context, mut stage: Stage, command: &Command) -> Option<Stage> {
    let given = super::given(ctx, command, &Takes::NOTHING_NAMED);
    if !super::some(ctx, command, &given, "a field") {
        return None;
    }
    let mut values = evaluate(ctx, &stage.scope, &given.positional)?;
    let mut pending: Vec<&mut Typed> = values.iter_mut().map(|(_, value)| value).collect();
    stage.plan = ctx.materialize(stage.plan, command.span, &mut pending)?;
    let mut scope = Scope::closed();
    for ((name, value), element) in values.into_iter().zip(&given.positional) {
        super::set(ctx, &mut scope, &name, value, element.span);
    }
    stage.scope = scope;
    Some(stage)
}

/// The values of a list of fields, each over the fields before the command, with their names.
pub(super) fn evaluate(
    ctx: &mut Context,
    scope: &Scope,
    elements: &[Element<'_>],
) -> Option<Vec<(String, Typed)>> {
    let values: Vec<Option<(String, Typed)>> = elements
        .iter()
        .map(|element| {
            let expression = element.expr(ctx)?;
            let value = expr::value(ctx, scope, expression, Truth::Exact)?;
            Some((element.result_name(), value))
        })
        .collect();
    values.into_iter().collect()
}
