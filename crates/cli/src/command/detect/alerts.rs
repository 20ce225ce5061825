//! Alerts for programs: the rule beside each record.

use engine::detect::{Outcome, Rule};
use engine::{OutputField, Type, Value};

use crate::args::Format;
use crate::output::{json_text, text_field};

/// What an alert holds.
pub(super) fn fields() -> Vec<OutputField> {
    let mut fields: Vec<_> = ["rule", "name", "severity", "attack"]
        .map(text_field)
        .into();
    fields.push(OutputField {
        name: "record".to_owned(),
        ty: Type::Dynamic,
    });
    fields
}

/// The alerts of all rules, those of the first rule first. In CSV a cell holds the techniques' ids alone, and the record
/// as JSON text.
pub(super) fn rows(outcomes: &[Outcome<'_>], format: Format) -> Vec<Vec<Value>> {
    let mut rows = Vec::new();
    for outcome in outcomes {
        for alert in outcome.alerts.iter().flatten() {
            let names = outcome.fields.iter().map(|field| field.name.clone());
            let record = Value::Record(names.zip(alert.iter().cloned()).collect());
            let rule = outcome.rule;
            let attack = attack(rule);
            let (attack, record) = match format {
                Format::Csv => (techniques(rule), Value::String(json_text(&record))),
                _ => (attack, record),
            };
            let text = |text: &str| Value::String(text.to_owned());
            rows.push(vec![
                text(&rule.id),
                text(&rule.name),
                text(rule.severity.text()),
                attack,
                record,
            ]);
        }
    }
    rows
}

fn attack(rule: &Rule) -> Value {
    let technique = |attack: &engine::detect::Attack| {
        let members = [
            ("tactic", &attack.tactic),
            ("technique", &attack.technique),
            ("name", &attack.name),
        ];
        Value::Record(
            members
                .map(|(key, text)| (key.to_owned(), Value::String(text.clone())))
                .into(),
        )
    };
    Value::Array(rule.attack.iter().map(technique).collect())
}

fn techniques(rule: &Rule) -> Value {
    let ids: Vec<&str> = rule
        .attack
        .iter()
        .map(|attack| attack.technique.as_str())
        .collect();
    Value::String(ids.join(" "))
}
