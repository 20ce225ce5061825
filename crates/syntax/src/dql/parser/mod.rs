//! The parser: tokens to a tree. Recursive descent by hand, one function per rule of the grammar, which is
//! quoted above it. It never fails: what can't be read becomes a diagnostic and, in the tree, an
//! [`ExprKind::Error`](super::ast::ExprKind::Error) or a gap, and reading goes on behind it.
//!
//! Reading order: `command`, `parameter`, `expression`, `primary`; `clause`, `mistake` and `habit` know what people write by
//! habit of other languages; `cursor` is what all of them stand on.

mod clause;
mod command;
mod cursor;
mod expression;
mod habit;
mod mistake;
mod parameter;
mod primary;

use super::ast::Query;
use crate::{Code, Diagnostic};
use cursor::Parser;

/// How deeply a query may be nested. Parentheses, calls, groups, blocks and signs count, and so does the right
/// operand of an operator while it is read: `1 + (` is two levels.
///
/// With this limit an unoptimized build parses on the 2 MB of an ordinary thread.
pub const MAX_DEPTH: usize = 200;

/// How many levels a tree may have. Operators of one level form a tree that leans to the left, a level
/// for each: this is also the number of operators that a chain like `a or b or c …` may have.
///
/// Whoever walks a tree by recursion may rely on it: at this height an unoptimized build drops a tree on 1 MB of stack
/// and clones it on 4 MB.
pub const MAX_HEIGHT: usize = 5_000;

/// Parses a query. The diagnostics, a thousand at most, are in the order of the text; if none of them is an error, the tree
/// holds no [`ExprKind::Error`](super::ast::ExprKind::Error) and at least one command.
pub fn parse(text: &str) -> (Query, Vec<Diagnostic>) {
    let mut parser = Parser::new(text);
    let query = command::query(&mut parser);
    let mut diagnostics = parser.into_diagnostics();
    if query.commands.is_empty() && diagnostics.is_empty() {
        diagnostics.push(
            Diagnostic::error(Code::EmptyQuery, query.span, "there is no query here")
                .help("a query begins with a command such as `fetch logs`"),
        );
    }
    (query, diagnostics)
}
