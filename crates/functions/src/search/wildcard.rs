//! Patterns with wildcards, and what is wrong with them.

use syntax::{Code, Diagnostic, Span};

/// The most wildcards that a pattern may hold.
const MOST: usize = 64;

/// The wildcard where no other is named.
pub(crate) const STAR: char = '*';

/// What stands between the wildcards of a pattern: one part more than there are wildcards.
///
/// # Errors
/// Where there are too many wildcards, or two of them in a row.
pub(crate) fn parts(pattern: &str, wildcard: char) -> Result<Vec<&str>, Fault> {
    let parts: Vec<&str> = pattern.split(wildcard).collect();
    let inner = parts.get(1..parts.len() - 1).unwrap_or_default();
    if parts.len() > MOST + 1 || inner.iter().any(|part| part.is_empty()) {
        return Err(Fault::of(wildcard));
    }
    Ok(parts)
}

/// A pattern with too many wildcards, or two of them in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    wildcard: char,
}

impl Fault {
    pub(super) fn of(wildcard: char) -> Fault {
        Fault { wildcard }
    }

    /// The complaint about the pattern at `span`.
    pub fn at(self, span: Span) -> Diagnostic {
        Diagnostic::error(
            Code::OutOfRange,
            span,
            format!("a pattern holds at most {MOST} wildcards, and never two in a row"),
        )
        .help(format!(
            "one `{}` stands for any number of characters",
            self.wildcard
        ))
    }
}
