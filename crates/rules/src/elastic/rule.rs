//! A rule out of its table.

use std::path::Path;

use syntax::{Code, Diagnostic, Span};

use super::keys::Reader;
use super::node::{Node, Value};
use super::{Reading, about, filter, index, parts, query};
use crate::condition::Condition;
use crate::rule::{Body, Rule, Then};

/// The tables of a file.
const TABLES: &[&str] = &["metadata", "rule", "transform"];

/// All keys of a rule that are known: those that files have, and those that exports add.
#[rustfmt::skip]
const KEYS: &[&str] = &[
    // of every type
    "name", "author", "description", "risk_score", "rule_id", "severity", "type", "from", "to", "interval", "max_signals",
    "enabled", "license", "references", "tags", "false_positives", "note", "setup", "version", "revision",
    "building_block_type", "timestamp_override", "timestamp_override_fallback_disabled", "rule_name_override",
    "timeline_id", "timeline_title", "throttle", "meta", "actions", "response_actions", "exceptions_list", "filters",
    "related_integrations", "required_fields", "investigation_fields", "risk_score_mapping", "severity_mapping", "threat",
    "threat_mappings",
    // of some types
    "language", "query", "index", "data_view_id", "alert_suppression", "threshold", "new_terms", "new_terms_fields",
    "history_window_start", "saved_id", "event_category_override", "timestamp_field", "tiebreaker_field",
    "machine_learning_job_id", "anomaly_threshold", "threat_index", "threat_query", "threat_language",
    "threat_indicator_path", "threat_filters", "threat_mapping", "concurrent_searches", "items_per_search",
    // of exports
    "id", "created_at", "created_by", "updated_at", "updated_by", "immutable", "output_index", "rule_source",
    "execution_summary", "namespace", "outcome", "alias_target_id", "alias_purpose",
];

/// Keys that change what Elastic does with alerts and are not followed here, and why.
const WITHOUT_EFFECT: &[(&str, &str)] = &[
    (
        "exceptions_list",
        "the exceptions themselves are not in the rule",
    ),
    ("rule_name_override", "alerts bear the rule's own name"),
    (
        "risk_score_mapping",
        "alerts bear the rule's own risk score",
    ),
    ("severity_mapping", "alerts bear the rule's own severity"),
    (
        "response_actions",
        "nothing is done about alerts but to report them",
    ),
];

/// Reads the rule of a file's root: the table `rule`, or the root itself, as in exports.
pub(super) fn read(path: &Path, text: &str, root: &Node, diagnostics: Vec<Diagnostic>) -> Reading {
    // Where the text is no TOML, what is missing says nothing.
    let broken = !diagnostics.is_empty();
    let mut reader = Reader { text, diagnostics };
    let is_table = |node: &&Node| matches!(node.value, Value::Table(_));
    let inner = root.get("rule").filter(is_table);
    let rule = inner.unwrap_or(root);
    if inner.is_some() {
        reader.unknown(root, TABLES);
    }
    if rule.get("rule_id").is_none() && rule.get("name").is_none() {
        if !broken {
            reader.error(
                Span::at(root.span.start),
                "there is no rule here: a rule has a `name` and a `rule_id`",
            );
        }
        return Reading {
            about: crate::rule::About::default(),
            kind: String::new(),
            language: String::new(),
            rule: None,
            diagnostics: reader.diagnostics,
        };
    }
    let about = about::read(&mut reader, rule, root.get("metadata"));
    reader.unknown(rule, KEYS);
    for (key, why) in WITHOUT_EFFECT {
        reader.without_effect(rule, key, why);
    }
    let body = body(&mut reader, rule);
    let text_of = |key: &str| rule.get(key).and_then(Node::text).map(str::to_owned);
    let kind = text_of("type").unwrap_or_default();
    let language = text_of("language").unwrap_or_else(|| match kind.as_str() {
        "eql" | "esql" => kind.clone(),
        _ => "kuery".to_owned(),
    });
    let mut diagnostics = reader.diagnostics;
    diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    let usable = !diagnostics.iter().any(Diagnostic::is_error);
    let rule = body.filter(|_| usable).map(|body| Rule {
        path: path.to_owned(),
        about: about.clone(),
        body,
    });
    Reading {
        about,
        kind,
        language,
        rule,
        diagnostics,
    }
}

/// What the rule looks for; none where its type or language is refused.
fn body(reader: &mut Reader<'_>, rule: &Node) -> Option<Body> {
    let kind = reader.required(rule, "type");
    let language = reader
        .text(rule, "language")
        .unwrap_or_else(|| "kuery".to_owned());
    if !matches!(kind.as_str(), "query" | "threshold" | "new_terms") {
        refuse_type(reader, rule, &kind);
        return None;
    }
    if language != "kuery" {
        let name = match language.as_str() {
            "lucene" => "Lucene",
            "eql" => "EQL",
            "esql" => "ES|QL",
            other => other,
        };
        let span = rule.get("language").map_or(rule.span, |node| node.span);
        let message = format!("the rule's query is written in {name}, which can't be read here");
        reader.complain(
            Diagnostic::error(Code::RuleLanguage, span, message)
                .help("rules in Kibana's language, `kuery`, can be run here"),
        );
        return None;
    }
    data(reader, rule);
    let schedule = parts::schedule(reader, rule);
    let then = match kind.as_str() {
        "threshold" => parts::threshold(reader, rule),
        "new_terms" => parts::new_terms(reader, rule, &schedule),
        _ => Then::Each,
    };
    let condition = query::read(reader, rule);
    let mut filters = filter::read(reader, rule);
    let condition = if filters.is_empty() {
        condition
    } else {
        filters.insert(0, condition);
        Condition::All(filters)
    };
    let suppression = parts::suppression(reader, rule, kind == "threshold");
    Some(Body::Events {
        condition,
        then,
        schedule: Some(schedule),
        suppression,
    })
}

fn refuse_type(reader: &mut Reader<'_>, rule: &Node, kind: &str) {
    let what = match kind {
        "eql" => "an EQL rule (`eql`), whose language can't be read here",
        "esql" => "an ES|QL rule (`esql`), whose language can't be read here",
        "machine_learning" => {
            "a machine learning rule (`machine_learning`), which needs Elastic's jobs"
        }
        "threat_match" => {
            "an indicator match rule (`threat_match`), which needs an index of indicators"
        }
        "saved_query" => "a rule of a saved query (`saved_query`), which is not in the file",
        _ => "",
    };
    let Some(node) = rule.get("type").filter(|node| node.text().is_some()) else {
        return;
    };
    let message = match what {
        "" => format!("`{kind}` is no type of rule that is known here"),
        what => format!("this is {what}"),
    };
    let help = "rules of the types `query`, `threshold` and `new_terms` can be run here";
    reader.complain(Diagnostic::error(Code::RuleLanguage, node.span, message).help(help));
}

/// Complains if the rule reads other data than CloudTrail's.
fn data(reader: &mut Reader<'_>, rule: &Node) {
    let patterns = reader.texts(rule, "index");
    if let Some(diagnostic) = index::check(&patterns) {
        reader.complain(diagnostic);
    }
    if let (true, Some(view)) = (patterns.is_empty(), rule.member("data_view_id")) {
        let message = "the rule reads a data view, and which data that has is not in the file";
        let diagnostic = Diagnostic::error(Code::RuleData, view.key_span, message);
        reader.complain(
            diagnostic
                .help("give it index patterns instead: `index = [\"logs-aws.cloudtrail-*\"]`"),
        );
    }
}
