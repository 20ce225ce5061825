//! The rule of many secrets read at once, as it was published first, many events, and later, many secrets.

use super::read;
use crate::condition::{Condition, Field};
use crate::ecs::Record;
use crate::naive::meets;
use crate::rule::{Body, Schedule, Then};

const MINUTE: i64 = 60_000_000_000;

const MANY_READS: &str = r#"
[metadata]
creation_date = "2026/01/10"
integration = ["aws"]
maturity = "production"
updated_date = "2026/02/11"

[rule]
author = ["Somebody"]
description = "Many secrets are read by one identity, not from a browser."
from = "now-9m"
index = ["filebeat-*", "logs-aws.cloudtrail*"]
language = "kuery"
license = "Apache-2.0"
name = "Many reads of secrets"
risk_score = 47
rule_id = "0b2f3c1e-0000-4000-8000-000000000002"
severity = "medium"
timestamp_override = "event.ingested"
type = "threshold"
query = '''
event.dataset: aws.cloudtrail and event.provider: secretsmanager.amazonaws.com
    and event.action: (GetSecretValue or BatchGetSecretValue) and event.outcome: success
    and not user_agent.name: ("Brave" or "Chrome" or "Edge" or "Firefox" or "Opera" or "Safari")
'''

[rule.threshold]
field = ["user.id"]
value = 20
"#;

const MANY_SECRETS: &str = r#"
[rule]
description = "Many different secrets are read by one identity, not from a browser or on behalf of a service."
from = "now-6m"
index = ["logs-aws.cloudtrail-*"]
language = "kuery"
name = "Many secrets read"
risk_score = 47
rule_id = "0b2f3c1e-0000-4000-8000-000000000003"
severity = "medium"
timestamp_override = "event.ingested"
type = "threshold"
query = '''
data_stream.dataset: "aws.cloudtrail" and event.provider: secretsmanager.amazonaws.com
    and event.action: GetSecretValue and event.outcome: success
    and not user_agent.name: ("Brave" or "Chrome" or "Edge" or "Firefox" or "Opera" or "Safari")
    and not source.address: ("kafka.amazonaws.com" or "apidestinations.events.amazonaws.com")
'''

[rule.threshold]
field = ["user.id"]
value = 1

[[rule.threshold.cardinality]]
field = "aws.cloudtrail.request_parameters"
value = 20
"#;

fn events(text: &str) -> (Condition, Then, Schedule) {
    let reading = read(text);
    assert_eq!(reading.diagnostics, []);
    match reading.rule.expect("a rule").body {
        Body::Events {
            condition,
            then,
            schedule: Some(schedule),
            suppression: None,
        } => (condition, then, schedule),
        other => panic!("{other:?}"),
    }
}

fn field(name: &str) -> Field {
    Field::Ecs(name.to_owned())
}

/// A read of a secret, with other values for some keys.
fn record(changes: &[(&str, &str)]) -> String {
    let mut all = vec![
        ("eventSource", "\"secretsmanager.amazonaws.com\""),
        ("eventName", "\"GetSecretValue\""),
        ("userAgent", "\"Boto3/1.34.0\""),
        ("sourceIPAddress", "\"192.0.2.1\""),
    ];
    for change in changes {
        all.retain(|(key, _)| *key != change.0);
        all.push(*change);
    }
    let members: Vec<String> = all
        .iter()
        .map(|(key, value)| format!("\"{key}\":{value}"))
        .collect();
    format!("{{{}}}", members.join(","))
}

const CHROME: &str = "\"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36\"";

fn check(condition: &Condition, table: &[(&[(&str, &str)], bool)]) {
    for (changes, expected) in table {
        let record = record(changes);
        assert_eq!(
            meets(&Record::new(&record), condition),
            *expected,
            "{record}"
        );
    }
}

#[test]
fn many_reads() {
    let (condition, then, schedule) = events(MANY_READS);
    let expected = Then::Threshold {
        by: vec![field("user.id")],
        count: 20,
        distinct: None,
    };
    assert_eq!(then, expected);
    let expected = Schedule {
        interval: 5 * MINUTE,
        from: 9 * MINUTE,
        to: 0,
        max_signals: 100,
    };
    assert_eq!(schedule, expected);
    check(
        &condition,
        &[
            (&[], true),
            (&[("eventName", "\"BatchGetSecretValue\"")], true),
            (&[("eventName", "\"ListSecrets\"")], false),
            (&[("eventSource", "\"kms.amazonaws.com\"")], false),
            (&[("errorCode", "\"AccessDenied\"")], false),
            (&[("userAgent", CHROME)], false),
            (&[("userAgent", "null")], true),
            (&[("userAgent", "\"AWS Internal\"")], true),
            (&[("sourceIPAddress", "\"kafka.amazonaws.com\"")], true),
        ],
    );
}

#[test]
fn many_secrets() {
    let (condition, then, schedule) = events(MANY_SECRETS);
    let expected = Then::Threshold {
        by: vec![field("user.id")],
        count: 1,
        distinct: Some((field("aws.cloudtrail.request_parameters"), 20)),
    };
    assert_eq!(then, expected);
    assert_eq!(schedule.from, 6 * MINUTE);
    check(
        &condition,
        &[
            (&[], true),
            (&[("eventName", "\"BatchGetSecretValue\"")], false),
            (&[("errorMessage", "\"no\"")], false),
            (&[("userAgent", CHROME)], false),
            (&[("sourceIPAddress", "\"kafka.amazonaws.com\"")], false),
            (
                &[(
                    "sourceIPAddress",
                    "\"apidestinations.events.amazonaws.com\"",
                )],
                false,
            ),
            (&[("sourceIPAddress", "\"AWS Internal\"")], true),
        ],
    );
}

#[test]
fn what_is_to_know_of_it() {
    let about = read(MANY_READS).about;
    assert_eq!(about.status.as_deref(), Some("production"));
    assert_eq!(about.version.as_deref(), Some("2026/02/11"));
    assert_eq!(about.window_field.as_deref(), Some("event.ingested"));
    assert_eq!(
        (about.risk, about.license.as_deref()),
        (Some(47), Some("Apache-2.0"))
    );
}
