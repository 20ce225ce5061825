//! `detect` night after night: what is known and left out, and what is new.

use crate::run::{Ended, Folder, log, record};

const RULE: &str = "\
title: Keys listed
id: 11111111-1111-4111-8111-111111111111
author: Jane Doe
level: high
logsource: {product: aws, service: cloudtrail}
detection:
  s: {eventName: ListKeys}
  condition: s
";

fn folder() -> Folder {
    let agent = |name: &str| format!("\"userAgent\":\"{name}\",\"sourceIPAddress\":\"192.0.2.1\"");
    let folder = Folder::with_lake(&[
        &record("1", "2024-03-10T08:00:00Z", &agent("scanner/1")),
        &record("2", "2024-03-10T08:01:00Z", &agent("other/1")),
    ]);
    folder.file("rules/keys.yml", RULE.as_bytes());
    folder
}

fn detect(folder: &Folder, more: &[&str]) -> Ended {
    let all = [&["detect", "--rules", "rules", "--lake", "lake"], more].concat();
    folder.run(&all)
}

/// The ids of the events that alerts of this output name, a line each.
fn events(ended: &Ended) -> Vec<&str> {
    ended
        .out
        .lines()
        .filter_map(|line| line.split("\"event_id\":\"").nth(1)?.split('"').next())
        .collect()
}

#[test]
fn only_new_alerts_are_given_and_counted() {
    let folder = folder();
    let nightly = ["--new", "state", "--exit-code"];
    let ended = detect(&folder, &nightly)
        .with(1)
        .says(&["2 new alerts from 1 of 1 rule", "0 known before"]);
    assert_eq!(events(&ended), ["1", "2"]);
    detect(&folder, &nightly)
        .with(0)
        .prints("")
        .says(&["0 new alerts from 0 of 1 rule", "2 known before"]);
    folder.file(
        "archive/later.json",
        log(&[&record("3", "2024-03-10T09:00:00Z", "")]).as_bytes(),
    );
    folder.run(&["ingest", "archive", "--lake", "lake"]).with(0);
    let table = [&nightly[..], &["--format", "table"]].concat();
    let ended = detect(&folder, &table)
        .with(1)
        .says(&["1 new alert from 1 of 1 rule", "2 known before"]);
    assert!(
        ended.out.starts_with("HIGH: 1 alert of 1 rule\n"),
        "{}",
        ended.out
    );
    assert!(ended.out.contains("\nby Jane Doe\n"), "{}", ended.out);
    // Without the file all are given, and nothing of the file changes.
    let state = std::fs::read(folder.path("state")).unwrap();
    assert_eq!(events(&detect(&folder, &[]).with(0)).len(), 3);
    assert_eq!(std::fs::read(folder.path("state")).unwrap(), state);
    #[cfg(unix)]
    for file in ["state", "state.lock"] {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(folder.path(file))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[test]
fn what_could_not_be_written_stays_new() {
    let folder = folder();
    std::fs::create_dir(folder.path("taken")).unwrap();
    detect(&folder, &["--new", "state", "--output", "taken"])
        .with(3)
        .says(&["taken can't be written"]);
    assert!(!folder.path("state").exists());
    detect(&folder, &["--new", "nowhere/state"])
        .with(3)
        .prints("")
        .says(&["nowhere/state.lock can't be written"]);
    detect(&folder, &["--new", "s3://bucket/state"])
        .with(2)
        .says(&["--new keeps what is known in a file on this machine"]);
}

#[test]
fn a_broken_file_is_no_first_run() {
    let folder = folder();
    folder.file("state", b"trailsift alerts 1\nnonsense\n");
    detect(&folder, &["--new", "state"])
        .with(3)
        .prints("")
        .says(&["state: line 2 is no alert; nothing was run", "move it away"]);
    assert_eq!(
        std::fs::read(folder.path("state")).unwrap(),
        b"trailsift alerts 1\nnonsense\n"
    );
}

#[test]
fn exceptions_leave_events_out() {
    let folder = folder();
    folder.file(
        "known.yaml",
        b"agents:\n  - {value: 'scanner/*', reason: ours}\n",
    );
    let ended = detect(&folder, &["--exceptions", "known.yaml"]).with(0);
    assert_eq!(events(&ended), ["2"]);
    assert!(!ended.err.contains("warning"), "{}", ended.err);
    // One for another rule, and one that has ended.
    folder.file(
        "known.yaml",
        b"agents:\n  - {value: 'scanner/*', rules: [other]}\naddresses:\n  - {value: 192.0.2.0/24, until: 2024-03-09}\n",
    );
    let exceptions = [
        "--exceptions",
        "known.yaml",
        "--now",
        "2024-03-10T10:00:00Z",
    ];
    let ended = detect(&folder, &exceptions).with(0).says(&[
        "known.yaml:4:5: this exception ended with 2024-03-09 and is not applied",
        "exceptions name rules that are not run here: other",
    ]);
    assert_eq!(events(&ended), ["1", "2"]);
    // A day earlier it applied.
    let exceptions = [
        "--exceptions",
        "known.yaml",
        "--now",
        "2024-03-09T23:59:59Z",
    ];
    assert_eq!(
        events(&detect(&folder, &exceptions).with(0)),
        Vec::<&str>::new()
    );
}

#[test]
fn queries_do_not_see_what_is_known() {
    let folder = folder();
    folder.file(
        "rules/query.yaml",
        b"id: query\nname: Q\ndescription: d\nseverity: low\nquery: fetch cloudtrail | fields eventID\n",
    );
    folder.file("known.yaml", b"agents: ['scanner/*']\n");
    // Both rules find the one event that nobody knows, and name it.
    let ended = detect(&folder, &["--exceptions", "known.yaml"]).with(0);
    assert_eq!(events(&ended), ["2", "2"]);
    assert!(!ended.err.contains("warning"), "{}", ended.err);
}

#[test]
fn mistakes_in_exceptions_are_named_with_their_places() {
    let folder = folder();
    folder.file("known.yaml", b"agents: ['*']\nadresses: [10.0.0.0/8]\n");
    detect(&folder, &["--exceptions", "known.yaml"])
        .with(2)
        .prints("")
        .says(&["known.yaml:1:10: `agents`", "known.yaml:2:1: `adresses`"]);
    detect(&folder, &["--exceptions", "none.yaml"])
        .with(3)
        .says(&["none.yaml can't be read"]);
}
