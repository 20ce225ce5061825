//! Dynatrace Query Language: text → tokens ([`lex`]) → tree ([`parse`]) → canonical text ([`mod@format`]),
//! or text → the same text laid out ([`layout`]).

pub mod ast;
pub mod format;
pub mod layout;
pub mod token;

mod lexer;
mod literal;
mod parser;
mod precedence;
mod quoted;
mod unit;

#[cfg(test)]
mod tests;

pub use lexer::lex;
pub use literal::{is_plain_name, string_offset, write_name, write_string};
pub use parser::{MAX_DEPTH, MAX_HEIGHT, parse};
