//! Rules listed, counted, checked and tested: what is printed, and the exit codes.

use crate::run::{Folder, record};

const OWN: &str = "\
id: keys
name: Keys
description: Keys that are made.
severity: high
query: |
  fetch logs, from: -30min
  | filter dt.system.bucket == \"audit\"
  | parse content, \"JSON:event\"
  | filter event[eventName] == \"CreateAccessKey\"
  | summarize keys = count(), by: { user = event[userIdentity][arn] }
tests:
  - name: two of one
    bucket: audit
    now: 2024-11-27T12:00:00Z
    events:
      - &key {eventName: CreateAccessKey, userIdentity: {arn: mallory}}
      - {eventName: CreateAccessKey, userIdentity: {arn: mallory}}
      - {eventName: ListAccessKeys, userIdentity: {arn: eve}}
      - {eventName: CreateAccessKey, userIdentity: {arn: bob}, eventTime: 2024-11-27T11:29:59Z}
    alerts:
      - {record.user: mallory, record.keys: 2}
  - name: in another bucket
    events: [*key]
    alerts: 0
";

const SIGMA: &str = "\
title: Key made
name: key_made
id: s-key
level: low
logsource: {product: aws, service: cloudtrail}
detection:
  selection: {eventName: CreateAccessKey}
  condition: selection
---
title: Many keys
id: s-keys
level: high
correlation:
  type: event_count
  rules: [key_made]
  group-by: [userIdentity.arn]
  timespan: 10m
  condition: {gte: 3}
";

const SIGMA_TESTS: &str = "\
tests:
  - name: one is enough
    rule: s-key
    events: [{eventName: CreateAccessKey}, {eventName: ListAccessKeys}]
    alerts: [{kind: event}]
  - name: three of one
    rule: s-keys
    events:
      - {repeat: 3, event: {eventName: CreateAccessKey, userIdentity: {arn: mallory}}}
      - {repeat: 2, event: {eventName: CreateAccessKey, userIdentity: {arn: bob}}}
    alerts: [{kind: correlation, count: 3, key.userIdentity.arn: mallory}]
";

