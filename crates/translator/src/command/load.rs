//! `load "/lookups/name" [, offset: n]`: the records of a lookup table.

use std::sync::Arc;

use datafusion::logical_expr::LogicalPlanBuilder;
use functions::{Typed, Value};
use syntax::dql::ast::{Command, ExprKind};
use syntax::{Code, Diagnostic, Span};

use crate::arguments::Takes;
use crate::catalog::{LookupFault, Timeframe};
use crate::context::{Context, Stage};
use crate::expr;
use crate::scope::Scope;

pub(super) fn load(ctx: &mut Context, command: &Command) -> Option<Stage> {
    let takes = Takes {
        named: &["offset"],
        unsupported: &[],
    };
    let given = super::given(ctx, command, &takes);
    let offset = match given.named("offset") {
        Some(_) => given.long(ctx, "offset", (0, i64::MAX)),
        None => Some(0),
    };
    let expr = super::single(
        ctx,
        command,
        &given,
        "the path of a lookup table, as in load \"/lookups/accounts\"",
    )?;
    if let ExprKind::Field(name) = &expr.kind {
        let message = "a lookup table is named by its path, which stands in double quotes";
        let diagnostic = Diagnostic::error(Code::WrongType, expr.span, message);
        ctx.report(diagnostic.fix(expr.span, format!("\"/lookups/{}\"", name.text)));
        return None;
    }
    let value = expr::fixed(ctx, expr)?;
    let Value::String(path) = &value else {
        let message = format!(
            "`load` takes a path, which is a string, and this is {}",
            value.ty().article()
        );
        ctx.report(Diagnostic::error(Code::WrongType, expr.span, message));
        return None;
    };
    if !path.starts_with('/') {
        ctx.report(
            Diagnostic::error(
                Code::LookupPath,
                expr.span,
                "the path of a lookup table begins with a slash",
            )
            .fix(expr.span, format!("\"/{path}\"")),
        );
        return None;
    }
    let lookup = match ctx.catalog.lookup(path) {
        Ok(lookup) => lookup,
        Err(fault) => {
            ctx.report(wrong(path, fault, expr.span));
            return None;
        }
    };
    let offset = usize::try_from(offset?).unwrap_or(usize::MAX);
    // Columns of their own: a lookup table may be loaded twice in one query.
    let (mut columns, mut scope) = (Vec::new(), Scope::closed());
    for field in &lookup.fields {
        let name = ctx.fresh();
        columns.push(crate::column(&field.column).alias(&name));
        scope.set(
            &field.name,
            Typed::of(crate::column(&name), field.ty.clone()),
        );
    }
    let place = ctx.fresh();
    columns.push(crate::column(&lookup.place).alias(&place));
    let order = vec![crate::column(&place).sort(true, false)];
    let built = LogicalPlanBuilder::scan("lookup", Arc::clone(&lookup.source), None)
        .and_then(|plan| plan.project(columns))
        .and_then(|plan| match offset {
            0 => Ok(plan),
            offset => plan.sort(order.clone())?.limit(offset, None),
        })
        .and_then(LogicalPlanBuilder::build);
    Some(Stage {
        plan: ctx.internal(command.span, built)?,
        scope,
        timeframe: Timeframe::default(),
        shown_by: Vec::new(),
        order,
    })
}

fn wrong(path: &str, fault: LookupFault, span: Span) -> Diagnostic {
    match fault {
        LookupFault::NoLake => Diagnostic::error(
            Code::UnknownLookup,
            span,
            format!("there is no lookup table `{path}`: no lake was named"),
        )
        .help("name one with --lake; its folder `lookups` holds the tables"),
        LookupFault::Unknown(known) => {
            let message = format!("there is no lookup table `{path}`");
            let quoted: Vec<String> = known.iter().map(|path| format!("\"{path}\"")).collect();
            let diagnostic = Diagnostic::error(Code::UnknownLookup, span, message);
            // By what stands behind the last slash: what tables share says nothing.
            let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
            let names: Vec<String> = known.iter().map(|path| last(path)).collect();
            let near = syntax::diagnostic::closest(&last(path), names.iter().map(String::as_str));
            let near =
                near.and_then(|near| quoted.get(names.iter().position(|name| name == near)?));
            match near {
                Some(near) => diagnostic.suggest(near, [near.as_str()]),
                None if quoted.is_empty() => diagnostic.help(
                    "put one into the folder `lookups` of the lake, as CSV, JSON lines or Parquet",
                ),
                None => diagnostic.help(format!("there are {}", quoted.join(", "))),
            }
        }
        LookupFault::Outside => Diagnostic::error(
            Code::LookupPath,
            span,
            format!("`{path}` is no path of a lookup table"),
        )
        .help("lookup tables lie in the folder `lookups` of the lake: \"/lookups/name\""),
        LookupFault::Unreadable(why) => Diagnostic::error(
            Code::BadLookup,
            span,
            format!("the lookup table `{path}` can't be read: {why}"),
        ),
    }
}
