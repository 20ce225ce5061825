//! `joinNested name = [query], on: {…}`: the matching records of a sub-query as an array of records.

use datafusion::common::JoinType;
use datafusion::functions_aggregate::expr_fn::array_agg;
use datafusion::functions_nested::expr_fn::array_to_string;
use datafusion::logical_expr::{ExprFunctionExt, LogicalPlanBuilder, cast, lit};
use functions::{Type, Typed};
use syntax::dql::ast::Command;
use syntax::{Code, Diagnostic};

use super::{block, join};
use crate::arguments::Takes;
use crate::context::{Context, Stage};

pub(super) fn join_nested(ctx: &mut Context, mut stage: Stage, command: &Command) -> Option<Stage> {
    let takes = Takes {
        named: &["on", "fields", "executionOrder"],
        unsupported: &[],
    };
    let given = super::given(ctx, command, &takes);
    join::hints(ctx, &given);
    let (element, sub_query) = block::given(ctx, command, &given)?;
    if element.name.is_none() {
        ctx.report(
            Diagnostic::error(
                Code::MissingParameter,
                element.span,
                "the array of matching records needs a name",
            )
            .help("write it as in: joinNested name = [ fetch logs | … ], on: {field}"),
        );
    }
    let right = block::run(ctx, sub_query)?;
    let keys = join::keys(ctx, command, &given, &stage.scope, &right.scope);
    let members = block::added(ctx, &given, &right.scope, "");
    let (keys, members, name) = (keys?, members?, element.name.clone()?);
    let record = vec![(name, functions::record(&members))];
    let mut side = block::side(ctx, &right, record, keys.right, sub_query.span)?;
    let (name, record) = side.fields.pop()?;
    let list = array_agg(record.expr())
        .order_by(side.order.clone())
        .build();
    let list = ctx.internal(command.span, list)?;
    let lists = ctx.fresh();
    let group = side.keys.iter().map(|key| crate::column(key));
    let built = super::builder(side.plan.clone())
        .aggregate(group, [list.alias(&lists)])
        .and_then(|plan| {
            let text = datafusion::functions::string::expr_fn::concat(vec![
                lit("["),
                array_to_string(crate::column(&lists), lit(",")),
                lit("]"),
            ]);
            let keys = side.keys.iter().map(|key| crate::column(key));
            let text = cast(text, Type::String.arrow()).alias(format!("{lists}t"));
            plan.project(keys.chain([text]))
        });
    side.plan = ctx.internal(command.span, built.and_then(LogicalPlanBuilder::build))?;
    stage.plan = side.join(ctx, stage.plan, keys.left, JoinType::Right, command.span)?;
    let ty = Type::Array(Box::new(Type::Record));
    let value = Typed::of(crate::column(&format!("{lists}t")), ty);
    super::set(ctx, &mut stage.scope, &name, value, element.span);
    Some(stage)
}
