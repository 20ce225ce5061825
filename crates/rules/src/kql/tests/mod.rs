//! What queries mean, on records; and what is wrong with them.

mod differential;

use proptest::prelude::*;

use super::parse;
use crate::condition::{Check, Comparison, Condition, Field, Test};
use crate::ecs::Record;
use crate::naive::meets;

const RECORD: &str = r#"{
    "eventTime": "2026-05-01T12:30:00Z",
    "eventSource": "s3.amazonaws.com",
    "eventName": "GetObject",
    "awsRegion": "eu-west-1",
    "readOnly": true,
    "sourceIPAddress": "192.0.2.77",
    "errorMessage": "line one\nline *two*?",
    "requestParameters": {"key": "a/b", "count": 22, "deep": [{"on": true}, {"on": "no", "a.b": {"c": 1.5}}], "void": {}},
    "resources": [{"ARN": "arn:aws:s3:::one"}, {"ARN": "arn:aws:s3:::two"}],
    "tlsDetails": {"cipherSuite": "", "keyExchange": "-"}
}"#;

fn is_met(query: &str, record: &str) -> bool {
    let (condition, diagnostics) = parse(query);
    assert!(diagnostics.is_empty(), "{query}: {diagnostics:?}");
    meets(&Record::new(record), &condition)
}

fn check(table: &[(&str, bool)]) {
    for (query, expected) in table {
        assert_eq!(is_met(query, RECORD), *expected, "{query}");
    }
}

#[test]
fn texts_are_whole_and_cased() {
    check(&[
        ("", true),
        ("*:*", true),
        ("*", true),
        ("event.action: GetObject", true),
        ("event.action: \"GetObject\"", true),
        ("event.action: getobject", false),
        ("event.action: Get", false),
        (
            "event.dataset: aws.cloudtrail and data_stream.dataset: \"aws.cloudtrail\" and event.module: aws",
            true,
        ),
    ]);
}

#[test]
fn stars_are_runs_only_without_quotes() {
    check(&[
        ("event.action: Get*", true),
        ("event.action: *Object", true),
        ("event.action: G*O*t", true),
        ("event.action: \"Get*\"", false),
        ("event.action: Get?bject", false),
        ("event.action: *get*", false),
        ("event.action: GetObject*", true),
        ("aws.cloudtrail.error_message: line*", true),
        ("aws.cloudtrail.error_message: one*", false),
        ("aws.cloudtrail.error_message: *\\*two\\*?", true),
        ("aws.cloudtrail.error_message: *\\*tw\\*?", false),
        ("aws.cloudtrail.error_message: line one*two*", true),
    ]);
}

#[test]
fn a_missing_field_passes_no_test_and_every_negation() {
    check(&[
        ("aws.cloudtrail.error_code: *", false),
        ("not aws.cloudtrail.error_code: *", true),
        ("not aws.cloudtrail.error_code: x", true),
        ("aws.cloudtrail.error_message: *", true),
        // What is removed is missing.
        (
            "tls.cipher: * or aws.cloudtrail.tls_details.key_exchange: *",
            false,
        ),
        ("tls.cipher: \"\"", false),
        ("not user_agent.name: (\"Chrome\" or \"Safari\")", true),
        ("cloud: *", true),
        ("tls: *", false),
    ]);
}

#[test]
fn lists_ask_each_value_of_the_field() {
    check(&[
        ("event.action: (PutObject or GetObject)", true),
        ("event.action: (PutObject or Head*)", false),
        ("aws.cloudtrail.resources.arn: \"arn:aws:s3:::two\"", true),
        ("aws.cloudtrail.resources.arn: (*one and *two)", true),
        ("aws.cloudtrail.resources.arn: (*one and not *two)", false),
        ("aws.cloudtrail.resources.arn: (* and not *three)", true),
        (
            "aws.cloudtrail.resources.arn: (*three or (*one and *two))",
            true,
        ),
        ("aws.cloudtrail.error_code: (* and not AccessDenied)", false),
        ("not event.action: (GetObject or PutObject)", false),
    ]);
}

