//! What a query in Kibana's language asks of an event: its tree as a [`Condition`] over the fields of the event's ECS
//! document. The type of a field decides what a value means.
//!
//! A field that no document has meets nothing, as in Kibana, and its test is a warning here: the name may be mistyped.

mod date;
mod network;
#[cfg(test)]
mod tests;
mod value;

use syntax::kql::ast::{Expr, ExprKind, Literal, LiteralKind, Operator, Part as Piece, Query};
use syntax::{Code, Diagnostic, Span};

use crate::condition::{Check, Comparison, Condition, Field, Part, Test};
use crate::ecs::{self, EcsField};

/// What a query asks of an event, and what is wrong with it beyond its syntax. Spans lie in the query's text.
///
/// ```
/// let (query, _) = syntax::kql::parse("event.action: Get* and not user.name: (alice or bob)");
/// let (condition, diagnostics) = rules::kql::condition(&query);
/// assert!(diagnostics.is_empty());
/// assert_eq!(rules::ecs::fields(&condition), ["event.action", "user.name"]);
/// ```
pub fn condition(query: &Query) -> (Condition, Vec<Diagnostic>) {
    let mut reader = Reader::default();
    let condition = match &query.expr {
        Some(expr) => reader.expression(expr, &Target::Document),
        None => everything(),
    };
    (condition, reader.diagnostics)
}

/// Parses a query and reads it: what it asks, and everything that is wrong with it.
pub fn parse(text: &str) -> (Condition, Vec<Diagnostic>) {
    let (query, mut diagnostics) = syntax::kql::parse(text);
    if diagnostics.iter().any(Diagnostic::is_error) {
        return (nothing(), diagnostics);
    }
    let (condition, more) = condition(&query);
    diagnostics.extend(more);
    diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    (condition, diagnostics)
}

pub(crate) fn everything() -> Condition {
    Condition::All(Vec::new())
}

pub(crate) fn nothing() -> Condition {
    Condition::Any(Vec::new())
}

/// What the values of an expression are compared with.
enum Target {
    /// Any field: free text.
    Document,
    /// These fields.
    Fields(Vec<EcsField>, How),
}

/// How strict comparisons are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// A value that the field's type can't have is a mistake.
    Strict,
    /// It is met by nothing: the query names no single field.
    Lenient,
}

#[derive(Default)]
struct Reader {
    diagnostics: Vec<Diagnostic>,
    /// The names of the fields around, of a nested query.
    prefix: String,
}

impl Reader {
    fn expression(&mut self, expr: &Expr, target: &Target) -> Condition {
        match &expr.kind {
            ExprKind::Or(all) => Condition::Any(self.expressions(all, target)),
            ExprKind::And(all) => Condition::All(self.expressions(all, target)),
            ExprKind::Not(inside) => Condition::Not(Box::new(self.expression(inside, target))),
            ExprKind::Is { field, values } => {
                let target = self.target(field);
                self.expression(values, &target)
            }
            ExprKind::Range {
                field,
                operator,
                value,
            } => {
                let target = self.target(field);
                self.range(&target, *operator, value)
            }
            ExprKind::Nested { field, inside } => self.nested(field, inside),
            ExprKind::Value(value) => self.value(value, target),
            ExprKind::Error => nothing(),
        }
    }

    fn expressions(&mut self, all: &[Expr], target: &Target) -> Vec<Condition> {
        all.iter()
            .map(|expr| self.expression(expr, target))
            .collect()
    }

    /// The fields that a name stands for.
    fn target(&mut self, name: &Literal) -> Target {
        if name.is_star() {
            return Target::Document;
        }
        if let Some(text) = name.text() {
            let text = format!("{}{text}", self.prefix);
            let found: Vec<EcsField> = match ecs::find(&text) {
                Some(field) => vec![field],
                // An object stands for the fields in it, to ask whether there is any.
                None => ecs::below(&text),
            };
            let found_any = !found.is_empty();
            if !found_any {
                self.unknown(&text, name.span);
            }
            return Target::Fields(found, How::Strict);
        }
        let parts = parts(name);
        let named = |field: &&ecs::Definition| globs(&parts, field.name);
        let found: Vec<EcsField> = ecs::FIELDS
            .iter()
            .filter(named)
            .filter_map(|field| ecs::find(field.name))
            .collect();
        if found.is_empty() {
            self.diagnostics.push(Diagnostic::warning(
                Code::KqlUnknownField,
                name.span,
                "no field of a CloudTrail event has such a name, so nothing meets this",
            ));
        }
        Target::Fields(found, How::Lenient)
    }

    fn unknown(&mut self, name: &str, span: Span) {
        let message = format!("no CloudTrail event has a field `{name}`, so nothing meets this");
        let names = ecs::FIELDS.iter().map(|field| field.name);
        let diagnostic = Diagnostic::warning(Code::KqlUnknownField, span, message);
        self.diagnostics.push(diagnostic.suggest(name, names));
    }

    /// No document of a CloudTrail event has fields that are mapped as nested, so nothing meets this.
    fn nested(&mut self, field: &Literal, inside: &Expr) -> Condition {
        self.diagnostics.push(Diagnostic::warning(
            Code::KqlUnknownField,
            field.span,
            "no field of a CloudTrail event is an array of nested objects, so nothing meets this",
        ));
        let outer = self.prefix.clone();
        if let Some(name) = field.text() {
            self.prefix.push_str(name);
            self.prefix.push('.');
        }
        // For what else is wrong with it.
        let warnings = self.diagnostics.len();
        self.expression(inside, &Target::Document);
        let said = self.diagnostics.split_off(warnings);
        self.diagnostics
            .extend(said.into_iter().filter(Diagnostic::is_error));
        self.prefix = outer;
        nothing()
    }

