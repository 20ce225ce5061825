//! Dynatrace Query Language.

pub mod ast;
