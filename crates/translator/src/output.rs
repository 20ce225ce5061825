//! The end of every pipeline: the visible fields as columns of the plan.

use std::sync::Arc;

use datafusion::logical_expr::{Expr, LogicalPlanBuilder, SortExpr, cast};
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
    let mut order = stage.visible_order();
    // Keys are columns: DataFusion can't always tell that rows sorted by an expression are in the order it asks of them.
    let computed: Vec<&mut SortExpr> = order
        .iter_mut()
        .filter(|key| !matches!(key.expr, Expr::Column(_)))
        .collect();
    let exprs = computed.iter().map(|key| key.expr.clone()).collect();
    let (plan, names) = ctx.with_columns(stage.plan, span, exprs)?;
    for (key, name) in computed.into_iter().zip(&names) {
        key.expr = crate::column(name);
    }
    let mut plan = LogicalPlanBuilder::new_from_arc(Arc::new(plan));
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
