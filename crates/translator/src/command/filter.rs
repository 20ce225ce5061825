//! `filter condition` and `filterOut condition`: a record stays where the condition is true, or where it is not.

use datafusion::logical_expr::{Expr, LogicalPlanBuilder};
use syntax::dql::ast::Command;

use crate::arguments::Takes;
use crate::context::{Context, Stage};
use crate::expr;

pub(super) fn filter(ctx: &mut Context, stage: Stage, command: &Command) -> Option<Stage> {
    keep(ctx, stage, command, |condition| condition)
}

pub(super) fn filter_out(ctx: &mut Context, stage: Stage, command: &Command) -> Option<Stage> {
    // Null is not true, so such records stay.
    keep(ctx, stage, command, Expr::is_not_true)
}

fn keep(
    ctx: &mut Context,
    mut stage: Stage,
    command: &Command,
    wanted: fn(Expr) -> Expr,
) -> Option<Stage> {
    let given = super::given(ctx, command, &Takes::NOTHING_NAMED);
    let condition = super::single(ctx, command, &given, "a condition")?;
    let condition = expr::condition(ctx, &stage.scope, condition)?;
    let wanted = crate::prefilter::before(&stage.plan, wanted(condition));
    let built = super::builder(stage.plan).filter(wanted);
    stage.plan = ctx.internal(command.span, built.and_then(LogicalPlanBuilder::build))?;
    Some(stage)
}
