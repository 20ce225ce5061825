//! Tree to canonical text: the one spelling of a query, and the default name of an expression that was given none.
//!
//! White space, letter case, redundant parentheses and backticks are made uniform. With [`Definitions`], names get their
//! documented spelling and parameters their canonical order, too; without, they stay as written. Comments are not in
//! the tree, so they are gone.

mod arrange;
mod expression;
mod printer;

use super::ast::{Expr, Query};
use printer::{Layout, Printer};

/// The canonical text of an expression on one line, names and parameters as written: `in(t, {"a", "b"})`.
pub fn canonical(expr: &Expr) -> String {
    canonical_with(expr, &AsWritten)
}

/// The canonical text of an expression on one line.
pub fn canonical_with(expr: &Expr, definitions: &dyn Definitions) -> String {
    let mut printer = Printer::new(definitions, Layout::Line);
    printer.expression(expr);
    printer.finish()
}

/// The canonical text of a query, names and parameters as written: a line for each command, blocks indented.
pub fn canonical_query(query: &Query) -> String {
    canonical_query_with(query, &AsWritten)
}

/// The canonical text of a query: a line for each command, blocks indented by tabs.
pub fn canonical_query_with(query: &Query, definitions: &dyn Definitions) -> String {
    let mut printer = Printer::new(definitions, Layout::Lines);
    printer.query(query);
    printer.finish()
}

/// What the printer asks about names. Whoever knows the functions and commands answers.
pub trait Definitions {
    /// The command of that name in any case, if there is one.
    fn command(&self, name: &str) -> Option<Definition>;
    /// The function of that name in any case, if there is one.
    fn function(&self, name: &str) -> Option<Definition>;
}

/// A command or function, as far as its text depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The documented spelling of its name.
    pub name: &'static str,
    /// Its parameters in the documented order.
    pub parameters: Vec<Slot>,
}

/// A parameter of a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The documented spelling of its name.
    pub name: &'static str,
    /// Another name that it answers to.
    pub alias: Option<&'static str>,
    /// Whether it is written without its name where that is clear.
    pub positional: bool,
    /// Whether it takes any number of values.
    pub variadic: bool,
}

/// Knows no definition: everything is printed as written.
#[derive(Clone, Copy, Debug)]
pub struct AsWritten;

impl Definitions for AsWritten {
    fn command(&self, _name: &str) -> Option<Definition> {
        None
    }

    fn function(&self, _name: &str) -> Option<Definition> {
        None
    }
}
