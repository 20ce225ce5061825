//! `fieldsFlatten record [, prefix:] [, fields: {…}] [, depth: n]`: the members of a record as fields.
//!
//! Which fields there are is in the records alone, so they are asked for their keys before the query runs.

use datafusion::logical_expr::LogicalPlanBuilder;
use functions::{Step, Type, Typed, Value};
use syntax::dql::ast::{Accessor, Command, Expr, ExprKind, FieldName};
use syntax::{Code, Diagnostic, Span};

use crate::arguments::{Given, Takes};
use crate::context::{Context, Stage};
use crate::expr;

/// The most levels that are opened.
const DEEPEST: i64 = 10;

pub(super) fn fields_flatten(
    ctx: &mut Context,
    mut stage: Stage,
    command: &Command,
) -> Option<Stage> {
    let takes = Takes {
        named: &["prefix", "fields", "depth"],
        unsupported: &[],
    };
    let given = super::given(ctx, command, &takes);
    let depth = match given.named("depth") {
        Some(_) => given.long(ctx, "depth", (1, DEEPEST)),
        None => Some(1),
    };
    let prefix = match given.named("prefix") {
        Some(named) => {
            if given.named("fields").is_some() {
                ctx.report(
                    Diagnostic::error(
                        Code::DuplicateParameter,
                        named.span,
                        "`prefix` and `fields` exclude each other",
                    )
                    .help("fields get names of their own: fields: {name = key}"),
                );
            }
            Some(given.text(ctx, "prefix")?)
        }
        None => None,
    };
    let expression = super::single(ctx, command, &given, "a field that holds a record")?;
    let ExprKind::Field(field) = &expression.kind else {
        ctx.report_unless_broken(
            expression.span,
            Diagnostic::error(
                Code::WrongType,
                expression.span,
                "`fieldsFlatten` takes a field that holds a record",
            )
            .help("put the record into a field with `fieldsAdd` first"),
        );
        return None;
    };
    let record = expr::value(
        ctx,
        &stage.scope,
        expression,
        functions::compare::Truth::Exact,
    )?;
    if !matches!(record.ty(), Type::Record | Type::Dynamic | Type::Null) {
        ctx.report(Diagnostic::warning(
            Code::NeverTrue,
            expression.span,
            format!(
                "`{}` is {}, and no record: it has no fields",
                field.text,
                record.ty().article()
            ),
        ));
    }
    let members = match given.named("fields") {
        Some(_) => named(ctx, &given),
        None => {
            let prefix = prefix.unwrap_or_else(|| format!("{}.", field.text));
            all(ctx, &stage, &record, depth?, &prefix, command.span)
        }
    }?;
    let depth = depth?;
    // What was asked for by name is taken as it is.
    let opened = if given.named("fields").is_some() {
        1
    } else {
        depth
    };
    for (name, path, span) in members {
        let value = member(&record, &path, opened);
        super::set(ctx, &mut stage.scope, &name, value, span);
    }
    Some(stage)
}

/// A member: the field's name, the keys that lead to it, and where it was asked for.
type Member = (String, Vec<String>, Span);

/// Reads `fields:`, which names keys, or keys inside of keys.
fn named(ctx: &mut Context, given: &Given<'_>) -> Option<Vec<Member>> {
    let mut fine = true;
    let mut members = Vec::new();
    for element in given.elements("fields") {
        let path = element.expr(ctx).and_then(path);
        let Some(path) = path else {
            ctx.report_unless_broken(
                element.span,
                Diagnostic::error(
                    Code::WrongType,
                    element.span,
                    "`fields:` takes keys of the record, as in: fields: {key, name = key}",
                ),
            );
            fine = false;
            continue;
        };
        members.push((element.result_name(), path, element.span));
    }
    fine.then_some(members)
}

/// The keys of `key[key]…`.
fn path(expr: &Expr) -> Option<Vec<String>> {
    match &expr.kind {
        ExprKind::Field(FieldName { text, .. }) => Some(vec![text.clone()]),
        ExprKind::Access {
            base,
            accessor: Accessor::Key(key),
        } => {
            let mut path = path(base)?;
            path.push(key.text.clone());
            Some(path)
        }
        _ => None,
    }
}

/// All members that some record has.
fn all(
    ctx: &mut Context,
    stage: &Stage,
    record: &Typed,
    depth: i64,
    prefix: &str,
    span: Span,
) -> Option<Vec<Member>> {
    if record.ty() == Type::Null || ctx.is_broken() {
        // A query that is wrong is not run, not even for this.
        return Some(Vec::new());
    }
    let keys = functions::value::keys(record.value_text(), depth);
    let plan = super::in_order(ctx, stage, span)?;
    let built = super::builder(plan).project([keys.alias("keys")]);
    let plan = ctx.internal(span, built.and_then(LogicalPlanBuilder::build))?;
    let texts = match ctx.catalog.texts(&plan) {
        Ok(texts) => texts,
        Err(why) => {
            let message = format!("the records could not be asked for their keys: {why}");
            ctx.report(Diagnostic::error(Code::Internal, span, message));
            return None;
        }
    };
    let member = |text: String| {
        let Value::Array(keys) = functions::value::decode(&text) else {
            return None;
        };
        let path: Vec<String> = keys
            .iter()
            .filter_map(|key| key.as_str().map(str::to_owned))
            .collect();
        Some((format!("{prefix}{}", path.join(".")), path, span))
    };
    Some(texts.into_iter().filter_map(member).collect())
}

/// The value at a path. Where records are opened further, one that is met here is none of the values.
fn member(record: &Typed, path: &[String], depth: i64) -> Typed {
    let mut value = record.clone();
    for key in path {
        match value.step(Step::Key(key.clone())) {
            Some(inner) => value = inner,
            None => return Typed::null(),
        }
    }
    if (path.len() as i64) < depth {
        functions::unless_record(&value)
    } else {
        value
    }
}
