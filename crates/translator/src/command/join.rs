//! `join [query], on: {…}, kind: …`: the pairs of records that match.

use datafusion::common::JoinType;
use datafusion::logical_expr::Expr as PlanExpr;
use functions::Typed;
use functions::compare::Truth;
use syntax::dql::ast::{Accessor, BinaryOp, Command, Expr, ExprKind};
use syntax::{Code, Diagnostic, Span};

use super::block;
use crate::arguments::{Given, Takes};
use crate::context::{Context, Stage};
use crate::expr;
use crate::scope::Scope;

/// Checks the parameters that say how a join is executed: they change no answer, and here the sub-query always comes
/// first, which is held in memory while the other records stream by.
pub(super) fn hints(ctx: &mut Context, given: &Given<'_>) {
    given.word(ctx, "executionOrder", &["auto", "leftFirst", "rightFirst"]);
    given.flag(ctx, "broadcast");
}

pub(super) fn join(ctx: &mut Context, mut stage: Stage, command: &Command) -> Option<Stage> {
    let takes = Takes {
        named: &[
            "on",
            "kind",
            "prefix",
            "fields",
            "executionOrder",
            "broadcast",
        ],
        unsupported: &[],
    };
    let given = super::given(ctx, command, &takes);
    hints(ctx, &given);
    let kind = match given.named("kind") {
        None => Some("inner"),
        Some(_) => given.word(ctx, "kind", &["inner", "leftOuter", "outer"]),
    };
    let (_, block) = block::given(ctx, command, &given)?;
    let right = block::run(ctx, block)?;
    let keys = keys(ctx, command, &given, &stage.scope, &right.scope);
    let added = block::added(ctx, &given, &right.scope, "right.");
    let (keys, added, kind) = (keys?, added?, kind?);
    let side = block::side(ctx, &right, added, keys.right, block.span)?;
    let kind = match kind {
        "leftOuter" => JoinType::Right,
        "outer" => JoinType::Full,
        _ => JoinType::Inner,
    };
    let mut left = keys.left;
    if kind == JoinType::Full {
        left = absent_with_record(ctx, &mut stage, left, command.span)?;
    }
    stage.plan = side.join(ctx, stage.plan, left, kind, command.span)?;
    if !stage.order.is_empty() {
        stage.order.extend(side.order);
    }
    for (name, value) in side.fields {
        super::set(ctx, &mut stage.scope, &name, value, command.name.span);
    }
    Some(stage)
}

/// Puts all that is not read off the plan's columns into columns, so that it is null where a record of the sub-query
/// has no partner.
fn absent_with_record(
    ctx: &mut Context,
    stage: &mut Stage,
    keys: Vec<PlanExpr>,
    span: Span,
) -> Option<Vec<PlanExpr>> {
    let mut scope = stage.scope.clone();
    let computed: Vec<_> = scope
        .fields()
        .iter()
        .filter(|field| match &field.value {
            Typed::Known { expr, .. } => !matches!(expr, PlanExpr::Column(_)),
            value => value.fixed().is_some(),
        })
        .cloned()
        .collect();
    let count = keys.len();
    let exprs = computed.iter().flat_map(|field| block::parts(&field.value));
    let exprs = exprs.chain(keys).collect();
    let (plan, mut names) = ctx.with_columns(stage.plan.clone(), span, exprs)?;
    let keys = names.split_off(names.len() - count);
    let mut names = names.into_iter();
    for mut field in computed {
        field.value = block::whole(field.value.ty(), &mut names);
        scope.put(field);
    }
    stage.plan = plan;
    stage.scope = scope;
    Some(keys.iter().map(|key| crate::column(key)).collect())
}

/// The keys of both sides, pair by pair.
pub(super) struct Keys {
    pub(super) left: Vec<PlanExpr>,
    pub(super) right: Vec<PlanExpr>,
}

/// Reads `on:`.
pub(super) fn keys(
    ctx: &mut Context,
    command: &Command,
    given: &Given<'_>,
    left: &Scope,
    right: &Scope,
) -> Option<Keys> {
    let Some(on) = given.named("on").filter(|on| !on.elements.is_empty()) else {
        super::missing(
            ctx,
            command,
            "`on:`, a field that both sides have, or conditions: on: {left[a] == right[b]}",
        );
        return None;
    };
    let mut keys = Keys {
        left: Vec::new(),
        right: Vec::new(),
    };
    let mut fine = true;
    for element in &on.elements {
        let pair = element
            .expr(ctx)
            .filter(|_| element.name.is_none())
            .and_then(sides);
        let Some((a, b)) = pair else {
            let written = ctx.text.get(element.span.range()).unwrap_or_default();
            ctx.report_unless_broken(
                element.span,
                Diagnostic::error(
                    Code::WrongType,
                    element.span,
                    format!("`{written}` is no condition that records can be joined on"),
                )
                .help("write a field that both sides have, or left[a] == right[b]"),
            );
            fine = false;
            continue;
        };
        let a = expr::value(ctx, left, &a, Truth::Exact);
        let b = expr::value(ctx, right, &b, Truth::Exact);
        let (Some(a), Some(b)) = (a, b) else {
            fine = false;
            continue;
        };
        block::warn_unlike(ctx, &a, &b, element.span);
        let (a, b) = a.match_keys(&b);
        keys.left.push(a);
        keys.right.push(b);
    }
    fine.then_some(keys)
}

/// The two sides of a condition, each over the fields of its own records.
fn sides(condition: &Expr) -> Option<(Expr, Expr)> {
    match &condition.kind {
        ExprKind::Field(_) => Some((condition.clone(), condition.clone())),
        ExprKind::Binary {
            op: BinaryOp::Equal,
            left,
            right,
            ..
        } => {
            let pair = |a, b| Some((of_side(a, "left")?, of_side(b, "right")?));
            pair(left, right).or_else(|| pair(right, left))
        }
        _ => None,
    }
}

/// `side[field][key]…` as `field[key]…`
fn of_side(expr: &Expr, side: &str) -> Option<Expr> {
    let ExprKind::Access { base, accessor } = &expr.kind else {
        return None;
    };
    if let (ExprKind::Field(name), Accessor::Key(field)) = (&base.kind, accessor)
        && name.text.eq_ignore_ascii_case(side)
    {
        return Some(Expr {
            kind: ExprKind::Field(field.clone()),
            span: Span::new(field.span.start, expr.span.end),
        });
    }
    Some(Expr {
        kind: ExprKind::Access {
            base: Box::new(of_side(base, side)?),
            accessor: accessor.clone(),
        },
        span: expr.span,
    })
}
