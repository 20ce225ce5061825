//! The tests of KQL's front end. Expected trees are written as shapes, which share no code with the printer.

mod mistakes;
mod parser;
mod properties;

use super::ast::{Expr, ExprKind, Literal, LiteralKind, Part};

/// The shape of a query that has nothing wrong with it.
fn shape(text: &str) -> String {
    let (query, diagnostics) = super::parse(text);
    assert!(
        diagnostics.is_empty(),
        "{}",
        crate::render::render("test", text, &diagnostics, false)
    );
    query
        .expr
        .map_or("all".to_owned(), |expr| expression(&expr))
}

fn expression(expr: &Expr) -> String {
    let list = |all: &[Expr]| all.iter().map(expression).collect::<Vec<_>>().join(" ");
    match &expr.kind {
        ExprKind::Or(all) => format!("(or {})", list(all)),
        ExprKind::And(all) => format!("(and {})", list(all)),
        ExprKind::Not(inside) => format!("(not {})", expression(inside)),
        ExprKind::Is { field, values } => format!("(is {} {})", literal(field), expression(values)),
        ExprKind::Range {
            field,
            operator,
            value,
        } => format!("({operator:?} {} {})", literal(field), literal(value)),
        ExprKind::Nested { field, inside } => {
            format!("(nested {} {})", literal(field), expression(inside))
        }
        ExprKind::Value(value) => literal(value),
        ExprKind::Error => "error".to_owned(),
    }
}

/// Quoted text in quotes, a star as `*`, other text in angle brackets.
fn literal(literal: &Literal) -> String {
    match &literal.kind {
        LiteralKind::Quoted(text) => format!("{text:?}"),
        LiteralKind::Plain(parts) => parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => format!("<{}>", format!("{text:?}").trim_matches('"')),
                Part::Star => "*".to_owned(),
            })
            .collect(),
    }
}
