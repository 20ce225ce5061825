//! DPL patterns in the text of a query: compiled, and what is wrong with them shown where it stands.

use std::sync::Arc;

use functions::dpl::Program;
use functions::zone;
use syntax::dql::ast::{Expr, ExprKind, Literal, ParameterKind, Value};
use syntax::dql::string_offset;
use syntax::{Code, Diagnostic, Span};

use crate::context::Context;

/// The text of a pattern, which is a string literal.
pub(crate) fn literal(pattern: &Expr) -> Option<&str> {
    match &pattern.kind {
        ExprKind::Literal(Literal::String(text)) => Some(text),
        _ => None,
    }
}

/// The compiled pattern; what is wrong with it is reported at its place in the query.
pub(crate) fn compile(ctx: &mut Context, pattern: &Expr) -> Option<Arc<Program>> {
    let Some(text) = literal(pattern) else {
        ctx.report(
            Diagnostic::error(
                Code::NotConstant,
                pattern.span,
                "a pattern has to be a text written in the query",
            )
            .help("fields and computed values can't stand here"),
        );
        return None;
    };
    match functions::pattern(text, &zone::name(&ctx.options.timezone)) {
        Ok(program) => Some(program),
        Err(diagnostics) => {
            for diagnostic in diagnostics {
                let moved = moved(ctx.text, pattern.span, diagnostic);
                ctx.report(moved);
            }
            None
        }
    }
}

/// A diagnostic about a pattern, moved to its place in the literal at `literal`, escapes and all.
fn moved(query: &str, literal: Span, mut diagnostic: Diagnostic) -> Diagnostic {
    let written = query.get(literal.range()).unwrap_or_default();
    let offset = |offset: usize| literal.start + string_offset(written, offset);
    let place = |span: Span| Span::new(offset(span.start), offset(span.end));
    // A replacement would have to be escaped as the text around it is.
    let plain = |text: &str| !text.contains(['"', '\\']);
    diagnostic.fix = diagnostic.fix.filter(|fix| plain(&fix.replacement));
    diagnostic.moved(place)
}

/// The name of a field that holds what `parse` or `parseAll` gives: that of the pattern's export, or one for all records.
pub(crate) fn result_name(expr: &Expr) -> Option<String> {
    let ExprKind::Call(call) = &expr.kind else {
        return None;
    };
    let several = match call.name.text.to_ascii_lowercase().as_str() {
        "parse" => "parsed_record",
        "parseall" => "parsed_records",
        _ => return None,
    };
    let values = call
        .parameters
        .iter()
        .map(|parameter| match &parameter.kind {
            ParameterKind::Named { name, value } => (Some(name.text.as_str()), &value.kind),
            kind => (None, kind),
        });
    let named = values
        .clone()
        .find(|(name, _)| name.is_some_and(|name| name.eq_ignore_ascii_case("pattern")));
    let (_, pattern) = named.or_else(|| values.filter(|(name, _)| name.is_none()).nth(1))?;
    let ParameterKind::Argument(argument) = pattern else {
        return None;
    };
    let Value::Expr(pattern) = &argument.value else {
        return None;
    };
    let program = functions::pattern(literal(pattern)?, "UTC").ok()?;
    Some(match program.exports() {
        [export] => export.name.clone(),
        _ => several.to_owned(),
    })
}
