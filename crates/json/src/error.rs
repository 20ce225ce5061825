//! What is wrong with a text that is not JSON, and where.

use std::fmt;

/// The first thing wrong with a text. It names no content, so that it may be printed anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// Where, in bytes from the start of the text.
    pub at: usize,
    /// What.
    pub problem: Problem,
}

/// What can be wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The text ends inside a value.
    End,
    /// No value begins here.
    Value,
    /// A member must begin with its name in double quotes.
    Name,
    /// A colon must stand between a member's name and its value.
    Colon,
    /// A comma or the closing bracket must follow here.
    Separator,
    /// A number breaks the grammar, like `01` or `1.`.
    Number,
    /// A backslash is followed by something that is no escape.
    Escape,
    /// A control character stands unescaped inside a string.
    Control,
    /// Nesting is deeper than [`DEPTH_LIMIT`](crate::DEPTH_LIMIT).
    Depth,
    /// Something follows the document.
    Trailing,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (byte {})", self.problem, self.at)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Problem::End => "the text ends inside a value",
            Problem::Value => "no JSON value begins here",
            Problem::Name => "a member's name in double quotes is missing",
            Problem::Colon => "the colon after a member's name is missing",
            Problem::Separator => "a comma or a closing bracket is missing",
            Problem::Number => "a number is malformed",
            Problem::Escape => "an escape sequence is malformed",
            Problem::Control => "a control character stands unescaped in a string",
            Problem::Depth => "values are nested too deeply",
            Problem::Trailing => "something follows the end of the value",
        })
    }
}

impl std::error::Error for Error {}
