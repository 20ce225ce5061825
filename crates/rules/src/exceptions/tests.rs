//! What a file may hold, what is wrong in one, and which events rules leave out by it.

use std::path::PathBuf;

use super::*;
use crate::evaluate::{JsonEvent, Program};

const ALL: &str = "\
agents:
  - Terraform/*
  - value: 'scanner 1.?'
    reason: the weekly scan
    until: 2027-03-31
addresses: [203.0.113.7, 2001:db8::/32]
principals:
  - arn:aws:iam::111122223333:role/deploy
  - value: arn:aws:iam::*:user/backup
    rules: [one, two]
accounts:
  - 012345678901
";

fn loaded(text: &str) -> Vec<LoadedRule> {
    let loaded = crate::load::texts([(PathBuf::from("r.yml"), text)]);
    assert_eq!(loaded.refusals, []);
    loaded.rules
}

fn sigma(id: &str) -> Vec<LoadedRule> {
    loaded(&format!(
        "title: T\nid: {id}\nlogsource: {{product: aws, service: cloudtrail}}\ndetection:\n  s: {{eventName: A}}\n  \
         condition: s\n"
    ))
}

fn dql(id: &str) -> Vec<LoadedRule> {
    loaded(&format!(
        "id: {id}\nname: N\ndescription: d\nseverity: low\nquery: fetch logs\n"
    ))
}

fn today() -> Date {
    "2027-01-01".parse().expect("a date")
}

/// Whether a rule would still look at the event.
fn seen(applied: &Applied, rule: &LoadedRule, event: &str) -> bool {
    let mut all = match &rule.rule.body {
        Body::Events { condition, .. } => vec![condition.clone()],
        Body::Query(query) => query.only.iter().cloned().collect(),
        Body::Correlation(_) => panic!("{rule:?}"),
    };
    all.extend(applied.only.clone());
    let program = Program::of(&Condition::All(all)).expect("a sound condition");
    program.holds(&JsonEvent::new(event).expect("a record"))
}

#[test]
fn a_file_is_read_whole() {
    let all = parse(ALL).expect("exceptions");
    let told: Vec<_> = all
        .iter()
        .map(|one| (one.place.line, one.subject, one.value.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (2, Subject::Agent, "Terraform/*"),
            (3, Subject::Agent, "scanner 1.?"),
            (6, Subject::Address, "203.0.113.7"),
            (6, Subject::Address, "2001:db8::/32"),
            (
                8,
                Subject::Principal,
                "arn:aws:iam::111122223333:role/deploy"
            ),
            (9, Subject::Principal, "arn:aws:iam::*:user/backup"),
            (12, Subject::Account, "012345678901"),
        ]
    );
    assert_eq!(all[1].reason.as_deref(), Some("the weekly scan"));
    assert_eq!(all[1].until, "2027-03-31".parse().ok());
    assert_eq!(all[5].rules, ["one", "two"]);
    assert_eq!(parse("# nothing yet\n"), Ok(Vec::new()));
    assert_eq!(parse("agents:\n"), Ok(Vec::new()));
}

#[test]
fn mistakes_have_line_and_column_and_all_are_named() {
    for (text, expected) in [
        ("agent: [x]\n", vec![(1, 1, "agent")]),
        ("- x\n", vec![(1, 1, "YAML")]),
        ("agents: x\n", vec![(1, 9, "agents")]),
        (
            "agents:\n  - '*'\n  - '**?'\n",
            vec![(2, 5, "agents"), (3, 5, "agents")],
        ),
        ("agents:\n  - ''\n", vec![(2, 5, "agents")]),
        (
            "addresses: [10.0.0.0/33, 0.0.0.0/0, sts.amazonaws.com]\n",
            vec![
                (1, 13, "addresses"),
                (1, 26, "addresses"),
                (1, 37, "addresses"),
            ],
        ),
        ("addresses: ['::/00']\n", vec![(1, 13, "addresses")]),
        ("accounts: [1111]\n", vec![(1, 12, "accounts")]),
        ("principals: [deploy]\n", vec![(1, 14, "principals")]),
        (
            "agents:\n  - value: x\n    until: soon\n",
            vec![(3, 12, "until")],
        ),
        (
            "agents:\n  - value: x\n    rules: []\n",
            vec![(3, 12, "rules")],
        ),
        ("agents:\n  - value: x\n    rule: a\n", vec![(3, 5, "rule")]),
        ("agents:\n  - reason: x\n", vec![(2, 5, "value")]),
        // The bracket that is never closed.
        ("agents: [a\n", vec![(1, 9, "YAML")]),
        ("agents: [a]\n---\nagents: [b]\n", vec![(3, 1, "YAML")]),
    ] {
        let wrong = parse(text).expect_err(text);
        let told: Vec<_> = wrong
            .iter()
            .map(|wrong| {
                (
                    wrong.place.line,
                    wrong.place.column,
                    wrong.construct.as_str(),
                )
            })
            .collect();
        assert_eq!(told, expected, "{text}");
    }
}

#[test]
fn events_of_each_subject_are_left_out_and_no_others() {
    let mut rules = sigma("one");
    let applied = apply(parse(ALL).expect("exceptions"), &mut rules, today());
    for (more, left_out) in [
        (r#""userAgent":"terraform/1.9""#, true),
        (r#""userAgent":"a Terraform/1.9""#, false),
        (r#""userAgent":"Scanner 1.2""#, true),
        (r#""userAgent":"scanner 1.22""#, false),
        (r#""sourceIPAddress":"203.0.113.7""#, true),
        (r#""sourceIPAddress":"203.0.113.70""#, false),
        (r#""sourceIPAddress":"2001:db8:5::1""#, true),
        (r#""sourceIPAddress":"sts.amazonaws.com""#, false),
        (
            r#""userIdentity":{"arn":"arn:aws:iam::111122223333:role/deploy"}"#,
            true,
        ),
        (
            r#""userIdentity":{"arn":"arn:aws:iam::111122223333:role/Deploy"}"#,
            false,
        ),
        (
            r#""userIdentity":{"arn":"arn:aws:sts::111122223333:assumed-role/deploy/x","sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::111122223333:role/deploy"}}}"#,
            true,
        ),
        (
            r#""userIdentity":{"arn":"arn:aws:iam::5:user/backup"}"#,
            true,
        ),
        (r#""recipientAccountId":"012345678901""#, true),
        // The caller's account is not where it happened.
        (r#""userIdentity":{"accountId":"012345678901"}"#, false),
        (r#""userAgent":null"#, false),
    ] {
        let event = format!(r#"{{"eventName":"A",{more}}}"#);
        assert_eq!(!seen(&applied, &rules[0], &event), left_out, "{more}");
    }
    assert_eq!(applied.used.len(), 7);
}

#[test]
fn an_exception_for_some_rules_leaves_others_alone() {
    let mut rules = sigma("one");
    rules.extend(sigma("three"));
    let exceptions = parse("agents: [{value: x, rules: [one]}]\n").expect("exceptions");
    let applied = apply(exceptions, &mut rules, today());
    assert_eq!(applied.only, None);
    let event = r#"{"eventName":"A","userAgent":"x"}"#;
    assert!(!seen(&applied, &rules[0], event));
    assert!(seen(&applied, &rules[1], event));
    assert_eq!(
        (applied.not_narrowed, applied.unknown),
        (Vec::new(), Vec::new())
    );
}

#[test]
fn what_is_not_applied_is_told() {
    let mut rules = sigma("one");
    rules.extend(dql("query"));
    rules.extend(dql("other"));
    let exceptions =
        "agents:\n- {value: x, rules: [query, nowhere]}\n- {value: y, until: 2026-12-31}\n";
    let applied = apply(parse(exceptions).expect("exceptions"), &mut rules, today());
    assert_eq!(applied.not_narrowed, Vec::<String>::new());
    assert_eq!(applied.unknown, ["nowhere"]);
    assert_eq!(applied.expired.len(), 1);
    assert_eq!((&applied.only, applied.used.len()), (&None, 1));
    let event = r#"{"eventName":"A","userAgent":"x"}"#;
    let sees = rules.iter().map(|rule| seen(&applied, rule, event));
    assert_eq!(sees.collect::<Vec<_>>(), [true, false, true]);
    // The last day counts.
    let exceptions = parse("agents: [{value: y, until: 2027-01-01}]\n").expect("exceptions");
    let applied = apply(exceptions, &mut rules, today());
    assert!(!seen(&applied, &rules[2], r#"{"userAgent":"y"}"#));
    assert_eq!((applied.expired, applied.used.len()), (Vec::new(), 1));
}

#[test]
fn a_correlation_is_narrowed_through_its_rules() {
    let correlation = "title: C\nid: c\ncorrelation:\n  type: event_count\n  rules: [one]\n  group-by: [userAgent]\n  \
                       timespan: 5m\n  condition: {gte: 2}\n";
    let both = format!(
        "title: T\nid: one\nlogsource: {{product: aws, service: cloudtrail}}\ndetection:\n  s: {{eventName: A}}\n  \
         condition: s\n---\n{correlation}"
    );
    let mut rules = loaded(&both);
    assert_eq!(rules.len(), 2);
    let apply = |text: &str, rules: &mut [LoadedRule]| {
        super::apply(parse(text).expect("exceptions"), rules, today()).not_narrowed
    };
    assert_eq!(apply("agents: [x]\n", &mut rules), Vec::<String>::new());
    assert_eq!(
        apply("agents: [{value: x, rules: [c]}]\n", &mut rules),
        ["c"]
    );
}
