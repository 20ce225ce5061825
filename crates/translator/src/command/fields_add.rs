//! `fieldsAdd [name =] expression, …`: more fields, or new values for known ones. Every expression sees the fields as
//! they were before the command.

use functions::Typed;
use syntax::dql::ast::Command;

use crate::arguments::Takes;
use crate::context::{Context, Stage};

pub(super) fn fields_add(ctx: &mut Context, mut stage: Stage, command: &Command) -> Option<Stage> {
    let given = super::given(ctx, command, &Takes::NOTHING_NAMED);
    if !super::some(ctx, command, &given, "a field") {
        return None;
    }
    let mut values = super::fields::evaluate(ctx, &stage.scope, &given.positional)?;
    let mut pending: Vec<&mut Typed> = values.iter_mut().map(|(_, value)| value).collect();
    stage.plan = ctx.materialize(stage.plan, command.span, &mut pending)?;
    for ((name, value), element) in values.into_iter().zip(&given.positional) {
        let unchanged = element.name.is_none() && element.field().is_some();
        if unchanged {
            stage.scope.set(&name, value);
        } else {
            super::set(ctx, &mut stage.scope, &name, value, element.span);
        }
    }
    Some(stage)
}
