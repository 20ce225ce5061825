//! `fieldsRemove field, "pattern*", …`: the fields without these.

use syntax::dql::ast::Command;

use super::fields_keep::{patterns, retain};
use crate::arguments::Takes;
use crate::context::{Context, Stage};

pub(super) fn fields_remove(ctx: &mut Context, stage: Stage, command: &Command) -> Option<Stage> {
    let given = super::given(ctx, command, &Takes::NOTHING_NAMED);
    if !super::some(ctx, command, &given, "a field") {
        return None;
    }
    let patterns = patterns(ctx, &stage.scope, &given.positional)?;
    Some(retain(stage, |name| {
        !patterns.iter().any(|pattern| pattern.matches(name))
    }))
}