    fn value(&mut self, value: &Literal, target: &Target) -> Condition {
        match target {
            Target::Document if value.is_star() => everything(),
            Target::Document => {
                self.free_text(value);
                let all = ecs::FIELDS.iter().filter_map(|field| ecs::find(field.name));
                let target = Target::Fields(all.collect(), How::Lenient);
                self.value(value, &target)
            }
            Target::Fields(fields, how) => {
                let mut any = Vec::new();
                for field in fields {
                    match value::equals(field.kind(), value) {
                        Ok(condition) => any.push(condition.over(field)),
                        Err(problem) => self.mistaken(field, value.span, &problem, *how),
                    }
                }
                one(any)
            }
        }
    }

    fn range(&mut self, target: &Target, operator: Operator, value: &Literal) -> Condition {
        let Target::Fields(fields, how) = target else {
            self.diagnostics.push(Diagnostic::error(
                Code::KqlValue,
                value.span,
                "a range needs a field to compare",
            ));
            return nothing();
        };
        let mut any = Vec::new();
        for field in fields {
            match value::range(field.kind(), comparison(operator), value) {
                Ok(condition) => any.push(condition.over(field)),
                Err(problem) => self.mistaken(field, value.span, &problem, *how),
            }
        }
        one(any)
    }

    fn mistaken(&mut self, field: &EcsField, span: Span, problem: &str, how: How) {
        if how == How::Strict {
            let name = field.name();
            let message = format!("`{name}` {problem}");
            self.diagnostics
                .push(Diagnostic::error(Code::KqlValue, span, message));
        }
    }

    /// Free text is rare in rules; what looks like a comparison of another language surely is no free text.
    fn free_text(&mut self, value: &Literal) {
        let LiteralKind::Plain(parts) = &value.kind else {
            return;
        };
        let foreign = ["=", "|", "&&"];
        let looks = |part: &Piece| matches!(part, Piece::Text(text) if foreign.iter().any(|sign| text.contains(sign)));
        if parts.iter().any(looks) {
            self.diagnostics.push(
                Diagnostic::warning(
                    Code::KqlFreeText,
                    value.span,
                    "this is free text, to be found in any field",
                )
                .help(
                    "a test of a field is written `field: value`, its negation `not field: value`",
                ),
            );
        }
    }
}

/// What a field's values must be, before it is known of which field.
enum Checks {
    /// One value passes one of these.
    Any(Vec<Check>),
    /// One value passes each of these; not necessarily the same.
    All(Vec<Check>),
}

impl Checks {
    fn over(self, field: &EcsField) -> Condition {
        let test = |check| {
            Condition::Test(Test {
                field: Field::Ecs(field.name()),
                check,
            })
        };
        match self {
            Checks::Any(checks) => one(checks.into_iter().map(test).collect()),
            Checks::All(checks) => Condition::All(checks.into_iter().map(test).collect()),
        }
    }
}

/// One of these, without a layer around a single one.
pub(crate) fn one(mut any: Vec<Condition>) -> Condition {
    match any.len() {
        1 => any.remove(0),
        _ => Condition::Any(any),
    }
}

fn comparison(operator: Operator) -> Comparison {
    match operator {
        Operator::Less => Comparison::Less,
        Operator::LessOrEqual => Comparison::LessOrEqual,
        Operator::Greater => Comparison::Greater,
        Operator::GreaterOrEqual => Comparison::GreaterOrEqual,
    }
}

/// The parts of a word as a glob has them.
fn parts(literal: &Literal) -> Vec<Part> {
    match &literal.kind {
        LiteralKind::Quoted(text) => vec![Part::Text(text.clone())],
        LiteralKind::Plain(parts) => parts
            .iter()
            .map(|part| match part {
                Piece::Text(text) => Part::Text(text.clone()),
                Piece::Star => Part::Run,
            })
            .collect(),
    }
}

/// Whether a text is made of these parts, texts and runs alone.
fn globs(parts: &[Part], text: &str) -> bool {
    let mut rest = text;
    let mut after_run = false;
    for (position, part) in parts.iter().enumerate() {
        let Part::Text(piece) = part else {
            after_run = true;
            continue;
        };
        let last = position + 1 == parts.len();
        // The earliest place of a piece leaves the most for those after it; the last one must end the text.
        let behind = match (after_run, last) {
            (false, _) => rest.strip_prefix(piece.as_str()),
            (true, true) => rest.ends_with(piece.as_str()).then_some(""),
            (true, false) => rest.split_once(piece.as_str()).map(|(_, behind)| behind),
        };
        let Some(behind) = behind else {
            return false;
        };
        rest = behind;
        after_run = false;
    }
    after_run || rest.is_empty()
}

/// The condition that a field's value compares so with `value`; for Elasticsearch's filters.
pub(crate) fn compares(
    field: &EcsField,
    comparison: Comparison,
    value: &str,
) -> Result<Condition, String> {
    let literal = Literal {
        kind: LiteralKind::Quoted(value.to_owned()),
        span: Span::default(),
    };
    value::range(field.kind(), comparison, &literal).map(|checks| checks.over(field))
}

/// The condition that a field has this value; for Elasticsearch's filters.
pub(crate) fn is(field: &EcsField, value: &str) -> Result<Condition, String> {
    let literal = Literal {
        kind: LiteralKind::Quoted(value.to_owned()),
        span: Span::default(),
    };
    value::equals(field.kind(), &literal).map(|checks| checks.over(field))
}
