//! `lookup [query], sourceField: …, lookupField: …` and the function of that name: the first matching record of a
//! sub-query.

use datafusion::common::JoinType;
use functions::Typed;
use functions::compare::Truth;
use syntax::dql::ast::{Block, Call, Command, Expr};

use super::{block, join};
use crate::arguments::{Given, Takes};
use crate::context::{Context, Stage};
use crate::expr;

pub(super) fn lookup(ctx: &mut Context, mut stage: Stage, command: &Command) -> Option<Stage> {
    let takes = Takes {
        named: &[
            "sourceField",
            "lookupField",
            "prefix",
            "fields",
            "executionOrder",
            "broadcast",
        ],
        unsupported: &[],
    };
    let given = super::given(ctx, command, &takes);
    join::hints(ctx, &given);
    let (_, sub_query) = block::given(ctx, command, &given)?;
    let right = block::run(ctx, sub_query)?;
    let keys = fields(ctx, &given);
    if given.named("lookupField").is_none() {
        super::missing(
            ctx,
            command,
            "`lookupField:`, the field of the sub-query to look in",
        );
    }
    let added = block::added(ctx, &given, &right.scope, "lookup.");
    let (source, key) = keys?;
    let added = added?;
    let added = first(ctx, &mut stage, (source, key), (&right, sub_query), added)?;
    if given.named("fields").is_none() {
        let prefix = given
            .text(ctx, "prefix")
            .unwrap_or_else(|| "lookup.".to_owned());
        stage.scope.retain(|field| !field.name.starts_with(&prefix));
    }
    for (name, value) in added {
        super::set(ctx, &mut stage.scope, &name, value, command.name.span);
    }
    Some(stage)
}

/// `lookup([query], sourceField: …, lookupField: …)`: the first matching record as a record, or null.
pub(crate) fn looked_up(ctx: &mut Context, stage: &mut Stage, call: &Call) -> Option<Typed> {
    let takes = Takes {
        named: &["sourceField", "lookupField", "executionOrder"],
        unsupported: &[],
    };
    let given = crate::arguments::given(ctx, "lookup", &call.parameters, &takes);
    join::hints(ctx, &given);
    let name = syntax::dql::ast::Command {
        name: call.name.clone(),
        parameters: Vec::new(),
        span: call.name.span,
    };
    let (_, sub_query) = block::given(ctx, &name, &given)?;
    let right = block::run(ctx, sub_query)?;
    if given.named("lookupField").is_none() {
        super::missing(
            ctx,
            &name,
            "`lookupField:`, the field of the sub-query to look in",
        );
    }
    let keys = fields(ctx, &given)?;
    let visible = right.scope.fields().iter().filter(|field| !field.hidden);
    let members: Vec<(String, Typed)> = visible
        .map(|field| (field.name.clone(), field.value.clone()))
        .collect();
    let record = vec![(String::new(), functions::record(&members))];
    let (_, record) = first(ctx, stage, keys, (&right, sub_query), record)?.pop()?;
    Some(record)
}

/// The fields to compare: `sourceField:` of the records at hand, which may be left out where it has the same name, and
/// `lookupField:` of the sub-query.
fn fields<'a>(ctx: &mut Context, given: &Given<'a>) -> Option<(&'a Expr, &'a Expr)> {
    let (lookup, _) = given.one(ctx, "lookupField")?;
    let source = match given.named("sourceField") {
        Some(_) => given.one(ctx, "sourceField")?.0,
        None => lookup,
    };
    Some((source, lookup))
}

/// Joins the first matching record to each record, and gives the values asked for; null where none matches.
fn first(
    ctx: &mut Context,
    stage: &mut Stage,
    (source, lookup): (&Expr, &Expr),
    (right, sub_query): (&Stage, &Block),
    values: Vec<(String, Typed)>,
) -> Option<Vec<(String, Typed)>> {
    let source = expr::value(ctx, &stage.scope, source, Truth::Exact);
    let key = expr::value(ctx, &right.scope, lookup, Truth::Exact);
    let (source, key) = (source?, key?);
    block::warn_unlike(ctx, &source, &key, lookup.span);
    let (source, key) = source.match_keys(&key);
    let span = sub_query.span;
    let mut side = block::side(ctx, right, values, vec![key], span)?;
    side.first_of_each(ctx, span)?;
    let plan = stage.plan.clone();
    stage.plan = side.join(ctx, plan, vec![source], JoinType::Right, span)?;
    Some(side.fields)
}
