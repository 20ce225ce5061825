//! Elastic's detection rules: the TOML files of its rule repository, and what Kibana exports as NDJSON.
//!
//! A rule that can't be run here, for its language, its type or its data, is refused by name. What is wrong with the
//! query inside a file is shown at its place in the file.
//!
//! Reading order: this file, `node` (one tree for TOML and JSON), `keys` (reading it), `rule`, then the parts.

mod about;
mod filter;
mod index;
mod json;
mod keys;
mod node;
mod offsets;
mod parts;
mod query;
mod rule;
#[cfg(test)]
mod tests;
pub(crate) mod time;
mod toml;

use std::path::Path;

use syntax::Diagnostic;

use crate::rule::{About, Rule};

/// What was read of one rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// What is to know of the rule, as far as it could be read; of a refused one, too.
    pub about: About,
    /// The rule's type as written, such as `threshold`; empty where it has none.
    pub kind: String,
    /// The language of its query as written, or its default; empty where there is no rule.
    pub language: String,
    /// The rule; none where a diagnostic is an error.
    pub rule: Option<Rule>,
    /// All that is wrong with it, in order of place. Spans lie in the file's text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a rule file in TOML. `path` is kept in the rule; nothing is read from it.
///
/// ```
/// let text = r#"
/// [rule]
/// name = "Secrets read"
/// description = "Somebody reads a secret."
/// rule_id = "0b2f3c1e-0000-4000-8000-000000000001"
/// risk_score = 21
/// severity = "low"
/// type = "query"
/// language = "kuery"
/// index = ["logs-aws.cloudtrail-*"]
/// query = 'event.action: GetSecretValue and event.outcome: success'
/// "#;
/// let reading = rules::elastic::read_toml("secrets.toml".as_ref(), text);
/// assert!(reading.diagnostics.is_empty());
/// assert_eq!(reading.rule.map(|rule| rule.about.name).as_deref(), Some("Secrets read"));
/// ```
pub fn read_toml(path: &Path, text: &str) -> Reading {
    let (root, diagnostics) = toml::read(text);
    rule::read(path, text, &root, diagnostics)
}

/// Reads rules in JSON, one after the other, as Kibana exports them; its closing summary and exceptions are passed over.
/// What is no JSON ends the reading, with a diagnostic.
pub fn read_ndjson(path: &Path, text: &str) -> Vec<Reading> {
    let (roots, diagnostics) = json::read(text);
    let mut all: Vec<Reading> = roots
        .iter()
        .filter(|root| !json::is_something_else(root))
        .map(|root| rule::read(path, text, root, Vec::new()))
        .collect();
    if !diagnostics.is_empty() {
        all.push(Reading {
            about: About::default(),
            kind: String::new(),
            language: String::new(),
            rule: None,
            diagnostics,
        });
    }
    all
}
