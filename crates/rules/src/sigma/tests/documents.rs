//! What stands around the detection.

use std::path::Path;

use proptest::prelude::*;

use crate::rule::{Attack, Severity};
use crate::sigma::{Document, parse};
use crate::yaml::{self, Wrong};

fn document(text: &str) -> Result<Document, Wrong> {
    parse(Path::new("dir/stem.yml"), &yaml::documents(text)?[0])
}

const DETECTION: &str = "detection:\n  s: {a: b}\n  condition: s\n";
const CLOUDTRAIL: &str = "logsource: {product: AWS, service: cloudtrail, definition: x}\n";

#[test]
fn what_a_reader_has_to_know_is_kept() {
    let text = format!(
        "title: T\nid: 1-2\nname: short\nstatus: test\ndescription: D\nauthor: A, B\nlicense: L\nlevel: informational\n\
         date: 2025-01-02\nmodified: 2026-03-04\nreferences: [r1, r2]\nfalsepositives: [f]\nunknown: {{x: 1}}\n\
         tags: [attack.initial-access, attack.t1078.004, attack.g0016, cve.2025-1]\n{CLOUDTRAIL}{DETECTION}"
    );
    let Ok(Document::Rule {
        rule,
        name,
        warnings,
    }) = document(&text)
    else {
        panic!("{text}");
    };
    let about = rule.about;
    assert!(warnings.is_empty());
    assert_eq!(name.as_deref(), Some("short"));
    assert_eq!((about.id.as_str(), about.name.as_str()), ("1-2", "T"));
    assert_eq!(about.authors, ["A, B"]);
    assert_eq!(about.license.as_deref(), Some("L"));
    assert_eq!(about.severity, Severity::Info);
    assert_eq!(about.version.as_deref(), Some("2026-03-04"));
    assert_eq!(about.status.as_deref(), Some("test"));
    assert_eq!(about.references, ["r1", "r2"]);
    assert_eq!(about.false_positives, ["f"]);
    assert_eq!(about.tags.len(), 4);
    let technique = Attack {
        tactic: "Initial Access".into(),
        technique: Some("T1078.004".into()),
        name: None,
    };
    assert_eq!(about.attack, [technique]);
}

#[test]
fn rules_over_other_data_are_skipped_by_name() {
    for (source, part) in [
        ("{product: windows, service: sysmon}", "service sysmon"),
        ("{product: aws}", "product aws"),
        (
            "{product: aws, service: cloudtrail, category: x}",
            "category x",
        ),
        ("{definition: x}", "names no data"),
    ] {
        // What is wrong inside is not ours to judge.
        let text = format!("title: T\nlogsource: {source}\ndetection: {{s|: 1}}\n");
        match document(&text) {
            Ok(Document::Skipped { name, reason }) => {
                assert_eq!(name, "T");
                assert!(reason.contains(part), "{reason}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn what_is_missing_or_gone_is_refused_with_its_place() {
    let with = |more: &str| format!("title: T\n{CLOUDTRAIL}{more}");
    for (text, construct, line) in [
        (format!("{CLOUDTRAIL}{DETECTION}"), "title", 1),
        (format!("title: T\n{DETECTION}"), "logsource", 1),
        (with("detection:\n  s: {a: b}\n"), "condition", 4),
        (with("detection: x\n"), "detection", 3),
        (
            with("detection:\n  s: {a: b}\n  timeframe: 5m\n  condition: s\n"),
            "timeframe",
            5,
        ),
        (
            with("detection:\n  s: {a: b}\n  condition: s | count() by x > 5\n"),
            "|",
            5,
        ),
        (
            with("detection:\n  s: []\n  condition: s\n"),
            "detection",
            4,
        ),
        (with(&format!("level: urgent\n{DETECTION}")), "level", 3),
        (with("filter:\n  s: {a: b}\n  condition: s\n"), "rules", 4),
        (
            with("filter:\n  rules: [x]\n  s: {a|zip: b}\n  condition: s\n"),
            "zip",
            5,
        ),
        (
            "title: T\ncorrelation:\n  type: event_count\n".to_owned(),
            "correlation",
            3,
        ),
    ] {
        let wrong = document(&text).expect_err(&text);
        assert_eq!(
            (wrong.construct.as_str(), wrong.place.line),
            (construct, line),
            "{text}"
        );
    }
}

#[test]
fn yaml_that_repeats_or_nests_beyond_reason_is_refused() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..9 {
        let before = level - 1;
        bomb += &format!(
            "a{level}: &a{level} [{}]\n",
            vec![format!("*a{before}"); 10].join(", ")
        );
    }
    assert!(yaml::documents(&bomb).is_err());
    let deep = "[".repeat(100_000);
    assert!(yaml::documents(&deep).is_err());
}

proptest! {
    /// Whatever stands in a document, it is read or refused, and the place of what is wrong lies in the text.
    #[test]
    fn no_document_is_too_odd(
        key in "[a|*.%äcontaisrewbe64of_ ]{0,16}",
        value in "[-/*?%\\\\aä\\[\\]{}(), ]{0,12}",
        condition in "(s|not|and|or|1 of|all of|them|s\\*|\\(|\\)|\\||ä| ){0,8}",
    ) {
        let quoted = |text: &str| format!("'{text}'");
        for value in [quoted(&value), value] {
            let text = format!(
                "title: T\n{CLOUDTRAIL}detection:\n  s:\n    {}: {value}\n  condition: {}\n",
                quoted(&key), quoted(&condition),
            );
            if let Err(wrong) = document_or_nothing(&text) {
                prop_assert!(wrong.place.line <= text.lines().count() + 1, "{:?}", wrong);
                prop_assert!(wrong.place.span(&text).start <= text.len());
                prop_assert!(!wrong.reason.is_empty() && !wrong.construct.is_empty());
            }
        }
    }
}

fn document_or_nothing(text: &str) -> Result<(), Wrong> {
    for document in yaml::documents(text)? {
        parse(Path::new("x.yml"), &document)?;
    }
    Ok(())
}