const ELASTIC: &str = "\
[metadata]
maturity = \"deprecated\"
[rule]
name = \"Secrets\"
description = \"Secrets that are read.\"
rule_id = \"e-secrets\"
risk_score = 47
severity = \"medium\"
type = \"threshold\"
language = \"kuery\"
index = [\"logs-aws.cloudtrail-*\"]
from = \"now-6m\"
query = 'event.action: GetSecretValue and event.outcome: success'
[rule.threshold]
field = [\"user.name\"]
value = 3
";

const ELASTIC_TESTS: &str = "\
tests:
  - name: three of one
    events:
      - repeat: 3
        event: {eventName: GetSecretValue, userIdentity: {type: IAMUser, userName: mallory}}
      - repeat: 2
        event: {eventName: GetSecretValue, userIdentity: {type: IAMUser, userName: bob}}
      - eventName: GetSecretValue
        errorCode: AccessDenied
        userIdentity: {type: IAMUser, userName: bob}
    alerts: [{kind: threshold, count: 3, key.user.name: mallory}]
";

fn folder() -> Folder {
    let folder = Folder::new();
    for (name, text) in [
        ("rules/own.yaml", OWN),
        ("rules/sigma.yml", SIGMA),
        ("rules/sigma.test.yaml", SIGMA_TESTS),
        ("rules/elastic.toml", ELASTIC),
        ("rules/elastic.test.yaml", ELASTIC_TESTS),
    ] {
        folder.file(name, text.as_bytes());
    }
    folder
}

#[test]
fn every_rule_that_comes_along_finds_what_it_is_to_find() {
    let folder = Folder::new();
    let ended = folder.run(&["rules", "test"]).with(0).prints("");
    assert!(!ended.err.contains("no tests"), "{}", ended.err);
    // At least one test fires and one does not, for each rule.
    let listed = folder
        .run(&["rules", "list", "--format", "csv"])
        .with(0)
        .out;
    assert!(listed.starts_with("severity,risk,id,name,type,language,techniques,tests,path\r\n"));
    let mut rules = 0;
    for path in listed
        .lines()
        .skip(1)
        .filter_map(|line| line.rsplit(',').next())
    {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .join(path);
        let text = std::fs::read_to_string(file).unwrap();
        let tests = text.split("\ntests:\n").nth(1).unwrap();
        assert!(
            tests.contains("\n    alerts:\n") && tests.contains("\n    alerts: 0\n"),
            "{path}"
        );
        rules += 1;
    }
    assert!(rules > 30, "{rules}");
}

#[test]
fn rules_of_every_origin_have_tests() {
    let folder = folder();
    folder
        .run(&["rules", "test", "rules"])
        .with(0)
        .prints("")
        .says(&["5 tests of 4 rules: 5 passed in "]);
    // A file that is named brings the tests beside it; a correlation the rules that it names.
    folder
        .run(&["rules", "test", "rules/sigma.yml"])
        .with(0)
        .says(&["2 tests of 2 rules: 2 passed in "]);
}

#[test]
fn a_test_that_fails_says_what_differs() {
    let folder = folder();
    let wrong = OWN.replace("record.keys: 2", "record.keys: 3");
    folder.file("rules/own.yaml", wrong.as_bytes());
    folder
        .run(&["rules", "test", "rules"])
        .with(2)
        .prints(
            "FAILED keys: two of one (rules/own.yaml:12)\n  expected alert 1 of 1: the nearest one differs\n    \
             record.keys: expected 3, found 2\n",
        )
        .says(&["5 tests of 4 rules: 4 passed, 1 failed in "]);
    let junit = folder
        .run(&["rules", "test", "rules", "--format", "junit"])
        .with(2)
        .out;
    for part in [
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"trailsift rules\" tests=\"5\" failures=\"1\"",
        "<testsuite name=\"rules/elastic.test.yaml\" tests=\"1\" failures=\"0\"",
        "<testsuite name=\"rules/own.yaml\" tests=\"2\" failures=\"1\"",
        "<failure message=\"expected alert 1 of 1: the nearest one differs\">",
        "</testsuites>\n",
    ] {
        assert!(junit.contains(part), "{part}\n{junit}");
    }
    let json = folder
        .run(&["rules", "test", "rules/own.yaml", "--format", "json"])
        .with(2)
        .out;
    assert!(
        json.starts_with(
            "[{\"file\":\"rules/own.yaml\",\"line\":12,\"rule\":\"keys\",\"test\":\"two of one\",\"passed\":false,\"message\":\""
        ),
        "{json}"
    );
}

#[test]
fn tests_that_can_not_be_run_fail() {
    let folder = folder();
    folder.file(
        "rules/elastic.test.yaml",
        b"tests:\n- {name: a, events: []}\n",
    );
    folder.file(
        "rules/own.yaml",
        OWN.replace("| filter", "| fliter").as_bytes(),
    );
    let ended = folder.run(&["rules", "test", "rules"]).with(2).says(&[
        "error[E0701]",
        "rules/elastic.test.yaml:2:3",
        "1 rule has no tests",
    ]);
    assert!(
        ended.out.contains("E0301: there is no command `fliter`"),
        "{}",
        ended.out
    );
    std::fs::remove_file(folder.path("rules/elastic.test.yaml")).unwrap();
    folder
        .run(&["rules", "test", "rules/elastic.toml"])
        .with(2)
        .says(&["no rule here has a test"]);
}

#[test]
fn coverage_tells_which_rules_run() {
    let folder = folder();
    folder.file(
        "rules/eql.toml",
        ELASTIC
            .replace(
                "\"threshold\"\nlanguage = \"kuery\"",
                "\"eql\"\nlanguage = \"eql\"",
            )
            .replace("e-secrets", "e-eql")
            .as_bytes(),
    );
    folder.file(
        "rules/win.yml",
        SIGMA
            .replace("product: aws, service: cloudtrail", "product: windows")
            .split("---")
            .next()
            .unwrap()
            .replace("s-key", "s-win")
            .as_bytes(),
    );
    let ended = folder
        .run(&["rules", "coverage", "rules", "--format", "ndjson"])
        .with(0);
    let lines: Vec<&str> = ended.out.lines().collect();
    assert_eq!(lines.len(), 6, "{}", ended.out);
    assert_eq!(
        lines[0],
        r#"{"file":"rules/elastic.toml","id":"e-secrets","name":"Secrets","type":"threshold","language":"kuery","supported":true,"reason":""}"#
    );
    assert!(
        lines[1].starts_with(
            r#"{"file":"rules/eql.toml","id":"e-eql","name":"Secrets","type":"eql","language":"eql","supported":false,"reason":"this is an EQL rule"#
        ),
        "{}",
        lines[1]
    );
    assert!(
        lines[5].contains(r#""id":"s-win""#) && lines[5].contains("product windows"),
        "{}",
        lines[5]
    );
    let json = folder
        .run(&["rules", "coverage", "rules", "--format", "json"])
        .with(0)
        .out;
    assert!(
        json.starts_with("[{\"file\":") && json.trim_end().ends_with("}]"),
        "{json}"
    );
    let page = folder
        .run(&["rules", "coverage", "rules", "--format", "table"])
        .with(0)
        .out;
    assert!(
        page.starts_with("6 rules: 4 run, 1 can't be run, 1 is for other data\n"),
        "{page}"
    );
    folder.run(&["rules", "coverage", "rules/eql.toml"]).with(0);
    folder.run(&["rules", "coverage", "nowhere"]).with(2);
    folder.file("broken/broken.yaml", b"id: [");
    folder.run(&["rules", "coverage", "broken"]).with(2);
    folder.run(&["rules", "coverage"]).with(0);
}

#[test]
fn what_is_odd_is_said_with_its_place() {
    let folder = folder();
    let ended = folder.run(&["rules", "check", "rules"]).with(0).says(&[
        "warning[W0716]: the rule's authors have marked it as `deprecated`",
        "rules/elastic.toml:6:",
        "4 rules can be run; 1 warning",
    ]);
    assert_eq!(ended.err.matches("warning[").count(), 1, "{}", ended.err);

    folder.file(
        "rules/own.yaml",
        OWN.replace("| filter event", "| fliter event").as_bytes(),
    );
    folder.file(
        "rules/copy.yml",
        SIGMA
            .replace("CreateAccessKey}", "A, errorCode: Success}")
            .as_bytes(),
    );
    folder.file("rules/sigma.test.yaml", b"tests: 7\n");
    folder.run(&["rules", "check", "rules"]).with(2).says(&[
        "warning[W0715]: `errorCode` is never `Success`",
        "rules/copy.yml:7:3",
        "error[E0301]: there is no command `fliter`",
        "rules/own.yaml:9:5",
        "error[E0701]",
        "rules/sigma.test.yaml:1:8",
        "error[E0701]: its id `s-key` is that of the rule in rules/copy.yml",
        "rules/sigma.yml:1:1",
    ]);
    let json = folder
        .run(&["rules", "check", "rules", "--format", "json"])
        .with(2)
        .out;
    assert!(
        json.contains(r#"{"file":"rules/own.yaml","line":9,"column":5,"rule":"keys","code":"E0301","severity":"error","message":"there is no command `fliter`","#),
        "{json}"
    );
}

#[test]
fn what_a_schedule_needs_of_a_query_is_said() {
    let rule = |id: &str, query: &str, more: &str| {
        format!(
            "id: {id}\nname: N\ndescription: d\nseverity: low\nquery: |\n  fetch cloudtrail\n  | {query}\n\
             schedule: {{every: 5m}}\n{more}"
        )
    };
    let folder = Folder::new();
    let by = "threshold: {by: [user], count: 3, distinct: {field: place, count: 2}}\n";
    let whole = "fields timestamp, user = userIdentity[arn], place = awsRegion";
    folder.file("rules/a.yaml", rule("a", whole, by).as_bytes());
    folder.run(&["rules", "check", "rules"]).with(0);
    let counted = "summarize n = count(), by: { user = userIdentity[arn] }";
    folder.file("rules/b.yaml", rule("b", counted, "").as_bytes());
    let without = "fields timestamp, user = userIdentity[arn]";
    folder.file("rules/c.yaml", rule("c", without, by).as_bytes());
    let lone = rule("d", whole, by).replace("schedule: {every: 5m}\n", "");
    folder.file("rules/d.yaml", lone.as_bytes());
    folder.run(&["rules", "check", "rules"]).with(2).says(&[
        "gives no `timestamp`",
        "rules/b.yaml:6:3",
        "asks for `place`, a field that its query does not give",
        "rules/c.yaml:6:3",
        "write `schedule: {every: 5m}` beside it",
        "rules/d.yaml:8:12",
        "3 of 4 rules can't be run",
    ]);
}

#[test]
fn fields_that_a_lake_lacks_are_named() {
    let folder = Folder::with_lake(&[&record(
        "1",
        "2024-03-10T08:00:00Z",
        "\"userIdentity\":{\"arn\":7}",
    )]);
    folder.file("rules/sigma.yml", SIGMA.as_bytes());
    folder.file("rules/elastic.toml", ELASTIC.as_bytes());
    folder.file(
        "rules/own.yaml",
        b"id: o\nname: O\ndescription: d\nseverity: low\nquery: >-\n  fetch cloudtrail\n  | filter userIdentity[arn] == errorCode\n  | fields awsRegion\n",
    );
    let ended = folder
        .run(&["rules", "check", "rules", "--lake", "lake"])
        .with(0)
        .says(&[
            "the rule asks for what no event of the lake has: `errorCode`\n",
            "rules/own.yaml:1:1",
        ]);
    // `eventName` is there, `userIdentity.arn` too, as a number; what is only shown does not count, nor what is computed.
    assert_eq!(
        ended.err.matches("no event of the lake").count(),
        1,
        "{}",
        ended.err
    );
}

#[test]
fn the_rules_that_come_along_are_in_order() {
    Folder::new()
        .run(&["rules", "check"])
        .with(0)
        .prints("")
        .says(&["rules can be run\n"]);
}
