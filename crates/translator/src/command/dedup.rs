//! `dedup expression, …`: of the records with the same values only the first, with all its fields.

use datafusion::logical_expr::Expr as PlanExpr;
use functions::compare::Truth;
use functions::{Type, Typed};
use syntax::dql::ast::Command;

use super::{block, limit, sort};
use crate::arguments::Takes;
use crate::context::{Context, Stage};
use crate::expr;

pub(super) fn dedup(ctx: &mut Context, mut stage: Stage, command: &Command) -> Option<Stage> {
    let takes = Takes {
        named: &["sort", "limit", "filterPushThrough"],
        unsupported: &[],
    };
    let given = super::given(ctx, command, &takes);
    // It tells an optimizer what it may do, and changes no answer.
    given.flag(ctx, "filterPushThrough");
    let most = match given.named("limit") {
        Some(_) => given.long(ctx, "limit", (0, i64::MAX)),
        None => Some(i64::MAX),
    };
    let any = super::some(ctx, command, &given, "a field or an expression");
    let mut keys = Vec::new();
    let mut fine = any;
    for element in &given.positional {
        let value = element
            .expr(ctx)
            .and_then(|expression| expr::value(ctx, &stage.scope, expression, Truth::Exact));
        match value {
            Some(value) => group(&value, &mut keys),
            None => fine = false,
        }
    }
    let sorted = sort::keys(ctx, &mut stage, given.elements("sort"), command.span)?;
    let most = most.filter(|_| fine)?;
    // As if the records were sorted, and then the first one of each kept.
    let ordered = !stage.order.is_empty();
    let mut order = sorted;
    for before in std::mem::take(&mut stage.order) {
        if !order.iter().any(|key| key.expr == before.expr) {
            order.push(before);
        }
    }
    stage.plan = block::first_of_each(ctx, stage.plan, keys, order.clone(), command.span)?;
    // Records in any order stay in any, unless it matters which of them are kept.
    if ordered || most < i64::MAX {
        stage.order = order;
    }
    match usize::try_from(most) {
        Ok(most) if most < i64::MAX as usize => limit::first(ctx, stage, command, most),
        _ => Some(stage),
    }
}

/// The keys that are equal for equal values, null for null.
fn group(value: &Typed, keys: &mut Vec<PlanExpr>) {
    match value {
        _ if value.fixed().is_some() || value.ty() == Type::Null => {}
        Typed::Timeframe { start, end } => {
            keys.extend([start.as_ref().clone(), end.as_ref().clone()]);
        }
        value => keys.push(value.group_key()),
    }
}
