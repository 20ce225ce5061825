//! A query laid out for people: one command a line, long lists broken, blocks indented, comments kept.
//!
//! Only white space changes: the tokens are those of the text, as they were written. Two things may move, and only past a
//! comma or a pipe: a comment at the end of a line before a comma goes behind it, and comments behind a pipe that stand on
//! lines of their own go before it. The one spelling of a query, without comments, is [`format`](super::format).
//!
//! Where lines break follows from the tokens and from which comments have a line of their own, never from the old line
//! breaks; so laying out twice changes nothing.

mod gap;
mod lines;
mod piece;
mod writer;

use super::parse;
use crate::Diagnostic;
use lines::Layout;
use piece::Pieces;

/// How many columns a line may have before it is broken, where it can be.
pub const WIDTH: usize = 100;

/// How many columns each level is indented by.
const INDENT: usize = 4;

/// The query laid out, with a line break at its end.
///
/// # Errors
/// The diagnostics of a query that has errors: what can't be read is not laid out.
pub fn lay_out(text: &str) -> Result<String, Vec<Diagnostic>> {
    let (_, diagnostics) = parse(text);
    if diagnostics.iter().any(Diagnostic::is_error) {
        return Err(diagnostics);
    }
    let pieces = Pieces::new(text);
    let mut layout = Layout::new(&pieces);
    layout.file();
    Ok(layout.finish())
}
