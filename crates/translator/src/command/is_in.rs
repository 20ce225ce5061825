//! `value in [query]`: whether the one field of a sub-query has the value in some record.

use datafusion::common::JoinType;
use datafusion::functions_aggregate::expr_fn::array_agg;
use datafusion::functions_nested::expr_fn::array_to_string;
use datafusion::logical_expr::{Expr as PlanExpr, ExprFunctionExt, LogicalPlanBuilder, cast, lit};
use functions::compare::Truth;
use functions::{Type, Typed};
use syntax::dql::ast::{Block, Expr};
use syntax::{Code, Diagnostic};

use super::block::{self, Side};
use crate::context::{Context, Joined, Stage};
use crate::expr;

/// The value of `needle in block`, whose records are joined to those of the stage. Null for a null needle, else never
/// null; an array is in where one of its elements is.
pub(crate) fn is_in(
    ctx: &mut Context,
    stage: &mut Stage,
    needle: &Expr,
    block: &Block,
) -> Option<Joined> {
    let value = expr::value(ctx, &stage.scope, needle, Truth::Exact);
    let right = block::run(ctx, block)?;
    let fields: Vec<_> = right
        .scope
        .fields()
        .iter()
        .filter(|field| !field.hidden)
        .collect();
    let [field] = fields.as_slice() else {
        let names: Vec<String> = fields
            .iter()
            .map(|field| syntax::dql::write_name(&field.name))
            .collect();
        let given = match names.len() {
            0 => "none".to_owned(),
            count => format!("{count}: {}", names.join(", ")),
        };
        let message =
            format!("the sub-query of `in` has to give exactly one field, and gives {given}");
        let diagnostic = Diagnostic::error(Code::TooManyParameters, block.span, message);
        ctx.report(match names.first() {
            Some(first) => diagnostic.help(format!(
                "end it with the field that is meant: | fields {first}"
            )),
            None => diagnostic,
        });
        return None;
    };
    let (value, known) = (value?, field.value.clone());
    if matches!(value.ty(), Type::Dynamic | Type::Array(_)) {
        let side = block::side(ctx, &right, Vec::new(), vec![known.canonical()], block.span)?;
        return among(ctx, stage, &value, side, block);
    }
    block::warn_unlike(ctx, &value, &known, block.span);
    let (needle, key) = value.match_keys(&known);
    let mut side = block::side(ctx, &right, Vec::new(), vec![key], block.span)?;
    let found = ctx.fresh();
    let keys = side.keys.iter().map(|key| crate::column(key));
    let built = super::builder(side.plan.clone())
        .aggregate(keys, Vec::<PlanExpr>::new())
        .and_then(|plan| {
            let keys = side.keys.iter().map(|key| crate::column(key));
            plan.project(keys.chain([lit(true).alias(&found)]))
        });
    side.plan = ctx.internal(block.span, built.and_then(LogicalPlanBuilder::build))?;
    let plan = stage.plan.clone();
    stage.plan = side.join(ctx, plan, vec![needle], JoinType::Right, block.span)?;
    let found = crate::column(&found).is_not_null();
    Some(Joined {
        exact: Typed::boolean_of(functions::when_present(&value.is_not_null(), found.clone())),
        only_true: Typed::boolean_of(found),
    })
}

/// Whether a value that may be an array has an element in the list: all values of the sub-query are one text, which
/// each record is given.
fn among(
    ctx: &mut Context,
    stage: &mut Stage,
    value: &Typed,
    side: Side,
    block: &Block,
) -> Option<Joined> {
    let key = side.keys.first()?;
    let (list, text) = (ctx.fresh(), ctx.fresh());
    let all = array_agg(crate::column(key)).distinct().build();
    let all = ctx.internal(block.span, all)?;
    let built = super::builder(side.plan)
        .filter(crate::column(key).is_not_null())
        .and_then(|plan| plan.aggregate(Vec::<PlanExpr>::new(), [all.alias(&list)]))
        .and_then(|plan| {
            let joined = datafusion::functions::string::expr_fn::concat(vec![
                lit("["),
                array_to_string(crate::column(&list), lit(",")),
                lit("]"),
            ]);
            plan.project([cast(joined, Type::String.arrow()).alias(&text)])
        })
        .and_then(|plan| plan.cross_join(stage.plan.clone()));
    stage.plan = ctx.internal(block.span, built.and_then(LogicalPlanBuilder::build))?;
    let member = functions::value::member(value.value_text(), vec![crate::column(&text)]);
    let member = Typed::boolean_of(member);
    Some(Joined {
        exact: member.clone(),
        only_true: member,
    })
}
