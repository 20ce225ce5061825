//! `sort expression [asc|desc], …`: stable, null last in both directions.

use datafusion::logical_expr::SortExpr;
use functions::compare::Truth;
use functions::{Type, Typed};
use syntax::Span;
use syntax::dql::ast::{Command, Direction};

use crate::arguments::{Element, Takes};
use crate::context::{Context, Stage};
use crate::expr;

pub(super) fn sort(ctx: &mut Context, mut stage: Stage, command: &Command) -> Option<Stage> {
    let takes = Takes {
        named: &["direction"],
        unsupported: &[],
    };
    let given = super::ordering(ctx, command, &takes);
    if !super::some(ctx, command, &given, "a field or an expression to sort by") {
        return None;
    }
    let mut order = keys(ctx, &mut stage, &given.positional, command.span)?;
    // Records that are equal in the keys stay in the order that they had, groups in that of theirs.
    let before = stage.visible_order();
    let (exprs, ways): (Vec<_>, Vec<_>) = before
        .into_iter()
        .map(|key| (key.expr, (key.asc, key.nulls_first)))
        .unzip();
    let mut columns: Vec<Typed> = exprs
        .into_iter()
        .map(|expr| Typed::known(expr, Type::Null))
        .collect();
    let mut pending: Vec<&mut Typed> = columns.iter_mut().collect();
    stage.plan = ctx.materialize(stage.plan, command.span, &mut pending)?;
    for (column, (ascending, nulls_first)) in columns.iter().zip(ways) {
        let column = column.expr();
        if !order.iter().any(|key| key.expr == column) {
            order.push(column.sort(ascending, nulls_first));
        }
    }
    stage.order = order;
    stage.shown_by.clear();
    stage.plan = super::in_order(ctx, &stage, command.span)?;
    Some(stage)
}

/// The keys of `elements` as columns, which are added to the plan of the stage.
pub(super) fn keys(
    ctx: &mut Context,
    stage: &mut Stage,
    elements: &[Element<'_>],
    span: Span,
) -> Option<Vec<SortExpr>> {
    let mut keys = Vec::new();
    let mut fine = true;
    for element in elements {
        let value = element
            .expr(ctx)
            .and_then(|expression| expr::value(ctx, &stage.scope, expression, Truth::Exact));
        let Some(value) = value else {
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
            // What is the same for all records orders none.
            _ if value.fixed().is_some() => {}
            _ => keys.push((value.sort_key(), ascending)),
        }
    }
    if !fine {
        return None;
    }
    // Keys become columns: they are computed once a record, where a merge of sorted parts would compute them again;
    // and DataFusion can't always tell that parts sorted by some expressions are in the order it asks of them.
    let (keys, ascending): (Vec<_>, Vec<bool>) = keys.into_iter().unzip();
    let mut keys: Vec<Typed> = keys
        .into_iter()
        .map(|key| Typed::known(key, Type::Null))
        .collect();
    let mut pending: Vec<&mut Typed> = keys.iter_mut().collect();
    stage.plan = ctx.materialize(stage.plan.clone(), span, &mut pending)?;
    let sorted = keys.iter().zip(ascending);
    Some(
        sorted
            .map(|(key, ascending)| key.expr().sort(ascending, false))
            .collect(),
    )
}
