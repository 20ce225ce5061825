//! What is made of outcomes: order, codes, and what is written.

use std::path::PathBuf;

use std::sync::Arc;

use engine::detect::{Alert, Alerts, Detection, NamedEvent, RuleFigures};
use engine::{Figures, OutputField, Type, Value};
use rules::load::LoadedRule;
use rules::run;
use syntax::Code;

use super::*;
use crate::output::Look;

pub(super) fn rule(id: &str, severity: &str) -> LoadedRule {
    let text = format!(
        "id: {id}\nname: Name of {id}\ndescription: x\nseverity: {severity}\nquery: fetch logs\nattack:\n  \
         - {{tactic: Impact, technique: T1486, name: Encrypted}}\n"
    );
    let mut loaded = rules::load::texts([(PathBuf::from("rule.yaml"), text.as_str())]);
    loaded.rules.remove(0)
}

pub(super) fn outcome<'a>(rule: &'a LoadedRule, alerts: Result<Vec<i64>, Error>) -> Outcome<'a> {
    let alert = |n| Alert {
        id: format!("id{n}"),
        count: 1,
        record: vec![Value::Long(n)],
        ..Alert::default()
    };
    Outcome {
        rule,
        fields: vec![OutputField {
            name: "n".into(),
            ty: Type::Long,
        }],
        alerts: alerts.map(|alerts| alerts.into_iter().map(alert).collect()),
        diagnostics: Vec::new(),
        silent: false,
        figures: RuleFigures::default(),
    }
}

