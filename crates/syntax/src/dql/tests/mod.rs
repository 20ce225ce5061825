//! The tests of the DQL front end. Expected trees are written as shapes (`shape.rs`), which share no code with the printer.

mod corpus;
mod format;
mod generate;
mod layout;
mod lexer;
mod limits;
mod mistakes;
mod parser;
mod properties;
mod quotes;
mod shape;

use super::ast::{Expr, ParameterKind, Query, Value};
use super::parse;
use corpus::queries;

/// The tree of a query that has nothing wrong with it.
fn parsed(text: &str) -> Query {
    let (query, diagnostics) = parse(text);
    assert!(
        diagnostics.is_empty(),
        "{text}\n{}",
        crate::render::render("test", text, &diagnostics, false)
    );
    query
}

/// The tree of an expression that has nothing wrong with it.
fn expression(text: &str) -> Expr {
    let mut query = parsed(&format!("filter {text}"));
    match query.commands.remove(0).parameters.remove(0).kind {
        ParameterKind::Argument(argument) => match argument.value {
            Value::Expr(expr) => expr,
            Value::Block(_) => panic!("{text} is a block"),
        },
        other => panic!("{text} is no expression: {other:?}"),
    }
}
