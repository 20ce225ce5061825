//! `limit n`: the first n records.

use std::sync::Arc;

use datafusion::logical_expr::{EmptyRelation, LogicalPlan, LogicalPlanBuilder};
use syntax::dql::ast::Command;
use syntax::{Code, Diagnostic};

use crate::arguments::Takes;
use crate::constant::{Constant, constant};
use crate::context::{Context, Stage};

pub(super) fn limit(ctx: &mut Context, mut stage: Stage, command: &Command) -> Option<Stage> {
    let given = super::given(ctx, command, &Takes::NOTHING_NAMED);
    let expr = super::single(ctx, command, &given, "a number of records")?;
    let count = match constant(ctx, expr)? {
        Constant::Long(count) => usize::try_from(count).ok(),
        _ => None,
    };
    let Some(count) = count else {
        ctx.report(Diagnostic::error(
            Code::WrongType,
            expr.span,
            "`limit` has to be a whole number that is not negative",
        ));
        return None;
    };
    if count == 0 {
        // A sort that keeps the first none of its rows is more than DataFusion expects.
        stage.plan = LogicalPlan::EmptyRelation(EmptyRelation {
            produce_one_row: false,
            schema: Arc::clone(stage.plan.schema()),
        });
        return Some(stage);
    }
    let built = super::builder(stage.plan).limit(0, Some(count));
    stage.plan = ctx.internal(command.span, built.and_then(LogicalPlanBuilder::build))?;
    Some(stage)
}
