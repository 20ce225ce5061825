//! `summarize [name =] aggregation, …, by: {[name =] expression, …}`: one record a group.

use datafusion::functions_aggregate::expr_fn::count;
use datafusion::logical_expr::{Expr as PlanExpr, LogicalPlan, LogicalPlanBuilder, lit};
use functions::compare::Truth;
use functions::{Type, Typed};
use syntax::dql::ast::Command;
use syntax::{Code, Diagnostic, Span};

use crate::arguments::{Element, Given, Takes};
use crate::context::{Context, Stage};
use crate::expr::{self, Aggregations, Found, Reading};
use crate::scope::Scope;

pub(super) fn summarize(ctx: &mut Context, mut stage: Stage, command: &Command) -> Option<Stage> {
    let given = super::given(
        ctx,
        command,
        &Takes {
            named: &["by"],
            unsupported: &[],
        },
    );
    let mut found = Found::default();
    let groups = groups(ctx, &stage.scope, &mut found, &given)?;
    if !super::some(ctx, command, &given, "an aggregation, such as count()") {
        return None;
    }
    let mut scope = groups.scope.clone();
    let values: Vec<Option<(String, Typed, Span)>> = given
        .positional
        .iter()
        .map(|element| {
            let value = aggregated(ctx, &stage.scope, &groups.scope, &mut found, element)?;
            Some((element.result_name(), value, element.span))
        })
        .collect();
    let values: Vec<_> = values.into_iter().collect::<Option<_>>()?;
    if found.exprs.is_empty() && groups.keys.is_empty() {
        // What is null for certain needs no aggregation, and the one record of the result needs one to come from.
        found.exprs.push(count(lit(1i64)).alias(ctx.fresh()));
    }
    if let Some(place) = &found.place {
        stage.plan = super::places::placed(ctx, &stage, place, command.span)?;
    }
    stage.plan = made(ctx, stage.plan, groups.made, command.span)?;
    let one = groups.keys.is_empty();
    let built = super::builder(stage.plan)
        .aggregate(groups.keys, found.exprs)
        .and_then(|plan| if one { single(plan) } else { Ok(plan) });
    let plan = ctx.internal(command.span, built.and_then(LogicalPlanBuilder::build))?;
    for (name, value, span) in values {
        super::set(ctx, &mut scope, &name, value, span);
    }
    let shown_by = groups.scope.names().map(str::to_owned).collect();
    Some(Stage {
        plan,
        scope,
        timeframe: stage.timeframe,
        shown_by,
        order: Vec::new(),
    })
}

/// The one row of an aggregation without groups. The limit keeps conditions above it: DataFusion would ask those that
/// read no column of the records below instead, where they no longer drop the row.
pub(super) fn single(
    aggregation: LogicalPlanBuilder,
) -> datafusion::common::Result<LogicalPlanBuilder> {
    aggregation.limit(0, Some(1))
}

/// What records are grouped by.
pub(super) struct Groups {
    /// What keys are made of that has to be a column below the aggregation, under its name: see [`made`].
    pub(super) made: Vec<PlanExpr>,
    /// The keys under their column names.
    pub(super) keys: Vec<PlanExpr>,
    /// The fields that they give behind the aggregation.
    pub(super) scope: Scope,
}

/// Reads `by:`.
pub(super) fn groups(
    ctx: &mut Context,
    input: &Scope,
    found: &mut Found,
    given: &Given<'_>,
) -> Option<Groups> {
    let mut groups = Groups {
        made: Vec::new(),
        keys: Vec::new(),
        scope: Scope::closed(),
    };
    let Some(by) = given.named("by") else {
        return Some(groups);
    };
    if let [only] = by.elements.as_slice()
        && only.span.end == by.span.end
    {
        let mut braced = String::from("{");
        braced.push_str(ctx.text.get(only.span.range()).unwrap_or_default());
        braced.push('}');
        ctx.report(
            Diagnostic::info(
                Code::UngroupedParameters,
                only.span,
                "what is grouped by is written in braces, even one field",
            )
            .fix(only.span, braced),
        );
    }
    let mut fine = true;
    for element in &by.elements {
        let value = element
            .expr(ctx)
            .and_then(|expression| expr::value(ctx, input, expression, Truth::Exact));
        let Some(value) = value else {
            fine = false;
            continue;
        };
        let field = group(ctx, &value, &mut groups, found);
        super::set(
            ctx,
            &mut groups.scope,
            &element.result_name(),
            field,
            element.span,
        );
    }
    if groups.keys.is_empty() && !by.elements.is_empty() {
        // All is null for certain, which makes one group, but none of no record.
        groups.keys.push(lit(true).alias(ctx.fresh()));
    }
    fine.then_some(groups)
}

