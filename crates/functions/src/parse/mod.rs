//! Patterns of the Dynatrace Pattern Language in plans: the struct that `parse` takes its fields out of, and the functions
//! that search.
//!
//! Reading order: `compiled`, `captures` with `column`, `search` with `function`.

mod captures;
mod column;
mod compiled;
mod function;
mod given;
mod members;
mod prefilter;
mod search;

use std::sync::Arc;

use datafusion::common::ScalarValue;
use datafusion::functions::core::expr_fn::get_field;
use datafusion::logical_expr::{Expr, ScalarUDF};
use syntax::dpl::ast::{Element, Primary};
use syntax::dpl::matcher::Matcher;
use syntax::{Code, Diagnostic, Span};

use crate::document::Document;
use crate::dpl::{Kind, Program};
use crate::json;
use crate::typed::Typed;

pub use compiled::pattern;
pub(crate) use function::ALL;
pub use members::json_members;
pub use prefilter::prefilter;

/// The JSON object that `text` (`Utf8View`) begins with, as a document; none where it is longer than `limit` bytes.
pub fn json_object(text: Expr, limit: usize) -> Arc<Document> {
    Document::json(json::object(text, limit))
}

/// The captures of `pattern` in `text` (`Utf8View`), as a struct; it is null where the pattern does not match. Times
/// without a zone are in the one that is named `zone`, and those without a year in that of `base` (`Timestamp(ns)`).
pub fn parse_captures(text: Expr, pattern: &str, zone: &str, base: Expr) -> Expr {
    captures::udf().call(pattern_arguments(text, pattern, zone, base))
}

/// A timestamp literal.
pub fn instant(nanos: i64) -> Expr {
    let value = ScalarValue::TimestampNanosecond(Some(nanos), Some("UTC".into()));
    Expr::Literal(value, None)
}

fn pattern_arguments(text: Expr, pattern: &str, zone: &str, base: Expr) -> Vec<Expr> {
    vec![
        text,
        Typed::string_literal(pattern).expr(),
        Typed::string_literal(zone).expr(),
        base,
    ]
}

/// The exports of a pattern as fields of the struct that [`parse_captures`] gives.
pub fn captured_fields(captures: &Expr, program: &Program) -> Vec<(String, Typed)> {
    let field = |place: usize| get_field(captures.clone(), place.to_string());
    program
        .exports()
        .iter()
        .enumerate()
        .map(|(place, export)| {
            let value = match export.kind {
                // It is read where it stands.
                Kind::Json => Typed::document(&Document::json(field(place))),
                kind => Typed::of(field(place), column::ty(kind)),
            };
            (export.name.clone(), value)
        })
        .collect()
}

/// The complaint about a pattern that exports nothing, where fields are wanted.
pub fn exports_nothing(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::PatternWithoutExport,
        span,
        "this pattern exports nothing",
    )
    .help("name what a matcher takes with a colon: JSON:event")
}

/// The export of a pattern that is nothing but `JSON:name`.
pub fn sole_json(pattern: &str) -> Option<String> {
    let (pattern, _) = syntax::dpl::parse(pattern);
    let ([], [element]) = (pattern.macros.as_slice(), pattern.body.elements.as_slice()) else {
        return None;
    };
    match element {
        Element {
            look: None,
            primary: Primary::Matcher(Some(Matcher::Json), None),
            config: None,
            quantifier: None,
            optional: false,
            constant: None,
            export: Some(name),
            ..
        } => Some(name.text.clone()),
        _ => None,
    }
}

/// Whether a call in a plan matches a pattern that reads JSON text.
pub(crate) fn reads_json(name: &str, arguments: &[Expr]) -> bool {
    let text = |place: usize| match arguments.get(place) {
        Some(Expr::Literal(value, _)) => value.try_as_str().flatten(),
        _ => None,
    };
    name.starts_with("dpl_")
        && matches!((text(1), text(2)), (Some(text), Some(zone))
            if pattern(text, zone).is_ok_and(|program| program.reads_json()))
}

/// The functions of this folder that plans may hold.
pub(crate) fn udfs() -> Vec<Arc<ScalarUDF>> {
    let searches = search::OPERATIONS
        .iter()
        .map(|operation| search::udf(*operation));
    std::iter::once(captures::udf()).chain(searches).collect()
}
