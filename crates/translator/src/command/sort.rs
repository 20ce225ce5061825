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
                keys.push(start.as_ref().clone().sort(ascending, false));
                keys.push(end.as_ref().clone().sort(ascending, false));
            }
            _ if value.ty() == Type::Null => {}
            _ => keys.push(value.sort_key().sort(ascending, false)),
        }
    }
    if !fine {
        return None;
    }
    if !keys.is_empty() {
        let built = super::builder(stage.plan).sort(keys);
        stage.plan = ctx.internal(command.span, built.and_then(LogicalPlanBuilder::build))?;
    }
    stage.shown_by.clear();
    Some(stage)
}
