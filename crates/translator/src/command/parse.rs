//! `parse expression, "pattern"`: fields taken out of a text by a DPL pattern.
//!
//! Here parse elimination begins: a pattern that is nothing but `JSON:name`, applied to the text of an event, makes the
//! field stand for the record itself, whose places are columns.

use functions::compare::Truth;
use functions::dpl;
use functions::{Type, Typed};
use syntax::dql::ast::{Command, Expr, ExprKind, Literal};
use syntax::{Code, Diagnostic, Span};

use crate::arguments::Takes;
use crate::context::{Context, Stage};
use crate::expr;

pub(super) fn parse(ctx: &mut Context, mut stage: Stage, command: &Command) -> Option<Stage> {
    let takes = Takes {
        named: &["expression", "pattern"],
        unsupported: &["preserveFieldsOnFailure", "parsingPrerequisite", "baseTime"],
    };
    let given = super::given(ctx, command, &takes);
    let mut positional = given.positional.iter();
    let mut value = |ctx: &mut Context, name: &str| match given.named(name) {
        Some(_) => given.one(ctx, name).map(|(expr, _)| expr),
        None => positional.next().and_then(|element| element.expr(ctx)),
    };
    let (subject, pattern) = (value(ctx, "expression"), value(ctx, "pattern"));
    if let Some(element) = positional.next() {
        ctx.report(Diagnostic::error(
            Code::TooManyParameters,
            element.span,
            "`parse` takes a text and a pattern, and no more by position",
        ));
        return None;
    }
    let (Some(subject), Some(pattern)) = (subject, pattern) else {
        super::missing(
            ctx,
            command,
            "a text and a pattern, as in: parse content, \"JSON:event\"",
        );
        return None;
    };
    let program = compile(ctx, pattern);
    let text = expr::value(ctx, &stage.scope, subject, Truth::Exact);
    let (program, text) = (program?, text?);
    let string = match text.string() {
        Some(string) => string,
        None if text.is_variant() => {
            let article = text.ty().article();
            ctx.report(Diagnostic::warning(
                Code::NeverTrue,
                subject.span,
                format!("`parse` reads a string, and this is {article} in every event"),
            ));
            functions::null(&Type::String)
        }
        None => {
            ctx.report(Diagnostic::error(
                Code::WrongType,
                subject.span,
                format!(
                    "`parse` reads a string, and this is {}",
                    text.ty().article()
                ),
            ));
            return None;
        }
    };
    let fields = match (&text, literal(pattern).and_then(functions::sole_json)) {
        (Typed::Text { parsed, .. }, Some(name)) => vec![(name, Typed::document(parsed))],
        _ => extracted(ctx, &mut stage, string, pattern, &program, command.span)?,
    };
    for (name, value) in fields {
        super::set(ctx, &mut stage.scope, &name, value, pattern.span);
    }
    Some(stage)
}

/// The text of a string literal.
fn literal(pattern: &Expr) -> Option<&str> {
    match &pattern.kind {
        ExprKind::Literal(Literal::String(text)) => Some(text),
        _ => None,
    }
}

/// The compiled pattern; what is wrong with it is shown inside the query's text.
fn compile(ctx: &mut Context, pattern: &Expr) -> Option<dpl::Program> {
    let Some(text) = literal(pattern) else {
        ctx.report(Diagnostic::error(
            Code::NotConstant,
            pattern.span,
            "a pattern has to be a text written in the query",
        ));
        return None;
    };
    let program = match dpl::compile(text) {
        Ok(program) => program,
        Err(diagnostics) => {
            for diagnostic in diagnostics {
                let moved = moved(ctx.text, pattern.span, text, diagnostic);
                ctx.report(moved);
            }
            return None;
        }
    };
    if program.exports().is_empty() {
        ctx.report(
            Diagnostic::error(
                Code::PatternWithoutExport,
                pattern.span,
                "this pattern exports nothing",
            )
            .help("name what a matcher takes with a colon: JSON:event"),
        );
        return None;
    }
    if let Some(export) = program
        .exports()
        .iter()
        .find(|export| export.kind == dpl::Kind::Ip)
    {
        ctx.report(Diagnostic::error(
            Code::UnsupportedPattern,
            pattern.span,
            format!(
                "`{}` is an IP address, a type that is not supported yet",
                export.name
            ),
        ));
        return None;
    }
    Some(program)
}

/// A diagnostic about the pattern, moved to its place in the query. Where escapes stand between the two, it is put on
/// the whole literal.
fn moved(query: &str, literal: Span, pattern: &str, mut diagnostic: Diagnostic) -> Diagnostic {
    let written = query.get(literal.range()).unwrap_or_default();
    let quotes = if written.starts_with("\"\"\"") { 3 } else { 1 };
    let verbatim = written.get(quotes..written.len().saturating_sub(quotes)) == Some(pattern);
    let place = |span: Span| match verbatim {
        true => Span::new(
            literal.start + quotes + span.start.min(pattern.len()),
            literal.start + quotes + span.end.min(pattern.len()),
        ),
        false => literal,
    };
    diagnostic.span = place(diagnostic.span);
    for label in &mut diagnostic.labels {
        label.span = place(label.span);
    }
    diagnostic.fix = diagnostic.fix.filter(|_| verbatim).map(|mut fix| {
        fix.span = place(fix.span);
        fix
    });
    diagnostic
}

/// The fields of a pattern that is matched while the query runs.
fn extracted(
    ctx: &mut Context,
    stage: &mut Stage,
    text: datafusion::logical_expr::Expr,
    pattern: &Expr,
    program: &dpl::Program,
    span: Span,
) -> Option<Vec<(String, Typed)>> {
    let pattern = literal(pattern)?;
    // One column holds all that a match gives, so that the pattern runs once a record.
    let mut captured = Typed::known(functions::parse_captures(text, pattern), Type::Null);
    let plan = stage.plan.clone();
    stage.plan = ctx.materialize(plan, span, &mut [&mut captured])?;
    Some(functions::captured_fields(&captured.expr(), program))
}
