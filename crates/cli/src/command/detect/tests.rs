//! What is made of outcomes: order, codes, and what is written.

use std::path::PathBuf;

use engine::detect::{Alert, RuleFigures};
use engine::{Figures, OutputField, Type, Value};
use rules::load::LoadedRule;

use super::*;

fn rule(id: &str, severity: &str) -> LoadedRule {
    let text = format!(
        "id: {id}\nname: Name of {id}\ndescription: x\nseverity: {severity}\nquery: fetch logs\nattack:\n  \
         - {{tactic: Impact, technique: T1486, name: Encrypted}}\n"
    );
    let mut loaded = rules::load::texts([(PathBuf::from("rule.yaml"), text.as_str())]);
    loaded.rules.remove(0)
}

fn outcome<'a>(rule: &'a LoadedRule, alerts: Result<Vec<i64>, Error>) -> Outcome<'a> {
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

fn detection(outcomes: Vec<Outcome<'_>>) -> Detection<'_> {
    Detection {
        outcomes,
        figures: Figures::default(),
        parsed: 0,
        untimed: 0,
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
        output::list(format, &alerts::fields(), rows, look, &mut out).expect("written");
        String::from_utf8(out).expect("text")
    };
    assert_eq!(
        written(Format::Ndjson),
        concat!(
            r#"{"id":"id7","rule":"a","name":"Name of a","severity":"high","risk":null,"version":null,"license":null,"#,
            r#""authors":[],"tags":[],"references":[],"false_positives":[],"#,
            r#""attack":[{"tactic":"Impact","technique":"T1486","name":"Encrypted"}],"kind":null,"#,
            r#""first":null,"last":null,"window":null,"count":1,"suppressed":0,"distinct":null,"value":null,"#,
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
    let look = Look::plain(None);
    let (sender, written) = std::sync::mpsc::channel();
    let mut destination = Destination {
        out: Box::new(Pieces(sender)),
        terminal: false,
    };
    page::write(&outcomes, &look, &mut destination).expect("written");
    drop(destination);
    let page: Vec<u8> = written.iter().flatten().collect();
    let expected = "\
HIGH  Name of a  a  T1486  2 alerts
 n
──
 7
12

no alerts from: b
could not be run: c
";
    assert_eq!(String::from_utf8_lossy(&page), expected);
    let detection = detection(outcomes.into());
    assert_eq!(closing(&detection), "2 alerts from 1 of 3 rules in 0.0 ms");
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
    let warnings: Vec<_> = warnings(&outcomes).into_iter().collect();
    assert_eq!(warnings, [("no such bucket", vec!["a", "b"])]);
}

struct Pieces(std::sync::mpsc::Sender<Vec<u8>>);

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.send(bytes.to_vec()).map_err(std::io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
