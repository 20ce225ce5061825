//! KQL as Kibana has it, the Kibana Query Language; not Kusto's, which shares the letters and nothing else.
//!
//! Reading order: [`ast`], the lexer (what a word is), the parser, [`format`].

pub mod ast;
pub mod format;

mod lexer;
mod parser;
#[cfg(test)]
mod tests;

pub use ast::Query;

use crate::Diagnostic;

/// How deeply parentheses and braces may be nested.
pub const MAX_DEPTH: usize = 64;

/// Parses a query: the tree, and everything that is wrong with it, in order of place.
///
/// The tree is complete only if no diagnostic is an error. An empty text is a query that every document meets.
///
/// ```
/// let (query, diagnostics) = syntax::kql::parse("event.action: (GetSecretValue or Batch*) and not user.id: a");
/// assert!(diagnostics.is_empty());
/// assert_eq!(
///     syntax::kql::format::canonical(&query),
///     "event.action: (GetSecretValue or Batch*) and not user.id: a"
/// );
/// ```
pub fn parse(text: &str) -> (Query, Vec<Diagnostic>) {
    parser::Parser::new(text).query()
}
