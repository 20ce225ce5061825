//! A rule in DQL: every record that its query gives is an alert.

use std::sync::Arc;

use rules::load::LoadedRule;
use sha2::{Digest, Sha256};
use translator::OutputField;

use super::{Alert, Alerts, Outcome, RuleFigures};
use crate::Engine;
use crate::archive::Readings;
use crate::figures::Figures;
use crate::query::QueryOptions;
use crate::value::Value;

impl Engine {
    /// What the rule found, what its query cost, and what it read of archives.
    pub(super) async fn dql_rule<'a>(
        &self,
        rule: &'a LoadedRule,
        query: &str,
        options: &QueryOptions,
    ) -> (Outcome<'a>, Figures, Option<Arc<Readings>>) {
        let mut outcome = Outcome {
            rule,
            fields: Vec::new(),
            alerts: Ok(Alerts::default()),
            diagnostics: Vec::new(),
            silent: false,
            figures: RuleFigures::default(),
        };
        let mut answer = match self.query(query, options).await {
            Ok(answer) => answer,
            Err(error) => {
                outcome.alerts = Err(error);
                return (outcome, Figures::default(), None);
            }
        };
        let rows = answer.rows().await;
        let figures = answer.figures();
        outcome.fields = std::mem::take(&mut answer.fields);
        outcome.diagnostics = std::mem::take(&mut answer.diagnostics);
        outcome.alerts = rows.map(|rows| alerts(rule, &outcome.fields, rows).into());
        outcome.figures.elapsed = figures.elapsed;
        outcome.figures.matched = outcome.alerts.as_ref().map_or(0, |all| all.len() as u64);
        (outcome, figures, Some(answer.readings()))
    }
}

fn alerts(rule: &LoadedRule, fields: &[OutputField], rows: Vec<Vec<Value>>) -> Vec<Alert> {
    let id = rule.rule.about.id.as_str();
    let time = fields.iter().position(|field| field.name == "timestamp");
    let mut seen = std::collections::HashMap::new();
    let alert = |record: Vec<Value>| {
        let time = match time.and_then(|place| record.get(place)) {
            Some(Value::Timestamp(nanos)) => Some(*nanos),
            _ => None,
        };
        let digest = identity(id, fields, &record);
        // A query may give equal records: each is an alert, told apart by its place among them.
        let before = seen.entry(digest).or_insert(0_u64);
        let id = hex(&Sha256::new()
            .chain_update(digest)
            .chain_update(before.to_le_bytes())
            .finalize());
        *before += 1;
        Alert {
            id,
            run: time,
            first: time,
            last: time,
            count: 1,
            record,
            ..Alert::default()
        }
    };
    rows.into_iter().map(alert).collect()
}

/// A hash over the rule and the record. It is SHA-256, so that who writes events can't give two records one.
fn identity(rule: &str, fields: &[OutputField], record: &[Value]) -> [u8; 32] {
    let mut hash = Sha256::new();
    text(rule, &mut hash);
    for (field, value) in fields.iter().zip(record) {
        text(&field.name, &mut hash);
        put(value, &mut hash);
    }
    hash.finalize().into()
}

fn text(text: &str, hash: &mut Sha256) {
    hash.update((text.len() as u64).to_le_bytes());
    hash.update(text);
}

/// Puts a value in with its type and its length, so that no two look alike.
fn put(value: &Value, hash: &mut Sha256) {
    match value {
        Value::Null => hash.update([0]),
        Value::Boolean(value) => hash.update([1, u8::from(*value)]),
        Value::Long(value) => number(2, *value, hash),
        Value::Double(value) => number(3, value.to_bits().cast_signed(), hash),
        Value::String(value) => {
            hash.update([4]);
            text(value, hash);
        }
        Value::Timestamp(value) => number(5, *value, hash),
        Value::Duration(value) => number(6, *value, hash),
        Value::Timeframe(start, end) => {
            number(7, *start, hash);
            number(7, *end, hash);
        }
        Value::Array(elements) => {
            number(8, elements.len() as i64, hash);
            elements.iter().for_each(|element| put(element, hash));
        }
        Value::Record(members) => {
            number(9, members.len() as i64, hash);
            for (name, value) in members {
                text(name, hash);
                put(value, hash);
            }
        }
        Value::Shown(name, value) => {
            hash.update([10]);
            text(name, hash);
            put(value, hash);
        }
    }
}

fn number(kind: u8, number: i64, hash: &mut Sha256) {
    hash.update([kind]);
    hash.update(number.to_le_bytes());
}

fn hex(hash: &[u8]) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(32);
    for byte in hash.iter().take(16) {
        // A string takes whatever is written.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
