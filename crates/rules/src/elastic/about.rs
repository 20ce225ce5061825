//! What a reader of a rule's alerts has to know.

use super::keys::Reader;
use super::node::{Node, Value};
use crate::rule::{About, Attack, Severity};

/// Reads it out of the rule's table and the file's `[metadata]`.
pub(super) fn read(reader: &mut Reader<'_>, rule: &Node, metadata: Option<&Node>) -> About {
    let meta = |reader: &mut Reader<'_>, key: &str| {
        metadata.and_then(|metadata| reader.text(metadata, key))
    };
    let version = match rule.get("version").map(|version| &version.value) {
        Some(Value::Number(_, text)) => Some(text.clone()),
        Some(_) => reader.text(rule, "version"),
        None => meta(reader, "updated_date"),
    };
    let building_block = reader.text(rule, "building_block_type");
    About {
        id: reader.required(rule, "rule_id"),
        name: reader.required(rule, "name"),
        description: reader.required(rule, "description"),
        authors: reader.strings(rule, "author"),
        license: reader.text(rule, "license"),
        severity: severity(reader, rule),
        risk: risk(reader, rule),
        version,
        status: meta(reader, "maturity"),
        tags: reader.strings(rule, "tags"),
        references: reader.strings(rule, "references"),
        attack: attack(reader, rule),
        false_positives: reader.strings(rule, "false_positives"),
        guide: reader.text(rule, "note"),
        setup: reader.text(rule, "setup"),
        building_block: building_block.is_some(),
        investigation_fields: match rule.get("investigation_fields") {
            Some(
                fields @ Node {
                    value: Value::Table(_),
                    ..
                },
            ) => reader.strings(fields, "field_names"),
            _ => reader.strings(rule, "investigation_fields"),
        },
        window_field: window_field(reader, rule),
    }
}

fn severity(reader: &mut Reader<'_>, rule: &Node) -> Severity {
    let text = reader.required(rule, "severity");
    match text.as_str() {
        "low" => Severity::Low,
        "medium" => Severity::Medium,
        "high" => Severity::High,
        "critical" => Severity::Critical,
        _ => {
            if let Some(node) = rule.get("severity").filter(|node| node.text().is_some()) {
                reader.error(
                    node.span,
                    "a severity is `low`, `medium`, `high` or `critical`",
                );
            }
            Severity::default()
        }
    }
}

fn risk(reader: &mut Reader<'_>, rule: &Node) -> Option<u8> {
    let Some(node) = rule.get("risk_score") else {
        reader.missing(rule, "risk_score");
        return None;
    };
    let number = reader.count(rule, "risk_score")?;
    let risk = u8::try_from(number).ok().filter(|risk| *risk <= 100);
    if risk.is_none() {
        reader.error(node.span, "a risk score is at most 100");
    }
    risk
}

/// The field of the windows, if it is not the event's own time.
fn window_field(reader: &mut Reader<'_>, rule: &Node) -> Option<String> {
    let field = reader.text(rule, "timestamp_override")?;
    if field != "event.ingested" && field != "@timestamp" {
        reader.without_effect(
            rule,
            "timestamp_override",
            "windows run by `@timestamp` or `event.ingested`",
        );
    }
    (field == "event.ingested").then_some(field)
}

/// Tactics and techniques out of `threat`, or out of `threat_mappings`, which holds lists of the same.
fn attack(reader: &mut Reader<'_>, rule: &Node) -> Vec<Attack> {
    let mut all = Vec::new();
    if let Some(threat) = rule.get("threat") {
        threat
            .each()
            .iter()
            .for_each(|one| tactic(reader, one, &mut all));
    }
    if let Some(mappings) = rule.get("threat_mappings") {
        for mapping in mappings.each() {
            if let Some(threat) = mapping.get("threat") {
                threat
                    .each()
                    .iter()
                    .for_each(|one| tactic(reader, one, &mut all));
            }
        }
    }
    let mut distinct: Vec<Attack> = Vec::new();
    for attack in all {
        if !distinct.contains(&attack) {
            distinct.push(attack);
        }
    }
    distinct
}

fn tactic(reader: &mut Reader<'_>, threat: &Node, out: &mut Vec<Attack>) {
    let tactic = threat
        .get("tactic")
        .and_then(|tactic| reader.text(tactic, "name"));
    let tactic = tactic.unwrap_or_default();
    let before = out.len();
    let techniques = threat.get("technique").map_or(&[][..], Node::each);
    for technique in techniques {
        let mut add = |reader: &mut Reader<'_>, technique: &Node| {
            out.push(Attack {
                tactic: tactic.clone(),
                technique: reader.text(technique, "id"),
                name: reader.text(technique, "name"),
            });
        };
        let inner = technique.get("subtechnique").map_or(&[][..], Node::each);
        // A technique with parts named says no more than they do.
        match inner {
            [] => add(reader, technique),
            inner => inner.iter().for_each(|inner| add(reader, inner)),
        }
    }
    if out.len() == before && !tactic.is_empty() {
        out.push(Attack {
            tactic,
            ..Attack::default()
        });
    }
}
