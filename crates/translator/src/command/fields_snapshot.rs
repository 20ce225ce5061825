//! `fieldsSnapshot dataObject [, bucket:] [, by: {…}]`: how many of the records have each field.

use datafusion::common::{Column, UnnestOptions};
use datafusion::functions_aggregate::expr_fn::count;
use datafusion::functions_nested::expr_fn::make_array;
use datafusion::logical_expr::{Expr as PlanExpr, LogicalPlanBuilder, cast, lit};
use functions::{Type, Typed};
use syntax::dql::ast::Command;
use syntax::{Code, Diagnostic};

use super::{describe, fetch};
use crate::arguments::{Given, Takes};
use crate::context::{Context, Stage};
use crate::scope::Scope;

/// What the counts may be told apart by.
const DIMENSIONS: &[&str] = &["dt.system.bucket", "data_type"];

pub(super) fn fields_snapshot(ctx: &mut Context, command: &Command) -> Option<Stage> {
    let takes = Takes {
        named: &["bucket", "by", "dataObject", "sourceId"],
        unsupported: &[],
    };
    let given = super::given(ctx, command, &takes);
    let table = fetch::table(ctx, command, &given);
    let by = dimensions(ctx, &given);
    let (table, by) = (table?, by?);
    let timeframe = ctx.options.timeframe;
    let stage = fetch::records(ctx, command, &given, table, timeframe, 1)?;
    let events = fetch::events(ctx, command, table, timeframe)?;
    let fields: Vec<_> = stage
        .scope
        .fields()
        .iter()
        .filter(|field| !field.hidden)
        .collect();

    // One pass counts everything; then the counts, side by side, become records.
    let bucket = by.contains(&"dt.system.bucket");
    let key = ctx.fresh();
    let keys: Vec<PlanExpr> = stage
        .scope
        .get("dt.system.bucket")
        .filter(|_| bucket)
        .map(|field| field.value.expr().alias(&key))
        .into_iter()
        .collect();
    let all = ctx.fresh();
    let mut counts = vec![count(lit(1i64)).alias(&all)];
    let mut names = Vec::new();
    for field in &fields {
        let name = ctx.fresh();
        let one = functions::when_present(&field.value.is_not_null(), lit(1i64));
        counts.push(count(one).alias(&name));
        names.push(name);
    }
    let share = |name: &String| {
        let double = |name: &str| cast(crate::column(name), Type::Double.arrow());
        double(name) * lit(100.0) / double(&all)
    };
    let text = |text: &str| Typed::string_literal(text).expr();
    let fresh = [ctx.fresh(), ctx.fresh(), ctx.fresh()];
    let lists = [
        make_array(fields.iter().map(|field| text(&field.name)).collect()),
        make_array(
            fields
                .iter()
                .map(|field| {
                    text(
                        describe::types(field, &events)
                            .first()
                            .unwrap_or(&"undefined"),
                    )
                })
                .collect(),
        ),
        make_array(names.iter().map(share).collect()),
    ];
    let kept = keys.iter().map(|_| crate::column(&key)).collect::<Vec<_>>();
    let lists = lists
        .into_iter()
        .zip(&fresh)
        .map(|(list, name)| list.alias(name));
    let built = super::builder(stage.plan.clone())
        .aggregate(keys, counts)
        .and_then(|plan| plan.project(kept.into_iter().chain(lists)))
        .and_then(|plan| {
            let columns = fresh.iter().map(Column::new_unqualified).collect();
            let options = UnnestOptions::new().with_preserve_nulls(false);
            plan.unnest_columns_with_options(columns, options)
        })
        .and_then(|plan| plan.filter(crate::column(&fresh[2]).gt(lit(0.0))))
        .and_then(LogicalPlanBuilder::build);
    let plan = ctx.internal(command.span, built)?;
    let mut scope = Scope::closed();
    let column = |name: &str, ty: Type| Typed::known(crate::column(name), ty);
    scope.set("field", column(&fresh[0], Type::String));
    for dimension in &by {
        let value = match *dimension {
            "data_type" => column(&fresh[1], Type::String),
            _ => column(&key, Type::String),
        };
        scope.set(dimension, value);
    }
    scope.set("relative_count", column(&fresh[2], Type::Double));
    let shown_by = std::iter::once("field")
        .chain(by)
        .map(str::to_owned)
        .collect();
    Some(Stage {
        plan,
        scope,
        timeframe: stage.timeframe,
        shown_by,
        order: Vec::new(),
    })
}

/// Reads `by:`.
fn dimensions(ctx: &mut Context, given: &Given<'_>) -> Option<Vec<&'static str>> {
    let mut found = Vec::new();
    let mut fine = true;
    for element in given.elements("by") {
        let name = element.field();
        let known = name.and_then(|name| DIMENSIONS.iter().find(|known| **known == name.text));
        match known {
            Some(known) if !found.contains(known) => found.push(*known),
            Some(_) => {}
            None => {
                let message = "`by:` of `fieldsSnapshot` takes `dt.system.bucket` and `data_type`";
                let diagnostic = Diagnostic::error(Code::WrongType, element.span, message);
                ctx.report(match name {
                    Some(name) => diagnostic.suggest(&name.text, DIMENSIONS.iter().copied()),
                    None => diagnostic,
                });
                fine = false;
            }
        }
    }
    fine.then_some(found)
}
