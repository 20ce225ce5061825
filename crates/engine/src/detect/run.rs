//! Rules over a lake: each rule's query is run, and every record that it gives is an alert.

use translator::OutputField;

use crate::detect::Rule;
use crate::figures::Figures;
use crate::query::QueryOptions;
use crate::value::Value;
use crate::{Engine, Error};

/// What one rule found.
#[derive(Debug)]
pub struct Outcome<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// What its alerts hold.
    pub fields: Vec<OutputField>,
    /// The alerts, a row each; or why the rule could not be run.
    pub alerts: Result<Vec<Vec<Value>>, Error>,
    /// What a reader should know of the rule's query.
    pub diagnostics: Vec<syntax::Diagnostic>,
    /// What the run cost.
    pub figures: Figures,
}

impl Engine {
    /// Runs one rule. A rule that can't be run is an outcome too: the others go on.
    pub async fn detect<'a>(&self, rule: &'a Rule, options: &QueryOptions) -> Outcome<'a> {
        let mut answer = match self.query(&rule.query, options).await {
            Ok(answer) => answer,
            Err(error) => {
                return Outcome {
                    rule,
                    fields: Vec::new(),
                    alerts: Err(error),
                    diagnostics: Vec::new(),
                    figures: Figures::default(),
                };
            }
        };
        let alerts = answer.rows().await;
        Outcome {
            rule,
            figures: answer.figures(),
            fields: std::mem::take(&mut answer.fields),
            diagnostics: std::mem::take(&mut answer.diagnostics),
            alerts,
        }
    }
}
