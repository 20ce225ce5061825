//! Dynatrace Query Language: text → tokens ([`lex`]) → tree ([`parse`]) → canonical text ([`mod@format`]).

pub mod ast;
pub mod format;
pub mod token;

mod lexer;
mod literal;
mod parser;
mod precedence;
mod unit;

#[cfg(test)]
mod tests;

pub use lexer::lex;
pub use literal::{is_plain_name, string_offset, write_name, write_string};
pub use parser::{MAX_DEPTH, MAX_HEIGHT, parse};
