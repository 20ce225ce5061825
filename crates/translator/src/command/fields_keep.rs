//! `fieldsKeep field, "pattern*", …`: of the fields, only these; none is made.

use syntax::dql::ast::{Command, Expr, ExprKind, Literal};
use syntax::{Code, Diagnostic, Span};

use crate::arguments::{Element, Takes};
use crate::context::{Context, Stage};
use crate::expr;
use crate::scope::Scope;

pub(super) fn fields_keep(ctx: &mut Context, stage: Stage, command: &Command) -> Option<Stage> {
    let given = super::given(ctx, command, &Takes::NOTHING_NAMED);
    if !super::some(ctx, command, &given, "a field") {
        return None;
    }
    let patterns = patterns(ctx, &stage.scope, &given.positional)?;
    Some(retain(stage, |name| {
        patterns.iter().any(|pattern| pattern.matches(name))
    }))
}

/// A field's name, or a text in which `*` stands for any characters.
pub(super) struct Pattern {
    text: String,
    wildcards: bool,
}

impl Pattern {
    /// The pattern that `text` is.
    pub(super) fn new(text: &str) -> Pattern {
        Pattern {
            text: text.to_owned(),
            wildcards: text.contains('*'),
        }
    }

    /// Whether it stands for `name`.
    pub(super) fn matches(&self, name: &str) -> bool {
        if !self.wildcards {
            return self.text == name;
        }
        let mut parts = self.text.split('*');
        let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else {
            return false;
        };
        let parts: Vec<&str> = parts.collect();
        let Some((last, middle)) = parts.split_last() else {
            return rest.is_empty();
        };
        for part in middle {
            match rest.find(part) {
                Some(at) => rest = &rest[at + part.len()..],
                None => return false,
            }
        }
        rest.ends_with(last)
    }
}

/// The most wildcards that a pattern may hold.
const WILDCARDS: usize = 64;

/// The patterns that a command was given. A name that no field has is a warning.
pub(super) fn patterns(
    ctx: &mut Context,
    scope: &Scope,
    elements: &[Element<'_>],
) -> Option<Vec<Pattern>> {
    let patterns: Vec<Option<Pattern>> = elements
        .iter()
        .map(|element| match element.expr(ctx) {
            Some(Expr {
                kind: ExprKind::Field(name),
                ..
            }) if element.name.is_none() => {
                if scope.get(&name.text).is_none() {
                    let names: Vec<&str> = scope.names().collect();
                    let message = format!("no field `{}` here", name.text);
                    ctx.report(expr::missing(name, message, &names));
                }
                Some(Pattern {
                    text: name.text.clone(),
                    wildcards: false,
                })
            }
            Some(Expr {
                kind: ExprKind::Literal(Literal::String(text)),
                span,
            }) => wildcard(ctx, text, *span),
            _ => {
                ctx.report(Diagnostic::error(
                    Code::WrongType,
                    element.span,
                    "a field, or a text with `*` in it, was expected here",
                ));
                None
            }
        })
        .collect();
    patterns.into_iter().collect()
}

fn wildcard(ctx: &mut Context, text: &str, span: Span) -> Option<Pattern> {
    if text.contains("**") || text.matches('*').count() > WILDCARDS {
        ctx.report(Diagnostic::error(
            Code::OutOfRange,
            span,
            format!("a pattern holds at most {WILDCARDS} wildcards, and never two in a row"),
        ));
        return None;
    }
    Some(Pattern::new(text))
}

/// The stage with only those fields that are wanted.
pub(super) fn retain(mut stage: Stage, wanted: impl Fn(&str) -> bool) -> Stage {
    let mut scope = Scope::closed();
    for field in stage
        .scope
        .fields()
        .iter()
        .filter(|field| wanted(&field.name))
    {
        scope.put(field.clone());
    }
    stage.scope = scope;
    stage
}
