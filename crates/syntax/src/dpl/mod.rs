//! DPL, the Dynatrace Pattern Language: the patterns of `parse` and its relatives.
//!
//! Reading order: [`ast`], [`matcher`] (every matcher, as data), then the lexer, the parser and the checks behind [`parse`].

pub mod ast;
pub mod matcher;

mod body;
mod check;
mod class;
mod lexer;
mod modifier;
mod parser;
#[cfg(test)]
mod tests;

pub use ast::Pattern;
pub use matcher::Matcher;

use crate::Diagnostic;

/// How deeply groups and bodies may be nested.
pub const MAX_DEPTH: usize = 64;

/// Parses a pattern and checks it: the tree, and everything that is wrong with it.
///
/// `pattern` is the DPL text itself, the escapes of a surrounding DQL string already undone; spans lie in it. The tree is
/// complete only if no diagnostic is an error. After a fault of syntax nothing further is read, but what was read is checked.
///
/// ```
/// let (pattern, diagnostics) = syntax::dpl::parse("LD ':secret:' STRING:secretId");
/// assert!(diagnostics.is_empty());
/// assert_eq!(pattern.body.elements.len(), 3);
/// ```
pub fn parse(pattern: &str) -> (Pattern, Vec<Diagnostic>) {
    let (tokens, mut diagnostics) = lexer::tokens(pattern);
    let broken = !diagnostics.is_empty();
    let (tree, faults) = parser::pattern(tokens, pattern.len());
    // A text that can't be cut into tokens has no syntax worth complaining about.
    if !broken {
        diagnostics.extend(faults);
    }
    check::pattern(&tree, &mut diagnostics);
    diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    (tree, diagnostics)
}
