//! Sub-queries as sides of a join: their records in columns that no other plan has.
//!
//! DataFusion gathers the first input of a hash join in memory and streams the second, so the sub-query comes first.

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, JoinType, ScalarValue};
use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::{
    Expr as PlanExpr, ExprFunctionExt, LogicalPlan, LogicalPlanBuilder, SortExpr, WindowFrame,
    WindowFrameBound, WindowFrameUnits, lit,
};
use functions::compare::Truth;
use functions::{Type, Typed, measured};
use syntax::dql::ast::{Block, Value};
use syntax::{Code, Diagnostic, Span};

use crate::arguments::{Element, Given};
use crate::context::{Context, Stage};
use crate::expr;
use crate::scope::Scope;

/// The one sub-query that a command was given, with its element.
pub(super) fn given<'g, 'a>(
    ctx: &mut Context,
    command: &'a syntax::dql::ast::Command,
    given: &'g Given<'a>,
) -> Option<(&'g Element<'a>, &'a Block)> {
    let what = "a sub-query in brackets: [ fetch logs | … ]";
    if let Some(second) = given.positional.get(1) {
        ctx.report(Diagnostic::error(
            Code::TooManyParameters,
            second.span,
            format!(
                "`{}` takes one sub-query, and nothing else without a name",
                command.name.text
            ),
        ));
    }
    let Some(element) = given.positional.first() else {
        super::missing(ctx, command, what);
        return None;
    };
    match element.value {
        Value::Block(block) => Some((element, block)),
        Value::Expr(expr) => {
            ctx.report_unless_broken(
                expr.span,
                Diagnostic::error(
                    Code::WrongType,
                    expr.span,
                    format!("`{}` takes {what}", command.name.text),
                ),
            );
            None
        }
    }
}

/// The records of a sub-query. Its `fetch` has the timeframe that was asked for around the whole query, unless it has
/// one of its own.
pub(super) fn run(ctx: &mut Context, block: &Block) -> Option<Stage> {
    let query = block
        .query
        .as_ref()
        .filter(|query| !query.commands.is_empty());
    let Some(query) = query else {
        ctx.report_unless_broken(
            block.span,
            Diagnostic::error(
                Code::MissingCommand,
                block.span,
                "a sub-query needs at least one command",
            ),
        );
        return None;
    };
    // The expressions inside have sub-queries of their own.
    let outer = std::mem::take(&mut ctx.subqueries);
    let stage = super::pipeline(ctx, query);
    ctx.subqueries = outer;
    stage
}

/// The records of a sub-query with their keys, all in columns of their own.
pub(super) struct Side {
    pub(super) plan: LogicalPlan,
    /// The values that were asked for, under their names.
    pub(super) fields: Vec<(String, Typed)>,
    /// The columns of the keys.
    pub(super) keys: Vec<String>,
    /// The columns that the records are in the order of.
    pub(super) order: Vec<SortExpr>,
}

/// Makes a side of a stage: these values of it, and these keys.
pub(super) fn side(
    ctx: &mut Context,
    stage: &Stage,
    fields: Vec<(String, Typed)>,
    keys: Vec<PlanExpr>,
    span: Span,
) -> Option<Side> {
    // What stands in the query itself is never too much.
    let number = reads_table(&stage.plan).then(|| i64::try_from(span.start).unwrap_or(i64::MAX));
    let bounded = |expr: PlanExpr| match number {
        Some(number) => measured(expr, number),
        None => expr,
    };
    let mut columns = Vec::new();
    let mut column = |ctx: &mut Context, expr: PlanExpr| {
        let name = ctx.fresh();
        columns.push(expr.alias(&name));
        name
    };
    let fields = fields
        .into_iter()
        .map(|(name, value)| {
            let mut own = parts(&value)
                .into_iter()
                .map(|expr| column(ctx, bounded(expr)))
                .collect::<Vec<_>>()
                .into_iter();
            (name, whole(value.ty(), &mut own))
        })
        .collect();
    let keys = keys
        .into_iter()
        .map(|key| column(ctx, bounded(key)))
        .collect();
    let order = stage
        .visible_order()
        .into_iter()
        .map(|key| {
            let own = column(ctx, key.expr);
            crate::column(&own).sort(key.asc, key.nulls_first)
        })
        .collect();
    if columns.is_empty() {
        // A record without columns would be no record.
        columns.push(lit(true).alias(ctx.fresh()));
    }
    let built = super::builder(stage.plan.clone()).project(columns);
    let plan = ctx.internal(span, built.and_then(LogicalPlanBuilder::build))?;
    Some(Side {
        plan,
        fields,
        keys,
        order,
    })
}

/// The columns that a value needs: none for null, and two for a timeframe, since DataFusion's optimizer has trouble with
/// structs on their way through joins.
pub(super) fn parts(value: &Typed) -> Vec<PlanExpr> {
    match value {
        Typed::Timeframe { start, end } => vec![start.as_ref().clone(), end.as_ref().clone()],
        value if value.ty() == Type::Null => Vec::new(),
        value => vec![value.expr()],
    }
}

/// The value whose [`parts`] stand in the next of these columns.
pub(super) fn whole(ty: Type, columns: &mut impl Iterator<Item = String>) -> Typed {
    let mut next = || {
        let column = columns.next();
        column.map_or_else(|| functions::null(&ty), |name| crate::column(&name))
    };
    match ty {
        Type::Null => Typed::null(),
        Type::Timeframe => Typed::Timeframe {
            start: Box::new(next()),
            end: Box::new(next()),
        },
        _ => Typed::of(next(), ty.clone()),
    }
}

fn reads_table(plan: &LogicalPlan) -> bool {
    let mut found = false;
    // The walk itself can't fail.
    let _ = plan.apply(|node| {
        found |= matches!(node, LogicalPlan::TableScan(_));
        Ok(TreeNodeRecursion::Continue)
    });
    found
}