/// The plan with more columns. A scan leaves out of them what its files settle, and reads a record's text for the few rows
/// that need it; in the aggregation itself they would ask every row for its text.
pub(super) fn made(
    ctx: &mut Context,
    plan: LogicalPlan,
    made: Vec<PlanExpr>,
    span: Span,
) -> Option<LogicalPlan> {
    if made.is_empty() {
        return Some(plan);
    }
    let columns = plan.schema().columns().into_iter().map(PlanExpr::Column);
    let columns: Vec<PlanExpr> = columns.chain(made).collect();
    let plan = super::builder(plan).project(columns);
    ctx.internal(span, plan.and_then(LogicalPlanBuilder::build))
}

/// Adds the key of one value, and gives the value as it is behind the aggregation.
fn group(ctx: &mut Context, value: &Typed, groups: &mut Groups, found: &mut Found) -> Typed {
    if let Typed::Place(place) = value
        && let Some(parts) = place.apart()
    {
        return group_apart(ctx, parts, groups, found);
    }
    let keys = &mut groups.keys;
    let mut key = |ctx: &mut Context, expr: PlanExpr| {
        let name = ctx.fresh();
        keys.push(expr.alias(&name));
        crate::column(&name)
    };
    match value {
        Typed::Timeframe { start, end } => Typed::Timeframe {
            start: Box::new(key(ctx, start.as_ref().clone())),
            end: Box::new(key(ctx, end.as_ref().clone())),
        },
        value => match value.ty() {
            Type::Null => Typed::null(),
            ty if functions::has_spellings(&ty) => {
                let column = key(ctx, functions::spelling_key(value));
                let place = found.place(ctx);
                let first = functions::first_spelling(value, place);
                let first = found.add(ctx, first).expr();
                Typed::of(functions::first_present(vec![first, column]), ty)
            }
            ty => Typed::of(key(ctx, value.group_key()), ty),
        },
    }
}

/// Adds two keys of a value that [`functions::Place::apart`] gives in parts: the strings, and all else, which is null for
/// nearly all records. One of them is null for every record.
fn group_apart(
    ctx: &mut Context,
    (irregular, string, other): (PlanExpr, PlanExpr, PlanExpr),
    groups: &mut Groups,
    found: &mut Found,
) -> Typed {
    let place = found.place(ctx);
    let mut column = |expr: PlanExpr| {
        let name = ctx.fresh();
        groups.made.push(expr.alias(&name));
        crate::column(&name)
    };
    let string = column(string);
    let other = column(other);
    // So that others are not asked for their place.
    let place = column(functions::choice(irregular, place, &Type::Long));
    let other = Typed::dynamic(other);
    let mut key = |expr: PlanExpr| {
        let name = ctx.fresh();
        groups.keys.push(expr.alias(&name));
        crate::column(&name)
    };
    let string = Typed::known(key(string), Type::String);
    let spelled = key(functions::spelling_key(&other));
    let first = functions::first_text(other.value_text(), place);
    let first = found.add(ctx, first).expr();
    Typed::dynamic(functions::first_present(vec![
        string.value_text(),
        first,
        spelled,
    ]))
}

/// The value of one element of an aggregation.
pub(super) fn aggregated(
    ctx: &mut Context,
    input: &Scope,
    groups: &Scope,
    found: &mut Found,
    element: &Element<'_>,
) -> Option<Typed> {
    let expression = element.expr(ctx)?;
    let before = found.exprs.len();
    let mut reading = Reading {
        scope: groups,
        aggregations: Some(Aggregations { input, found }),
    };
    let value = expr::outermost(ctx, &mut reading, expression, Truth::Exact)?;
    if found.exprs.len() == before && !expr::is_aggregate(expression) {
        ctx.report(
            Diagnostic::error(
                Code::NotAnAggregation,
                element.span,
                "an aggregation such as count() was expected here",
            )
            .help("fields to group by stand in braces: by: {a, b}"),
        );
        return None;
    }
    Some(value)
}
