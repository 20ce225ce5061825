//! Rules with all their keys, in files and in exports.

use std::path::Path;

use super::{read, rule};
use crate::condition::Field;
use crate::elastic::read_ndjson;
use crate::rule::{About, Attack, Body, Missing, Rule, Schedule, Severity, Suppression, Then};

const SECOND: i64 = 1_000_000_000;
const MINUTE: i64 = 60 * SECOND;
const DAY: i64 = 1440 * MINUTE;

fn field(name: &str) -> Field {
    Field::Ecs(name.to_owned())
}

fn body(text: &str) -> (Then, Schedule, Option<Suppression>) {
    let reading = read(text);
    assert_eq!(reading.diagnostics, [], "{text}");
    match reading.rule.expect("a rule").body {
        Body::Events {
            then,
            schedule: Some(schedule),
            suppression,
            ..
        } => (then, schedule, suppression),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_key_of_a_file() {
    let text = r#"
[metadata]
creation_date = "2026/01/10"
integration = ["aws"]
maturity = "production"
updated_date = "2026/02/11"
min_stack_version = "9.2.0"
bypass_bbr_timing = true

[transform]
[[transform.investigate]]
label = "x"

[rule]
author = ["A", "B"]
building_block_type = "default"
description = "What it finds."
enabled = true
false_positives = ["Backups do it."]
from = "now-60m"
to = "now-1m"
interval = "10m"
max_signals = 7
index = "logs-aws.cloudtrail-*"
language = "kuery"
license = "Apache-2.0"
meta = { kibana_siem_app_url = "x" }
name = "A rule"
note = """
# What to do
Ask \"why\"."""
references = ["https://example.com/a"]
related_integrations = []
required_fields = [{ name = "event.action", type = "keyword", ecs = true }]
risk_score = 73
rule_id = "0b2f3c1e-0000-4000-8000-000000000004"
setup = "Data events of S3."
severity = "high"
tags = ["Domain: Cloud", "Data Source: AWS"]
throttle = "no_actions"
timeline_id = "t"
timeline_title = "T"
timestamp_override = "event.ingested"
type = "query"
version = 12
exceptions_list = []
query = "event.action: DeleteTrail"

[rule.investigation_fields]
field_names = ["user.name", "source.ip"]

[[rule.threat]]
framework = "MITRE ATT&CK"
[rule.threat.tactic]
id = "TA0005"
name = "Defense Evasion"
reference = "https://example.com/TA0005"
[[rule.threat.technique]]
id = "T1562"
name = "Impair Defenses"
reference = "https://example.com/T1562"
[[rule.threat.technique.subtechnique]]
id = "T1562.008"
name = "Disable or Modify Cloud Logs"
reference = "https://example.com/T1562/008"
[[rule.threat.technique]]
id = "T1070"
name = "Indicator Removal"
reference = "https://example.com/T1070"

[[rule.threat]]
framework = "MITRE ATT&CK"
[rule.threat.tactic]
id = "TA0040"
name = "Impact"
reference = "https://example.com/TA0040"

[rule.alert_suppression]
group_by = ["user.name", "source.ip"]
missing_fields_strategy = "doNotSuppress"
[rule.alert_suppression.duration]
value = 2
unit = "h"
"#;
    let attack = |tactic: &str, technique: Option<(&str, &str)>| Attack {
        tactic: tactic.to_owned(),
        technique: technique.map(|(id, _)| id.to_owned()),
        name: technique.map(|(_, name)| name.to_owned()),
    };
    let strings = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
    let about = About {
        id: "0b2f3c1e-0000-4000-8000-000000000004".to_owned(),
        name: "A rule".to_owned(),
        description: "What it finds.".to_owned(),
        authors: strings(&["A", "B"]),
        license: Some("Apache-2.0".to_owned()),
        severity: Severity::High,
        risk: Some(73),
        version: Some("12".to_owned()),
        status: Some("production".to_owned()),
        tags: strings(&["Domain: Cloud", "Data Source: AWS"]),
        references: strings(&["https://example.com/a"]),
        attack: vec![
            attack(
                "Defense Evasion",
                Some(("T1562.008", "Disable or Modify Cloud Logs")),
            ),
            attack("Defense Evasion", Some(("T1070", "Indicator Removal"))),
            attack("Impact", None),
        ],
        false_positives: strings(&["Backups do it."]),
        guide: Some("# What to do\nAsk \"why\".".to_owned()),
        setup: Some("Data events of S3.".to_owned()),
        building_block: true,
        investigation_fields: strings(&["user.name", "source.ip"]),
        window_field: Some("event.ingested".to_owned()),
    };
    let rule = Rule {
        path: "rule.toml".into(),
        about: about.clone(),
        body: Body::Events {
            condition: crate::kql::parse("event.action: DeleteTrail").0,
            then: Then::Each,
            schedule: Some(Schedule {
                interval: 10 * MINUTE,
                from: 60 * MINUTE,
                to: MINUTE,
                max_signals: 7,
            }),
            suppression: Some(Suppression {
                by: vec![field("user.name"), field("source.ip")],
                duration: Some(120 * MINUTE),
                missing: Missing::Apart,
            }),
        },
    };
    let reading = read(text);
    assert_eq!(reading.diagnostics, []);
    assert_eq!(reading.about, about);
    assert_eq!(reading.rule, Some(rule));
}

#[test]
fn defaults() {
    let (then, schedule, suppression) = body(&rule("", ""));
    assert_eq!((then, suppression), (Then::Each, None));
    let expected = Schedule {
        interval: 5 * MINUTE,
        from: 6 * MINUTE,
        to: 0,
        max_signals: 100,
    };
    assert_eq!(schedule, expected);
}

#[test]
fn times() {
    for (from, expected) in [
        ("now-9m", 9 * MINUTE),
        ("now-24h", DAY),
        ("now-30s", 30 * SECOND),
        ("now-2w", 14 * DAY),
        ("now-1h-30m", 90 * MINUTE),
        ("now-1d+1h", DAY - 60 * MINUTE),
    ] {
        let (_, schedule, _) = body(&rule(&format!("from = \"{from}\""), ""));
        assert_eq!(schedule.from, expected, "{from}");
    }
}

#[test]
fn new_terms_in_both_spellings() {
    let expected = Then::NewTerms {
        fields: vec![field("user.name"), field("cloud.account.id")],
        history: 10 * DAY,
    };
    let file = rule(
        "type = \"new_terms\"",
        "[rule.new_terms]\nfield = \"new_terms_fields\"\nvalue = [\"user.name\", \"cloud.account.id\"]\n\
         [[rule.new_terms.history_window_start]]\nfield = \"history_window_start\"\nvalue = \"now-10d\"\n",
    );
    assert_eq!(body(&file).0, expected);
    let plain = rule(
        "type = \"new_terms\"\nnew_terms_fields = [\"user.name\", \"cloud.account.id\"]\nhistory_window_start = \"now-10d\"",
        "",
    );
    assert_eq!(body(&plain).0, expected);
}

#[test]
fn thresholds() {
    let of = |by: &str| {
        rule(
            "type = \"threshold\"",
            &format!("[rule.threshold]\nfield = {by}\nvalue = 3\n"),
        )
    };
    for (by, expected) in [
        ("[]", vec![]),
        ("[\"\"]", vec![]),
        ("\"user.name\"", vec![field("user.name")]),
        (
            "[\"user.name\", \"source.ip\"]",
            vec![field("user.name"), field("source.ip")],
        ),
    ] {
        let expected = Then::Threshold {
            by: expected,
            count: 3,
            distinct: None,
        };
        assert_eq!(body(&of(by)).0, expected, "{by}");
    }
    let suppressed = of("[\"user.name\"]")
        + "[rule.alert_suppression]\nduration = { value = 5, unit = \"m\" }\n";
    let expected = Suppression {
        by: vec![],
        duration: Some(5 * MINUTE),
        missing: Missing::Together,
    };
    assert_eq!(body(&suppressed).2, Some(expected));
}

#[test]
fn exports() {
    let export = concat!(
        r#"{"id":"x","created_at":"2026-01-01","immutable":false,"name":"One","description":"d","rule_id":"1","risk_score":21,"severity":"low","type":"new_terms","language":"kuery","index":["logs-*"],"query":"event.action: \"a\\b\"","new_terms_fields":["user.name"],"history_window_start":"now-7d","investigation_fields":{"field_names":["user.id"]},"exceptions_list":[],"timestamp_override":null,"version":3,"filters":[]}"#,
        "\n",
        r#"{"name":"Two","description":"d","rule_id":"2","risk_score":21,"severity":"low","type":"esql","language":"esql","query":"FROM x"}"#,
        "\n",
        r#"{"exported_count":2,"exported_rules_count":2,"missing_rules":[]}"#,
        "\n"
    );
    let all = read_ndjson(Path::new("rules.ndjson"), export);
    assert_eq!(all.len(), 2);
    assert_eq!(all[0].diagnostics, []);
    let rule = all[0].rule.as_ref().expect("a rule");
    assert_eq!(rule.about.version.as_deref(), Some("3"));
    assert_eq!(rule.about.investigation_fields, ["user.id"]);
    assert_eq!(
        (all[1].rule.is_none(), all[1].about.name.as_str()),
        (true, "Two")
    );
    assert_eq!(all[1].diagnostics[0].code.text(), "E0711");

    let broken = read_ndjson(
        Path::new("rules.ndjson"),
        &format!("{export}{{\"name\": nonsense"),
    );
    assert_eq!(broken.len(), 3);
    assert_eq!(broken[2].diagnostics[0].code.text(), "E0701");
}
