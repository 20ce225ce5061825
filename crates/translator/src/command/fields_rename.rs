//! `fieldsRename new = old, …`: the same values under other names, in their places.

use functions::compare::Truth;
use syntax::dql::ast::Command;
use syntax::{Code, Diagnostic};

use super::Pattern;
use crate::arguments::Takes;
use crate::context::{Context, Stage};
use crate::expr;

pub(super) fn fields_rename(
    ctx: &mut Context,
    mut stage: Stage,
    command: &Command,
) -> Option<Stage> {
    let given = super::given(ctx, command, &Takes::NOTHING_NAMED);
    if !super::some(
        ctx,
        command,
        &given,
        "an assignment, as in: fieldsRename new = old",
    ) {
        return None;
    }
    let mut renamed = Vec::new();
    for element in &given.positional {
        let (Some(new), Some(old)) = (&element.name, element.field()) else {
            ctx.report(
                Diagnostic::error(
                    Code::WrongType,
                    element.span,
                    "`fieldsRename` takes assignments of one field to another",
                )
                .help("write it as in: fieldsRename new = old"),
            );
            continue;
        };
        let expression = element.expr(ctx)?;
        let value = expr::value(ctx, &stage.scope, expression, Truth::Exact)?;
        renamed.push((new.clone(), old.text.clone(), value, element.span));
    }
    // All names change at once, so that two fields can be swapped.
    let mut scope = stage.scope.emptied();
    scope.remove(
        renamed
            .iter()
            .map(|(_, old, ..)| Pattern::name(old))
            .collect(),
    );
    for field in stage.scope.fields() {
        let named_so = renamed.iter().find(|(new, ..)| *new == field.name);
        match renamed.iter().find(|(_, old, ..)| *old == field.name) {
            Some((new, _, value, span)) => super::set(ctx, &mut scope, new, value.clone(), *span),
            None => match named_so {
                // It gives way to the one that takes its name.
                Some((new, .., span)) => ctx.report(super::overrides(new, *span)),
                None => {
                    scope.put(field.clone());
                }
            },
        }
    }
    for (new, old, value, _) in renamed {
        // A field that there was not, and one that was given a second name.
        if stage.scope.get(&old).is_none() || scope.get(&new).is_none() {
            scope.set(&new, value);
        }
    }
    stage.scope = scope;
    Some(stage)
}
