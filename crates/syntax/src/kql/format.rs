//! Tree to text, in one canonical form.

use std::fmt::Write;

use super::ast::{Expr, ExprKind, Literal, LiteralKind, Part, Query};
use super::lexer::{SPECIAL, is_blank};

/// The query's canonical text: keywords in lower case, one blank around them, parentheses only where they are needed.
/// Reading it gives the same tree again, spans aside. Only for trees without [`ExprKind::Error`].
pub fn canonical(query: &Query) -> String {
    let mut out = String::new();
    if let Some(expr) = &query.expr {
        write(expr, &mut out);
    }
    out
}

fn write(expr: &Expr, out: &mut String) {
    match &expr.kind {
        ExprKind::Or(all) => join(all, " or ", out, |inside| matches!(inside, ExprKind::Or(_))),
        ExprKind::And(all) => join(all, " and ", out, |inside| {
            matches!(inside, ExprKind::Or(_) | ExprKind::And(_))
        }),
        ExprKind::Not(inside) => {
            out.push_str("not ");
            let closed = matches!(
                inside.kind,
                ExprKind::Or(_) | ExprKind::And(_) | ExprKind::Not(_)
            );
            enclosed(inside, closed, out);
        }
        ExprKind::Is { field, values } => {
            literal(field, out);
            out.push_str(": ");
            enclosed(values, !matches!(values.kind, ExprKind::Value(_)), out);
        }
        ExprKind::Range {
            field,
            operator,
            value,
        } => {
            literal(field, out);
            // Writing to a string can't fail.
            _ = write!(out, " {} ", operator.text());
            literal(value, out);
        }
        ExprKind::Nested { field, inside } => {
            literal(field, out);
            out.push_str(": { ");
            write(inside, out);
            out.push_str(" }");
        }
        ExprKind::Value(value) => literal(value, out),
        ExprKind::Error => {}
    }
}

fn join(all: &[Expr], between: &str, out: &mut String, closed: impl Fn(&ExprKind) -> bool) {
    for (position, expr) in all.iter().enumerate() {
        if position > 0 {
            out.push_str(between);
        }
        enclosed(expr, closed(&expr.kind), out);
    }
}

fn enclosed(expr: &Expr, closed: bool, out: &mut String) {
    if closed {
        out.push('(');
    }
    write(expr, out);
    if closed {
        out.push(')');
    }
}

fn literal(literal: &Literal, out: &mut String) {
    match &literal.kind {
        LiteralKind::Quoted(text) => {
            out.push('"');
            for character in text.chars() {
                match character {
                    '"' | '\\' => out.extend(['\\', character]),
                    _ => other(character, out),
                }
            }
            out.push('"');
        }
        LiteralKind::Plain(parts) => {
            for (position, part) in parts.iter().enumerate() {
                match part {
                    Part::Text(text) => {
                        plain(text, position == 0, position + 1 == parts.len(), out)
                    }
                    Part::Star => out.push('*'),
                }
            }
        }
    }
}

/// Writes a part of a word, so that it stays one: `first` and `last` say whether it begins and ends the word.
fn plain(text: &str, first: bool, last: bool, out: &mut String) {
    let all: Vec<char> = text.chars().collect();
    // Blanks at the ends of a word would not belong to it.
    let is_edge = |at: Option<usize>, edge: bool| match at.and_then(|at| all.get(at)) {
        Some(character) => is_blank(*character),
        None => edge,
    };
    let leading = all
        .iter()
        .take_while(|character| is_blank(**character))
        .count();
    let trailing = all
        .iter()
        .rev()
        .take_while(|character| is_blank(**character))
        .count();
    for (at, character) in all.iter().enumerate() {
        let outer = first && at < leading || last && at >= all.len() - trailing;
        match character {
            // `\n` before `ot` would be read as an escaped `not`.
            _ if outer || *character == '\n' => {
                _ = write!(out, "\\u{:04x}", u32::from(*character));
            }
            _ if SPECIAL.contains(character) => out.extend(['\\', *character]),
            _ => {
                let before = is_edge(at.checked_sub(1), first);
                let keyword = ["and", "or", "not"].into_iter().any(|word| {
                    let rest = all.get(at..).unwrap_or_default();
                    let found = rest.len() >= word.len()
                        && word
                            .chars()
                            .zip(rest)
                            .all(|(a, b)| a == b.to_ascii_lowercase());
                    found && is_edge(Some(at + word.len()), last) && (before || word == "not")
                });
                if keyword {
                    out.push('\\');
                }
                other(*character, out);
            }
        }
    }
}

/// Writes a character that has no meaning of its own.
fn other(character: char, out: &mut String) {
    match character {
        '\t' => out.push_str("\\t"),
        '\r' => out.push_str("\\r"),
        '\n' => out.push_str("\\n"),
        _ => out.push(character),
    }
}
