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
    // Plans lose the order of records, and groups come in any; the same query should look the same twice.
    let order = stage.visible_order();
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
