//! `fieldsRemove field, "pattern*", …`: the fields without these.

use syntax::dql::ast::Command;

use super::fields_keep::patterns;
use crate::arguments::Takes;
use crate::context::{Context, Stage};

pub(super) fn fields_remove(
    ctx: &mut Context,
    mut stage: Stage,
    command: &Command,
) -> Option<Stage> {
    let given = super::given(ctx, command, &Takes::NOTHING_NAMED);
    if !super::some(ctx, command, &given, "a field") {
        return None;
    }
    let patterns = patterns(ctx, &stage.scope, &given.positional)?;
    stage.scope.remove(patterns);
    Some(stage)
}