#[test]
fn types_decide_what_a_value_is() {
    check(&[
        ("source.ip: 192.0.2.77", true),
        ("source.ip: \"192.0.2.0/24\"", true),
        ("source.ip: 192.0.2.0/28", false),
        ("source.ip: (10.0.0.0/8 or \"2001:db8::/32\")", false),
        ("source.ip >= 192.0.2.70 and source.ip < 192.0.2.78", true),
        ("source.ip > 192.0.2.77", false),
        ("aws.cloudtrail.read_only: true", true),
        ("aws.cloudtrail.read_only: \"true\"", true),
        ("aws.cloudtrail.read_only: false", false),
        ("@timestamp: 2026-05-01", true),
        ("@timestamp: \"2026-05-01T12:30:00Z\"", true),
        ("@timestamp: \"2026-05-01T12:31\"", false),
        ("@timestamp >= 2026-05 and @timestamp < \"2026-06\"", true),
        ("@timestamp > 2026-05-01", false),
        ("@timestamp <= 2026-05-01", true),
        ("@timestamp < \"2026-05-01T14:30:00.001+02:00\"", true),
        ("@timestamp < \"2026-05-01T14:30:00+02:00\"", false),
        ("@timestamp >= 1777638600000", true),
        ("@timestamp >= 1777638600001", false),
        ("event.action > G and event.action <= GetObject", true),
        ("event.action > GetObject", false),
    ]);
}

#[test]
fn leaves_of_free_objects() {
    check(&[
        (
            "aws.cloudtrail.flattened.request_parameters.key: \"a/b\"",
            true,
        ),
        ("aws.cloudtrail.flattened.request_parameters.key: a/*", true),
        (
            "aws.cloudtrail.flattened.request_parameters.count: 22",
            true,
        ),
        (
            "aws.cloudtrail.flattened.request_parameters.count: \"22\"",
            true,
        ),
        (
            "aws.cloudtrail.flattened.request_parameters.deep.on: (true or \"true\")",
            true,
        ),
        (
            "aws.cloudtrail.flattened.request_parameters.deep.on: (true and no)",
            true,
        ),
        (
            "aws.cloudtrail.flattened.request_parameters.deep.on: false",
            false,
        ),
        (
            "aws.cloudtrail.flattened.request_parameters.deep.a.b.c: 1.5",
            true,
        ),
        ("aws.cloudtrail.flattened.request_parameters.deep: *", false),
        ("aws.cloudtrail.flattened.request_parameters.void: *", false),
        ("aws.cloudtrail.flattened.request_parameters: *", true),
        ("aws.cloudtrail.flattened.request_parameters: \"a/b\"", true),
        ("aws.cloudtrail.flattened.response_elements: *", false),
        ("aws.cloudtrail.request_parameters: *key=a/b*", true),
    ]);
}

#[test]
fn any_field() {
    check(&[
        ("GetObject", true),
        ("getobject", false),
        ("Get*", true),
        ("\"192.0.2.77\"", true),
        ("192.0.2.0/24", true),
        ("*: eu-west-1", true),
        ("event.*: GetObject", true),
        ("event.*: eu-west-1", false),
        ("*.region: eu*", true),
        ("source.*: 192.0.2.77", true),
        ("nowhere", false),
    ]);
}

