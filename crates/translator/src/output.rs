//! The end of every pipeline: the visible fields as columns of the plan.

use std::sync::Arc;

use datafusion::logical_expr::{LogicalPlanBuilder, cast};
use functions::{Precision, Type};
use syntax::Span;

use crate::context::{Context, Stage};
use crate::{OutputField, Translation};

pub(crate) fn output(ctx: &mut Context, stage: Stage, span: Span) -> Option<Translation> {
    let mut fields = Vec::new();
    let mut columns = Vec::new();
    for field in stage.scope.fields().iter().filter(|field| !field.hidden) {
        let mut ty = field.value.ty();
        let mut expr = field.value.expr();
        if ty == Type::Timestamp(Precision::Micro) {
            ty = Type::TIMESTAMP;
            expr = cast(expr, ty.arrow());
        }
        columns.push(expr.alias(field.name.clone()));
        fields.push(OutputField {
            name: field.name.clone(),
            ty,
        });
    }
    // Groups come in any order; the same query should look the same twice.
    let mut order = Vec::new();
    for name in &stage.shown_by {
        if let Some(field) = stage.scope.get(name)
            && !matches!(
                field.value.ty(),
                Type::Null | Type::Timeframe | Type::Array(_)
            )
        {
            order.push(field.value.sort_key().sort(true, false));
        }
    }
    let mut plan = LogicalPlanBuilder::new_from_arc(Arc::new(stage.plan));
    if !order.is_empty() {
        plan = ctx.internal(span, plan.sort(order))?;
    }
    let built = plan.project(columns).and_then(LogicalPlanBuilder::build);
    let plan = ctx.internal(span, built)?;
    Some(Translation {
        plan,
        fields,
        timeframe: stage.timeframe,
    })
}