impl Side {
    /// Of the records with the same key only the first; those with a null key, which match nothing, are left out.
    pub(super) fn first_of_each(&mut self, ctx: &mut Context, span: Span) -> Option<()> {
        let keys: Vec<PlanExpr> = self.keys.iter().map(|key| crate::column(key)).collect();
        let plan = std::mem::replace(&mut self.plan, nothing());
        self.plan = first_of_each(ctx, plan, keys.clone(), self.order.clone(), span)?;
        Some(())
    }

    /// Joins the side to the records of a stage, whose keys are `keys`; gives the plan of both.
    pub(super) fn join(
        &self,
        ctx: &mut Context,
        plan: LogicalPlan,
        keys: Vec<PlanExpr>,
        kind: JoinType,
        span: Span,
    ) -> Option<LogicalPlan> {
        let (plan, names) = ctx.with_columns(plan, span, keys)?;
        let column = |names: &[String]| -> Vec<Column> {
            names.iter().map(Column::new_unqualified).collect()
        };
        let keys = (column(&self.keys), column(&names));
        let (own, plan) = match kind {
            JoinType::Right => (hide_constants(self.plan.clone()), Ok(plan)),
            JoinType::Full => (hide_constants(self.plan.clone()), hide_constants(plan)),
            _ => (Ok(self.plan.clone()), Ok(plan)),
        };
        let built = own.and_then(|own| super::builder(own).join(plan?, kind, keys, None));
        ctx.internal(span, built.and_then(LogicalPlanBuilder::build))
    }
}

/// The columns of a side whose rows may be missing, of which none is taken for constant.
fn hide_constants(plan: LogicalPlan) -> datafusion::common::Result<LogicalPlan> {
    let columns: Vec<PlanExpr> = plan
        .schema()
        .iter()
        .map(|(qualifier, field)| {
            let column = PlanExpr::Column(Column::new(qualifier.cloned(), field.name()));
            functions::varying(column).alias_qualified(qualifier.cloned(), field.name())
        })
        .collect();
    super::builder(plan).project(columns)?.build()
}

/// A plan to leave in the place of one that is taken.
pub(super) fn nothing() -> LogicalPlan {
    LogicalPlan::EmptyRelation(datafusion::logical_expr::EmptyRelation {
        produce_one_row: false,
        schema: std::sync::Arc::new(datafusion::common::DFSchema::empty()),
    })
}

/// Of the records with the same keys only the first in an order.
pub(super) fn first_of_each(
    ctx: &mut Context,
    plan: LogicalPlan,
    keys: Vec<PlanExpr>,
    order: Vec<SortExpr>,
    span: Span,
) -> Option<LogicalPlan> {
    // As columns: what the rows are numbered by must be what they were sorted by, also where DataFusion computes an
    // expression once for several places.
    let (plan, names) = ctx.with_columns(plan, span, keys)?;
    let keys: Vec<PlanExpr> = names.iter().map(|name| crate::column(name)).collect();
    let number = ctx.fresh();
    // Said outright: the usual frame needs an order.
    let rows = WindowFrame::new_bounds(
        WindowFrameUnits::Rows,
        WindowFrameBound::Preceding(ScalarValue::UInt64(None)),
        WindowFrameBound::CurrentRow,
    );
    let built = row_number()
        .partition_by(keys)
        .order_by(order)
        .window_frame(rows)
        .build()
        .and_then(|numbered| super::builder(plan).window([numbered.alias(&number)]))
        .and_then(|plan| plan.filter(crate::column(&number).eq(lit(1u64))))
        .and_then(LogicalPlanBuilder::build);
    ctx.internal(span, built)
}

/// The fields of a sub-query that a join adds: those of `fields:` under their own names or aliases, or else all of
/// them under the prefix.
pub(super) fn added(
    ctx: &mut Context,
    given: &Given<'_>,
    scope: &Scope,
    default_prefix: &str,
) -> Option<Vec<(String, Typed)>> {
    let prefix = match given.named("prefix") {
        Some(_) => Some(given.text(ctx, "prefix")?),
        None => None,
    };
    let Some(named) = given.named("fields") else {
        let prefix = prefix.as_deref().unwrap_or(default_prefix);
        let visible = scope.fields().iter().filter(|field| !field.hidden);
        let prefixed =
            visible.map(|field| (format!("{prefix}{}", field.name), field.value.clone()));
        return Some(prefixed.collect());
    };
    let prefix = prefix.unwrap_or_default();
    let values: Vec<Option<(String, Typed)>> = named
        .elements
        .iter()
        .map(|element| {
            let expression = element.expr(ctx)?;
            let value = expr::value(ctx, scope, expression, Truth::Exact)?;
            let name = match &element.name {
                Some(name) => name.clone(),
                None => format!("{prefix}{}", element.result_name()),
            };
            Some((name, value))
        })
        .collect();
    values.into_iter().collect()
}

/// The warning about keys that are never equal.
pub(super) fn warn_unlike(ctx: &mut Context, left: &Typed, right: &Typed, span: Span) {
    let (left, right) = (left.ty(), right.ty());
    let unknown = |ty: &Type| matches!(ty, Type::Null | Type::Dynamic);
    let numbers = left.is_number() && right.is_number();
    let arrays = matches!((&left, &right), (Type::Array(_), Type::Array(_)));
    if unknown(&left) || unknown(&right) || numbers || arrays || left.same(&right) {
        return;
    }
    ctx.report(Diagnostic::warning(
        Code::NeverTrue,
        span,
        format!(
            "{} is compared with {}: no record ever matches",
            left.article(),
            right.article()
        ),
    ));
}
