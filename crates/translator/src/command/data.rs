//! `data record(…), …`: records written in the query.

use datafusion::logical_expr::{Expr as PlanExpr, LogicalPlanBuilder, cast};
use functions::compare::Truth;
use functions::{Type, Typed};
use syntax::dql::ast::{Command, Expr, ExprKind, FieldName, Parameter, ParameterKind, Value};
use syntax::{Code, Diagnostic, Span};

use crate::arguments::Takes;
use crate::catalog::Timeframe;
use crate::context::{Context, Stage};
use crate::expr;
use crate::scope::Scope;

pub(super) fn data(ctx: &mut Context, command: &Command) -> Option<Stage> {
    let given = super::given(
        ctx,
        command,
        &Takes {
            named: &[],
            unsupported: &["json"],
        },
    );
    let mut records = Vec::new();
    for element in &given.positional {
        let expression = element.expr(ctx)?;
        records.push(record(ctx, expression)?);
    }
    if !super::some(
        ctx,
        command,
        &given,
        "a record, as in: data record(a = 1, b = \"x\")",
    ) {
        return None;
    }
    let mut names: Vec<String> = Vec::new();
    for (name, _) in records.iter().flatten() {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    let mut columns = Vec::new();
    for name in &names {
        columns.push(column(ctx, name, &records, command.span)?);
    }
    // A row of no values would be no row: an extra column carries records without fields.
    let rows = (0..records.len())
        .map(|row| {
            let values = columns.iter().map(|(_, values)| values[row].clone());
            values
                .chain([Typed::known(datafusion::logical_expr::lit(true), Type::Boolean).expr()])
                .collect()
        })
        .collect();
    let built = LogicalPlanBuilder::values(rows);
    let fresh: Vec<String> = columns.iter().map(|_| ctx.fresh()).collect();
    let built = built.and_then(|plan| {
        let named: Vec<PlanExpr> = fresh
            .iter()
            .enumerate()
            .map(|(place, name)| crate::column(&format!("column{}", place + 1)).alias(name))
            .collect();
        let carrier = crate::column(&format!("column{}", fresh.len() + 1)).alias("$record");
        plan.project(named.into_iter().chain([carrier]))
    });
    let plan = ctx.internal(command.span, built.and_then(LogicalPlanBuilder::build))?;
    let mut scope = Scope::closed();
    for ((name, (ty, _)), fresh) in names.iter().zip(&columns).zip(&fresh) {
        let column = crate::column(fresh);
        let value = match ty {
            Type::Dynamic => Typed::dynamic(column),
            ty => Typed::known(column, ty.clone()),
        };
        scope.set(name, value);
    }
    Some(Stage {
        plan,
        scope,
        timeframe: Timeframe::default(),
        shown_by: Vec::new(),
    })
}

/// The fields of `record(…)`, each with its constant value.
fn record(ctx: &mut Context, expression: &Expr) -> Option<Vec<(String, Typed)>> {
    let call = match &expression.kind {
        ExprKind::Call(call) if call.name.text.eq_ignore_ascii_case("record") => call,
        _ => {
            ctx.report(Diagnostic::error(
                Code::WrongType,
                expression.span,
                "`data` takes records: record(name = value, …)",
            ));
            return None;
        }
    };
    let mut fields = Vec::new();
    for parameter in &call.parameters {
        members(ctx, parameter, &mut fields)?;
    }
    Some(fields)
}

fn members(
    ctx: &mut Context,
    parameter: &Parameter,
    fields: &mut Vec<(String, Typed)>,
) -> Option<()> {
    match &parameter.kind {
        ParameterKind::Group(inner) => inner
            .iter()
            .try_for_each(|inner| members(ctx, inner, fields)),
        ParameterKind::Argument(argument) => {
            let expression = match &argument.value {
                Value::Expr(expression) => expression,
                Value::Block(block) => {
                    ctx.report(Diagnostic::error(
                        Code::UnexpectedToken,
                        block.span,
                        "a sub-query can't stand here",
                    ));
                    return None;
                }
            };
            let value = expr::value(ctx, &Scope::closed(), expression, Truth::Exact)?;
            let name = argument.name.as_ref().map_or_else(
                || crate::canonical(expression),
                |FieldName { text, .. }| text.clone(),
            );
            fields.push((name, value));
            Some(())
        }
        ParameterKind::Named { name, .. } => {
            ctx.report(
                Diagnostic::error(
                    Code::UnknownParameter,
                    name.span,
                    "the fields of a record are assigned with `=`",
                )
                .fix(Span::new(name.span.end, name.span.end + 1), " ="),
            );
            None
        }
    }
}

/// One field of all records: its common type, or JSON text where there is none.
fn column(
    ctx: &mut Context,
    name: &str,
    records: &[Vec<(String, Typed)>],
    span: Span,
) -> Option<(Type, Vec<PlanExpr>)> {
    let value = |record: &Vec<(String, Typed)>| {
        record
            .iter()
            .rev()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.clone())
    };
    let values: Vec<Typed> = records
        .iter()
        .map(|record| value(record).unwrap_or_else(Typed::null))
        .collect();
    let mut types = values.iter().map(Typed::ty).filter(|ty| *ty != Type::Null);
    let ty = match types.next() {
        None => Type::Null,
        Some(first) if types.all(|ty| ty == first) => first,
        Some(_) => Type::Dynamic,
    };
    let mut exprs = Vec::new();
    for value in values {
        let expr = match ty {
            Type::Null => value.expr(),
            Type::Dynamic => match value.json() {
                Some(json) => json,
                None => {
                    ctx.report(Diagnostic::error(
                        Code::UnsupportedExpression,
                        span,
                        format!(
                            "the field `{name}` mixes {} with values of other types, which is not supported yet",
                            value.ty().article()
                        ),
                    ));
                    return None;
                }
            },
            _ => cast(value.expr(), ty.arrow()),
        };
        exprs.push(expr);
    }
    Some((ty, exprs))
}