pub(super) fn detection(outcomes: Vec<Outcome<'_>>) -> Detection<'_> {
    Detection {
        outcomes,
        figures: Figures::default(),
        parsed: 0,
        untimed: 0,
        readings: Vec::new(),
    }
}

fn wrong() -> Error {
    Error::Query {
        diagnostics: Vec::new(),
    }
}

#[test]
fn the_worst_comes_first() {
    let mut rules = [
        rule("b", "low"),
        rule("c", "critical"),
        rule("a", "low"),
        rule("d", "info"),
    ];
    embedded::sort(&mut rules);
    let ids: Vec<&str> = rules
        .iter()
        .map(|rule| rule.rule.about.id.as_str())
        .collect();
    assert_eq!(ids, ["c", "a", "b", "d"]);
}

#[test]
fn codes() {
    let rule = rule("a", "low");
    let nothing = || outcome(&rule, Ok(vec![]));
    let found = || outcome(&rule, Ok(vec![1]));
    assert_eq!(exit(&[nothing()], true), Exit::Fine);
    assert_eq!(exit(&[nothing(), found()], true), Exit::Alerts);
    assert_eq!(exit(&[nothing(), found()], false), Exit::Fine);
    assert_eq!(
        exit(&[outcome(&rule, Err(wrong())), found()], true),
        Exit::Wrong
    );
    let failed = || outcome(&rule, Err(Error::Interrupted(String::new())));
    assert_eq!(
        exit(&[failed(), outcome(&rule, Err(wrong())), found()], true),
        Exit::Failed
    );
}

#[test]
fn alerts_for_programs() {
    let rule = rule("a", "high");
    let outcomes = [outcome(&rule, Ok(vec![7])), outcome(&rule, Err(wrong()))];
    let written = |format| {
        let look = Look::plain(None);
        let mut out = Vec::new();
        let rows = alerts::rows(&outcomes, format);
        output::list_of(format, &alerts::fields(), rows, look, &mut out).expect("written");
        String::from_utf8(out).expect("text")
    };
    assert_eq!(
        written(Format::Ndjson),
        concat!(
            r#"{"id":"id7","rule":"a","name":"Name of a","severity":"high","risk":null,"version":null,"license":null,"#,
            r#""authors":[],"tags":[],"references":[],"false_positives":[],"#,
            r#""attack":[{"tactic":"Impact","technique":"T1486","name":"Encrypted"}],"kind":null,"#,
            r#""run":null,"first":null,"last":null,"window":null,"count":1,"suppressed":0,"distinct":null,"value":null,"#,
            r#""key":{},"events":[],"record":{"n":7}}"#,
            "\n"
        )
    );
    let csv = written(Format::Csv);
    assert!(csv.ends_with(",{},[],\"{\"\"n\"\":7}\"\r\n"), "{csv}");
}

#[test]
fn alerts_for_people() {
    let (first, second, third) = (rule("a", "high"), rule("b", "low"), rule("c", "low"));
    let outcomes = [
        outcome(&first, Ok(vec![7, 12])),
        outcome(&second, Ok(vec![])),
        outcome(&third, Err(wrong())),
    ];
    let (page, remarks) = paged(&outcomes, None, usize::MAX);
    let expected = "\
HIGH: 2 alerts of 1 rule

Name of a  2 alerts
a  T1486
 n
──
 7
12

no alerts from: b
could not be run: c
";
    assert_eq!(page, expected);
    assert_eq!(remarks, Vec::<String>::new());
    let detection = detection(outcomes.into());
    assert_eq!(
        figures::closing(&detection, None),
        "2 alerts from 1 of 3 rules in 0.0 ms"
    );
    assert_eq!(
        figures::closing(&detection, Some(1_200)),
        "2 new alerts from 1 of 3 rules in 0.0 ms · 1,200 known before"
    );
}

#[test]
fn a_warning_is_said_once_for_all_rules() {
    let (first, second) = (rule("a", "high"), rule("b", "low"));
    let warned = |rule| {
        let span = syntax::Span::new(0, 5);
        let warning = |code, message| syntax::Diagnostic::warning(code, span, message);
        let mut outcome = outcome(rule, Ok(vec![]));
        outcome.diagnostics = vec![
            warning(Code::NoSuchBucket, "no such bucket"),
            warning(Code::NoSuchBucket, "no such bucket"),
            warning(Code::OutsideData, "no events then"),
            syntax::Diagnostic::info(Code::WholeLake, span, "all is read"),
        ];
        outcome
    };
    let outcomes = [warned(&first), warned(&second)];
    let warnings: Vec<_> = say::warnings(&outcomes).into_iter().collect();
    assert_eq!(warnings, [("no such bucket", vec!["a", "b"])]);
}

/// The page in `width` columns, and the remarks on it.
fn paged(outcomes: &[Outcome<'_>], width: Option<usize>, room: usize) -> (String, Vec<String>) {
    let mut out = Vec::new();
    let remarks = page::write(outcomes, &Look::plain(width), room, false, &mut out);
    let page = String::from_utf8(out).expect("text");
    (page, remarks.expect("written"))
}

/// A rule of Sigma's, with an author and a licence.
pub(super) fn sigma(id: &str, level: &str) -> LoadedRule {
    let text = format!(
        "title: Name of {id}\nid: {id}\nauthor: Jane Doe, John Roe\nlicense: DRL-1.1\nlevel: {level}\n\
         tags: [attack.impact, attack.t1486]\nlogsource: {{product: aws, service: cloudtrail}}\ndetection:\n  \
         s: {{eventName: A}}\n  condition: s\n"
    );
    let mut loaded = rules::load::texts([(PathBuf::from("rule.yml"), text.as_str())]);
    loaded.rules.remove(0)
}

/// An alert over time with one event, seconds after 2024-11-27T17:43:00Z.
pub(super) fn timed(id: &str, second: i64, lasting: i64, count: u64) -> Alert {
    let first = (1_732_729_380 + second) * 1_000_000_000;
    let text = |text: &str| Some(text.into());
    Alert {
        id: id.to_owned(),
        kind: Some(run::Kind::Threshold),
        first: Some(first),
        last: Some(first + lasting * 1_000_000_000),
        count,
        key: vec![("sourceIPAddress".into(), Some("192.0.2.1".into()))],
        events: vec![Arc::new(NamedEvent {
            id: text("e1"),
            time: first,
            action: text("DeleteTrail"),
            principal: text("arn:aws:sts::444455556666:assumed-role/reporting/i-0a1b2c3d4e5f60718"),
            address: text("192.0.2.1"),
            region: text("eu-west-1"),
            ..NamedEvent::default()
        })],
        ..Alert::default()
    }
}

#[test]
fn alerts_over_time_for_people() {
    let (first, second) = (sigma("a", "high"), sigma("b", "high"));
    let mut outcomes = [outcome(&first, Ok(vec![])), outcome(&second, Ok(vec![]))];
    for outcome in &mut outcomes {
        outcome.fields.clear();
    }
    outcomes[0].alerts = Ok(vec![timed("1", 0, 252, 20), timed("2", 3_600, 0, 1)].into());
    outcomes[1].alerts = Ok(vec![Alert {
        key: Vec::new(),
        ..timed("3", 0, 0, 1)
    }]
    .into());
    let (page, remarks) = paged(&outcomes, Some(80), usize::MAX);
    let expected = "\
HIGH: 3 alerts of 2 rules

Name of a  2 alerts
a  T1486
by Jane Doe, John Roe, DRL-1.1
";
    for line in page.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let lines: Vec<&str> = page.lines().take(6).collect();
    assert_eq!(
        lines[..5],
        expected.lines().take(5).collect::<Vec<_>>(),
        "{page}"
    );
    // The address is the key, and not said twice; whose account it is goes without saying.
    assert!(lines[5].contains("sourceIPAddress  action"), "{page}");
    assert!(!lines[5].contains("address"), "{page}");
    assert!(page.contains("  …assum"), "{page}");
    assert!(page.contains("11-27 17:43:00  4m 12s"), "{page}");
    assert!(page.contains("when in 2024    action"), "{page}");
    assert!(
        remarks
            .iter()
            .any(|line| line.contains("--wide cuts nothing")),
        "{remarks:?}"
    );
    let (_, remarks) = paged(&outcomes, None, 1);
    assert_eq!(
        remarks,
        [
            "a: 1 alert more not shown on a terminal; --format ndjson in a pipe gives all",
            "b: 1 alert more not shown on a terminal; --format ndjson in a pipe gives all"
        ]
    );
}

#[test]
fn what_limits_cut_is_said_once() {
    let (first, second) = (rule("a", "high"), rule("b", "low"));
    let mut outcomes = [outcome(&first, Ok(vec![])), outcome(&second, Ok(vec![]))];
    assert_eq!(figures::over_time(&outcomes), figures::Remarks::default());
    outcomes[0].figures.time.lost = 1_000;
    outcomes[1].figures.time.lost = 1;
    outcomes[1].figures.time.delayed = 1;
    outcomes[0].figures.time.unseen = 2;
    let remarks = figures::over_time(&outcomes);
    assert_eq!(
        remarks.warnings,
        [
            "1,001 alerts were left out: a run of a rule gives no more than its limit, and no later run saw them; \
             --max-signals raises the limit (in a, b)",
            "2 matching events were seen by no run: the rule looks back less far than from one run to the next (in a)",
        ]
    );
    assert_eq!(
        remarks.hints,
        ["1 alert was given by a later run than the first that could have, for its limit (in b)"]
    );
}

#[test]
fn figures_of_each_rule() {
    let (first, second) = (sigma("a", "high"), rule("b", "low"));
    let mut outcomes = [outcome(&first, Ok(vec![1])), outcome(&second, Err(wrong()))];
    outcomes[0].figures.matched = 12;
    outcomes[0].figures.elapsed = std::time::Duration::from_micros(3_500);
    outcomes[1].figures.elapsed = std::time::Duration::from_millis(20);
    let table = figures::table(&outcomes, Look::plain(None)).expect("written");
    let lines: Vec<Vec<&str>> = table
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(lines[0], ["rule", "matched", "alerts", "time"]);
    assert_eq!(lines[2], ["a", "12", "1", "3.5", "ms"]);
    assert_eq!(lines[3], ["b", "0", "failed", "20", "ms"]);
}

#[test]
fn only_what_is_new_is_left() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("state");
    let rule = rule("a", "high");
    let day: jiff::civil::Date = "2026-01-01".parse().expect("a date");
    let sifted = |alerts: Vec<i64>| {
        let mut outcomes = [outcome(&rule, Ok(alerts)), outcome(&rule, Err(wrong()))];
        for alert in outcomes[0].alerts.iter_mut().flat_map(Alerts::held_mut) {
            alert.id = alert.id.replace("id", "0a");
        }
        let mut known = Known::open(&path, day).expect("open");
        let before = known.sift(&mut outcomes).expect("sifted");
        known.save().expect("saved");
        (before, figures::found(&outcomes[0]))
    };
    assert_eq!(sifted(vec![1, 2]), (0, 2));
    assert_eq!(sifted(vec![1, 2, 3]), (2, 1));
    assert_eq!(sifted(vec![]), (0, 0));
    assert_eq!(sifted(vec![3]), (1, 0));
}