#[test]
fn long_texts_are_found_nowhere() {
    let record = |length: usize| {
        // `{key=` and `}` belong to the string form.
        let value = "x".repeat(length - 6);
        format!(r#"{{"requestParameters":{{"key":"{value}"}}}}"#)
    };
    let any = "aws.cloudtrail.request_parameters: *";
    assert!(is_met(any, &record(8191)));
    assert!(!is_met(any, &record(8192)));
    assert!(is_met(
        "not aws.cloudtrail.request_parameters: *x*",
        &record(8192)
    ));
    let (condition, _) = parse(any);
    assert!(meets(
        &Record::new(&record(8192)).without_limits(),
        &condition
    ));
    let leaf = "aws.cloudtrail.flattened.request_parameters.key: *";
    assert!(is_met(leaf, &record(32_765)));
    assert!(!is_met(leaf, &record(32_766)));
}

#[test]
fn mistakes() {
    let table = [
        ("source.ip: example.com", "E1107", "example.com"),
        ("source.ip: 192.0.2.*", "E1107", "192.0.2.*"),
        ("source.ip: 192.0.2.0/33", "E1107", "192.0.2.0/33"),
        ("source.ip > 10.0.0.0/8", "E1107", "10.0.0.0/8"),
        ("source.as.number: one", "E1107", "one"),
        ("aws.cloudtrail.read_only: yes", "E1107", "yes"),
        ("aws.cloudtrail.read_only > true", "E1107", "true"),
        ("@timestamp: yesterday", "E1107", "yesterday"),
        ("@timestamp: 2026-13", "E1107", "2026-13"),
        ("@timestamp >= now-1d", "E1107", "now-1d"),
        ("event.action: null", "E1107", "null"),
        ("* > 5", "E1107", "5"),
        ("event.acton: GetObject", "W1109", "event.acton"),
        ("nothing.*: x", "W1109", "nothing.*"),
        ("a: { b: c }", "W1109", "a"),
        (
            "event.action == GetObject",
            "W1108",
            "event.action == GetObject",
        ),
        ("event.action:", "E1101", ""),
    ];
    for (query, code, place) in table {
        let (_, diagnostics) = parse(query);
        let found: Vec<_> = diagnostics
            .iter()
            .map(|diagnostic| (diagnostic.code.text(), &query[diagnostic.span.range()]))
            .collect();
        assert_eq!(found, [(code, place)], "{query}");
    }
    let (_, diagnostics) = parse("event.acton: GetObject");
    assert_eq!(diagnostics[0].label, "did you mean `event.action`?");
}

#[test]
fn unknown_fields_meet_nothing() {
    for (query, expected) in [
        ("no.such: *", false),
        ("not no.such: x", true),
        ("no.*: *", false),
    ] {
        let (condition, _) = parse(query);
        assert_eq!(meets(&Record::new(RECORD), &condition), expected, "{query}");
    }
}

#[test]
fn a_condition_reads_well() {
    let test = |field: &str, text: &str| {
        Condition::Test(Test {
            field: Field::Ecs(field.to_owned()),
            check: Check::Text {
                text: text.to_owned(),
                cased: true,
            },
        })
    };
    let (condition, _) = parse("event.action: (a or b and not c)");
    let expected = Condition::Any(vec![
        test("event.action", "a"),
        Condition::All(vec![
            test("event.action", "b"),
            Condition::Not(Box::new(test("event.action", "c"))),
        ]),
    ]);
    assert_eq!(condition, expected);
}

#[test]
fn what_needs_a_lookup_is_named() {
    let (condition, _) =
        parse("event.action: x and not source.as.number: 5 or source.geo.country_name: *");
    assert_eq!(
        crate::ecs::geo_fields(&condition),
        ["source.as.number", "source.geo.country_name"]
    );
}

proptest! {
    #[test]
    fn ranges_of_addresses_are_made_of_networks(bound in any::<u32>(), near in -3_i64..=3, other in any::<u32>(), six in any::<bool>(), which in 0..4_usize) {
        use std::net::{Ipv4Addr, Ipv6Addr};
        let comparison = [Comparison::Less, Comparison::LessOrEqual, Comparison::GreaterOrEqual, Comparison::Greater][which];
        let near = u32::try_from(i64::from(bound) + near).unwrap_or(other);
        for value in [near, other] {
            let (bound, value, expected) = if six {
                let six = |number: u32| Ipv6Addr::from(0x2001_0db8 << 96 | u128::from(number) << 40);
                (six(bound).to_string(), six(value).to_string(), value.cmp(&bound))
            } else {
                (Ipv4Addr::from(bound).to_string(), Ipv4Addr::from(value).to_string(), value.cmp(&bound))
            };
            let expected = match comparison {
                Comparison::Less => expected.is_lt(),
                Comparison::LessOrEqual => expected.is_le(),
                Comparison::GreaterOrEqual => expected.is_ge(),
                _ => expected.is_gt(),
            };
            let sign = ["<", "<=", ">=", ">"][which];
            let record = format!(r#"{{"sourceIPAddress":"{value}"}}"#);
            prop_assert_eq!(is_met(&format!("source.ip {sign} \"{bound}\""), &record), expected);
        }
    }

    #[test]
    fn any_text_is_understood_or_refused(query in "[a-z.*:<>=()\"{} \\\\]{0,40}") {
        parse(&query);
    }
}
