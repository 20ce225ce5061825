//! The places of records among all, for aggregations that depend on their order.

use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::{ExprFunctionExt, LogicalPlan, LogicalPlanBuilder, SortExpr, cast};
use functions::Type;
use syntax::Span;

use crate::context::{Context, Stage};

/// What gives the records below a plan their order.
enum Order {
    /// A `sort`, by columns.
    Sorted(Vec<SortExpr>),
    /// Events as they are stored: in no order but that of their time.
    Events,
    /// They come as they come.
    Given,
}

/// The plan of the stage with a column `name` (`Int64`): the greater, the later a record comes.
///
/// Behind a `sort` records are numbered in its order, groups as they would be shown. Events have the order of their time,
/// so that nothing has to be put in order to know it; those of one time share a place.
pub(super) fn placed(
    ctx: &mut Context,
    stage: &Stage,
    name: &str,
    span: Span,
) -> Option<LogicalPlan> {
    let mut keys = match order(&stage.plan) {
        Order::Sorted(keys) => keys,
        Order::Events => match time(ctx, stage) {
            Some(time) => {
                let place = cast(crate::column(&time), Type::Long.arrow());
                return with(ctx, stage, span, |plan| {
                    plan.project(all(stage, place.alias(name)))
                });
            }
            None => Vec::new(),
        },
        Order::Given => Vec::new(),
    };
    let here = |key: &SortExpr| {
        let columns = key.expr.column_refs();
        columns
            .into_iter()
            .all(|column| stage.plan.schema().has_column(column))
    };
    if !keys.iter().all(here) {
        keys.clear();
    }
    keys.extend(
        stage
            .shown_by
            .iter()
            .filter_map(|name| stage.scope.get(name))
            .filter(|field| !matches!(field.value.ty(), Type::Null))
            .map(|field| field.value.sort_key().sort(true, false)),
    );
    let number = if keys.is_empty() {
        Ok(row_number())
    } else {
        row_number().order_by(keys).build()
    };
    let number = ctx.internal(span, number)?.alias("place");
    // The number is an unsigned one.
    let place = cast(crate::column("place"), Type::Long.arrow()).alias(name);
    with(ctx, stage, span, |plan| {
        plan.window([number])?.project(all(stage, place))
    })
}

fn with(
    ctx: &mut Context,
    stage: &Stage,
    span: Span,
    build: impl FnOnce(LogicalPlanBuilder) -> datafusion::common::Result<LogicalPlanBuilder>,
) -> Option<LogicalPlan> {
    let built = build(super::builder(stage.plan.clone()));
    ctx.internal(span, built.and_then(LogicalPlanBuilder::build))
}

/// All columns of the stage, and one more.
fn all(stage: &Stage, more: datafusion::logical_expr::Expr) -> Vec<datafusion::logical_expr::Expr> {
    let columns = stage.plan.schema().columns().into_iter();
    columns
        .map(datafusion::logical_expr::Expr::Column)
        .chain([more])
        .collect()
}

/// The column of the time of events, if the stage still has it.
fn time(ctx: &Context, stage: &Stage) -> Option<String> {
    let time = ctx.catalog.events(stage.timeframe)?.house.time;
    let known = stage.plan.schema().has_column_with_unqualified_name(&time);
    known.then_some(time)
}

/// Looks through what neither mixes nor reorders records.
fn order(plan: &LogicalPlan) -> Order {
    match plan {
        LogicalPlan::Sort(sort) => Order::Sorted(sort.expr.clone()),
        LogicalPlan::TableScan(_) => Order::Events,
        LogicalPlan::Projection(_)
        | LogicalPlan::Filter(_)
        | LogicalPlan::Limit(_)
        | LogicalPlan::SubqueryAlias(_)
        | LogicalPlan::Unnest(_) => match plan.inputs().as_slice() {
            [input] => order(input),
            _ => Order::Given,
        },
        _ => Order::Given,
    }
}
