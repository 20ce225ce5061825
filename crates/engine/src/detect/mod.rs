//! Detection: rules, and what they find.

mod rule;
mod run;

pub use rule::{Attack, Rule, Severity, load, parse};
pub use run::Outcome;
