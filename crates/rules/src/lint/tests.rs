//! Conditions that are odd, by hand, and random ones held against the records that there can be.

use proptest::prelude::*;

use super::*;
use crate::condition::Part;
use crate::evaluate::{JsonEvent, Program};

fn test(path: &str, text: &str) -> Condition {
    Condition::Test(Test {
        field: Field::Path(path.split('.').map(str::to_owned).collect()),
        check: Check::Text {
            text: text.into(),
            cased: false,
        },
    })
}

fn ecs(name: &str, text: &str) -> Condition {
    Condition::Test(Test {
        field: Field::Ecs(name.to_owned()),
        check: Check::Text {
            text: text.into(),
            cased: true,
        },
    })
}

fn regex(path: &str, expression: &str) -> Condition {
    Condition::Test(Test {
        field: Field::Path(vec![path.to_owned()]),
        check: Check::Regex(expression.to_owned()),
    })
}

fn not(condition: Condition) -> Condition {
    Condition::Not(Box::new(condition))
}

use Condition::{All, Any};

const NEVER: &str = "no record meets the condition";
const ALWAYS: &str = "every record meets the condition";

fn check(given: &Condition, parts: &[&str]) {
    let found = condition(given);
    assert_eq!(found.len(), parts.len(), "{given:?}: {found:?}");
    for (text, part) in found.iter().zip(parts) {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn tests_that_nothing_meets_are_found() {
    let name = |text| test("eventName", text);
    for (given, parts) in [
        (name("A"), &[][..]),
        (
            test("errorCode", "Success"),
            &["never `Success`", NEVER][..],
        ),
        (
            test("eventname", "A"),
            &["`eventname`; did you mean `eventName`?", NEVER],
        ),
        (test("src_country", "x"), &["`src_country`", NEVER]),
        // An alternative that nothing meets leaves the other.
        (
            Any(vec![test("src_country", "x"), name("A")]),
            &["`src_country`"],
        ),
        (
            All(vec![
                name("A"),
                All(vec![name("B"), test("eventSource", "c")]),
            ]),
            &["`A` and `B` at once", NEVER],
        ),
        (All(vec![name("A"), name("a")]), &[]),
        (Any(vec![name("A"), name("B")]), &[]),
        (All(vec![name("A"), not(name("B"))]), &[]),
        (
            All(vec![name("A"), not(name("a"))]),
            &["no value of `eventName`", NEVER],
        ),
        (
            All(vec![
                Any(vec![name("A"), name("B")]),
                not(Any(vec![name("B"), name("A"), name("C")])),
            ]),
            &["no value of `eventName`", NEVER],
        ),
        (
            All(vec![Any(vec![name("A"), name("B")]), not(name("B"))]),
            &[],
        ),
        (
            All(vec![
                Any(vec![name("A"), name("B")]),
                Any(vec![name("C"), name("D")]),
            ]),
            &["no value of `eventName`", NEVER],
        ),
        // Arrays lead to several values.
        (
            All(vec![test("resources.ARN", "A"), test("resources.ARN", "B")]),
            &[],
        ),
        // Two fields, two values.
        (All(vec![name("A"), test("eventSource", "B")]), &[]),
    ] {
        check(&given, parts);
    }
}

#[test]
fn names_of_other_services_are_found() {
    let name = |text| test("eventName", text);
    let source = |text| test("eventSource", text);
    let ends = Condition::Test(Test {
        field: Field::Path(vec!["eventSource".to_owned()]),
        check: Check::Glob {
            parts: vec![Part::Run, Part::Text("amazonaws.com".to_owned())],
            cased: false,
        },
    });
    let (secret, kms) = ("GetSecretValue", "kms.amazonaws.com");
    let said = "`GetSecretValue` is an event of `secretsmanager.amazonaws.com` alone";
    for (given, parts) in [
        (All(vec![name(secret), source(kms)]), &[said][..]),
        (All(vec![source("secretsmanager"), name(secret)]), &[said]),
        (
            All(vec![source(kms), name("getsecretvalue")]),
            &["`getsecretvalue` is an event of"],
        ),
        // One of several names: the others may be met.
        (
            All(vec![Any(vec![name("Decrypt"), name(secret)]), source(kms)]),
            &[said],
        ),
        (
            Any(vec![name("A"), All(vec![name(secret), source(kms)])]),
            &[said],
        ),
        (
            All(vec![
                ecs("event.action", secret),
                ecs("event.provider", kms),
            ]),
            &[said],
        ),
        (
            All(vec![
                name(secret),
                not(source("secretsmanager.amazonaws.com")),
                not(source("secretsmanager.c2s.ic.gov")),
            ]),
            &[said],
        ),
        // Its own source, in words, by a pattern, among others, or in China.
        (
            All(vec![name(secret), source("SecretsManager.amazonaws.com")]),
            &[],
        ),
        (All(vec![name(secret), ends]), &[]),
        (
            All(vec![
                name(secret),
                Any(vec![source(kms), source("secretsmanager.amazonaws.com")]),
            ]),
            &[],
        ),
        (
            All(vec![
                name(secret),
                source("secretsmanager.amazonaws.com.cn"),
            ]),
            &[],
        ),
        // Either of them, not both at once; a name that is known of no service; a name alone.
        (Any(vec![name(secret), source(kms)]), &[]),
        (All(vec![name("CreateUser"), source(kms)]), &[]),
        (name(secret), &[]),
        // The name is in a list, and left out again.
        (
            All(vec![
                Any(vec![name("Decrypt"), name(secret)]),
                not(name(secret)),
                source(kms),
            ]),
            &[],
        ),
        // The case counts in Elastic's rules: this is no name of an event.
        (
            All(vec![
                ecs("event.action", "getsecretvalue"),
                ecs("event.provider", kms),
            ]),
            &[],
        ),
    ] {
        check(&given, parts);
    }
}

#[test]
fn what_depends_on_case_is_left_open() {
    let name = |text| test("eventName", text);
    check(
        &All(vec![name("consolelogin"), regex("eventName", "Login$")]),
        &[],
    );
    let exact = Condition::Test(Test {
        field: Field::Path(vec!["eventName".to_owned()]),
        check: Check::Text {
            text: "ConsoleLogin".to_owned(),
            cased: true,
        },
    });
    check(&All(vec![name("consolelogin"), exact.clone()]), &[]);
    check(
        &All(vec![exact, regex("eventName", "^Get")]),
        &["no value of `eventName`", NEVER],
    );
}

#[test]
fn ecs_fields_are_known_by_how_they_are_made() {
    check(&ecs("event.dataset", "aws.cloudtrail"), &[ALWAYS]);
    check(&ecs("event.dataset", "aws.s3access"), &[NEVER]);
    check(
        &All(vec![
            ecs("event.dataset", "aws.cloudtrail"),
            ecs("event.action", "A"),
        ]),
        &[],
    );
    check(
        &All(vec![ecs("event.action", "A"), ecs("event.action", "B")]),
        &["`event.action` is to be `A` and `B` at once", NEVER],
    );
    check(
        &All(vec![
            ecs("event.outcome", "success"),
            ecs("event.outcome", "failure"),
        ]),
        &["at once", NEVER],
    );
    // Several values.
    check(
        &All(vec![
            ecs("event.type", "change"),
            ecs("event.type", "access"),
        ]),
        &[],
    );
    check(
        &All(vec![ecs("no.such.field", "A"), ecs("event.action", "B")]),
        &[NEVER],
    );
}

#[test]
fn conditions_that_always_hold_are_found() {
    let name = |text| test("eventName", text);
    check(&All(vec![]), &[ALWAYS]);
    check(&Any(vec![]), &[NEVER]);
    check(&Any(vec![name("A"), not(name("A"))]), &[ALWAYS]);
    check(
        &All(vec![regex("userAgent", "a"), not(regex("userAgent", "a"))]),
        &[NEVER],
    );
    check(
        &not(test("errorCode", "Success")),
        &["never `Success`", ALWAYS],
    );
}

/// Conditions over a few fields and texts, so that they often contradict themselves.
fn conditions() -> impl Strategy<Value = Condition> {
    let field = prop_oneof![
        Just(Field::Path(vec!["eventName".to_owned()])),
        Just(Field::Path(vec![
            "userIdentity".to_owned(),
            "type".to_owned()
        ])),
        Just(Field::Path(vec!["noSuchField".to_owned()])),
        Just(Field::Path(vec!["resources".to_owned(), "type".to_owned()])),
        Just(Field::Ecs("event.action".to_owned())),
        Just(Field::Ecs("event.outcome".to_owned())),
        Just(Field::Ecs("event.module".to_owned())),
        Just(Field::Ecs("no.such".to_owned())),
    ];
    let text = prop::sample::select(vec!["A", "a", "AB", "aws", "success", "failure"]);
    let check = (text, proptest::bool::ANY, 0..5_u8).prop_map(|(text, cased, kind)| match kind {
        0 | 1 => Check::Text {
            text: text.to_owned(),
            cased,
        },
        2 => Check::Glob {
            parts: vec![Part::Text(text.to_owned()), Part::Run],
            cased,
        },
        3 => Check::Regex(format!("{text}$")),
        _ => Check::Present,
    });
    let test = (field, check).prop_map(|(field, check)| Condition::Test(Test { field, check }));
    test.prop_recursive(4, 24, 4, |inside| {
        prop_oneof![
            prop::collection::vec(inside.clone(), 0..4).prop_map(All),
            prop::collection::vec(inside.clone(), 0..4).prop_map(Any),
            inside.prop_map(not),
        ]
    })
}

/// All records that have one of these texts, or none, in each field.
fn records() -> Vec<String> {
    let texts = ["", "A", "a", "AB", "Ab", "aB", "aws", "AWS", "success", "x"];
    let mut records = Vec::new();
    for name in texts {
        for kind in texts {
            for (resources, error) in [("", ""), ("A", "x"), ("a", ""), ("AB", "x")] {
                let mut members = Vec::new();
                if !name.is_empty() {
                    members.push(format!("\"eventName\":\"{name}\""));
                }
                if !kind.is_empty() {
                    members.push(format!("\"userIdentity\":{{\"type\":\"{kind}\"}}"));
                }
                if !resources.is_empty() {
                    members.push(format!(
                        "\"resources\":[{{\"type\":\"{resources}\"}},{{\"type\":\"aws\"}}]"
                    ));
                }
                if !error.is_empty() {
                    members.push(format!("\"errorCode\":\"{error}\""));
                }
                records.push(format!("{{{}}}", members.join(",")));
            }
        }
    }
    records
}

proptest! {
    #[test]
    fn what_is_said_of_all_records_holds_for_each(condition in conditions()) {
        if let Some(always) = truth(&condition) {
            let program = Program::of(&condition).expect("a sound condition");
            for record in records() {
                let event = JsonEvent::new(&record).expect("a record");
                prop_assert_eq!(program.holds(&event), always, "{}", record);
            }
        }
    }

    #[test]
    fn a_contradiction_is_met_by_no_record(parts in prop::collection::vec(conditions(), 1..4)) {
        let mut found = Vec::new();
        single::contradictions(&parts, &mut found);
        if !found.is_empty() {
            let program = Program::of(&All(parts)).expect("a sound condition");
            for record in records() {
                let event = JsonEvent::new(&record).expect("a record");
                prop_assert!(!program.holds(&event), "{}: {:?}", record, found);
            }
        }
    }
}
