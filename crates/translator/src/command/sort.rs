//! `sort expression [asc|desc], …`: null last in both directions.

use datafusion::logical_expr::LogicalPlanBuilder;
use functions::compare::Truth;
use functions::{Type, Typed};
use syntax::dql::ast::{Command, Direction};

use crate::arguments::Takes;
use crate::context::{Context, Stage};
use crate::expr;

pub(super) fn sort(ctx: &mut Context, mut stage: Stage, command: &Command) -> Option<Stage> {
    let takes = Takes {
        named: &[],
        unsupported: &["direction"],
    };
    let given = super::ordering(ctx, command, &takes);
    if !super::some(ctx, command, &given, "a field or an expression to sort by") {
        return None;
    }
    let mut keys = Vec::new();
    let mut fine = true;
    for element in &given.positional {
        let Some(expression) = element.expr(ctx) else {
            fine = false;
            continue;
        };
        let Some(value) = expr::value(ctx, &stage.scope, expression, Truth::Exact) else {
            fine = false;
            continue;
        };
        let ascending = element.direction != Some(Direction::Descending);
        // DataFusion orders no structs by what is in them first, so a timeframe is ordered by its ends.
        match &value {
            Typed::Timeframe { start, end } => {
                keys.push((start.as_ref().clone(), ascending));
                keys.push((end.as_ref().clone(), ascending));
            }
            _ if value.ty() == Type::Null => {}
            _ => keys.push((value.sort_key(), ascending)),
        }
    }
    if !fine {
        return None;
    }
    if !keys.is_empty() {
        // Keys become columns: they are computed once a record, where a merge of sorted parts would compute them again;
        // and DataFusion can't always tell that parts sorted by some expressions are in the order it asks of them.
        let (keys, ascending): (Vec<_>, Vec<bool>) = keys.into_iter().unzip();
        let mut keys: Vec<Typed> = keys
            .into_iter()
            .map(|key| Typed::known(key, Type::Null))
            .collect();
        let mut pending: Vec<&mut Typed> = keys.iter_mut().collect();
        let plan = ctx.materialize(stage.plan, command.span, &mut pending)?;
        let keys = keys
            .iter()
            .zip(ascending)
            .map(|(key, ascending)| key.expr().sort(ascending, false));
        let built = super::builder(plan).sort(keys);
        stage.plan = ctx.internal(command.span, built.and_then(LogicalPlanBuilder::build))?;
    }
    stage.shown_by.clear();
    Some(stage)
}
