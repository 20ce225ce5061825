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
    let mut scope = Scope::closed();
    for field in stage.scope.fields() {
        if patterns.iter().any(|pattern| pattern.matches(&field.name)) {
            scope.put(field.clone());
        }
    }
    // Records may have a key that no column tells of.
    for Pattern { text, .. } in patterns.iter().filter(|pattern| !pattern.wildcards) {
        if let (None, Some(value)) = (stage.scope.get(text), stage.scope.key(text)) {
            scope.set(text, value);
        }
    }
    Some(Stage { scope, ..stage })
}

/// A field's name, or a text in which `*` stands for any characters.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    text: String,
    wildcards: bool,
}

impl Pattern {
    /// The pattern that `text` is.
    pub(crate) fn new(text: &str) -> Pattern {
        Pattern {
            text: text.to_owned(),
            wildcards: text.contains('*'),
        }
    }

    /// What stands for the field of that name alone.
    pub(crate) fn name(text: &str) -> Pattern {
        Pattern {
            text: text.to_owned(),
            wildcards: false,
        }
    }

    /// Whether it stands for `name`.
    pub(crate) fn matches(&self, name: &str) -> bool {
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
                if scope.get(&name.text).is_none() && scope.key(&name.text).is_none() {
                    let names: Vec<&str> = scope.names().collect();
                    let message = format!("no field `{}` here", name.text);
                    ctx.report(expr::missing(name, message, &names));
                }
                Some(Pattern::name(&name.text))
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
