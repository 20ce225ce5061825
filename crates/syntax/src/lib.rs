//! Text to tree: DQL (Dynatrace Query Language) and DPL, its pattern language.
//!
//! Parsing never fails: it gives a tree and the diagnostics that go with it, all of them at once.
//! This crate knows nothing of Arrow or of any query engine; a formatter, an editor or a rule check
//! can use it alone.
//!
//! Reading order: [`span`], [`diagnostic`], [`code`], then [`dql`].

pub mod code;
pub mod diagnostic;
pub mod dql;
pub mod render;
pub mod span;

pub use code::Code;
pub use diagnostic::{Diagnostic, Fix, Label, Severity};
pub use span::Span;
