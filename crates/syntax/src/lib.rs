//! Text to tree: DQL (Dynatrace Query Language), DPL, its pattern language, and KQL, Kibana's query language.
//!
//! Parsing never fails: it gives a tree and the diagnostics that go with it, all of them at once.
//! This crate knows nothing of Arrow or of any query engine; a formatter, an editor or a rule check
//! can use it alone.
//!
//! ```
//! let text = "fetch logs | filter level = \"ERROR\" and code = 5";
//! let (query, diagnostics) = syntax::dql::parse(text);
//! assert_eq!(query.commands[1].name.text, "filter");
//! assert_eq!(diagnostics[0].code.text(), "E0201"); // `=` does not compare; the fix writes `==`
//! print!("{}", syntax::render::render("query", text, &diagnostics, false));
//! ```
//!
//! Reading order: [`span`], [`diagnostic`], [`code`], then [`dql`].

pub mod code;
pub mod diagnostic;
pub mod dpl;
pub mod dql;
pub mod kql;
pub mod render;
pub mod span;

pub use code::Code;
pub use diagnostic::{Diagnostic, Fix, Label, Severity};
pub use span::Span;

// The checks of the fuzz targets name this crate as their own dependency does.
#[cfg(test)]
extern crate self as syntax;
#[cfg(test)]
#[path = "../../../fuzz/src/lib.rs"]
pub mod fuzz;
