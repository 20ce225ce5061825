//! `detect` with rules in DQL: what they find together, by schedule, and over archives.

use serde_json::{Value, json};

use crate::run::{Ended, Folder, record};

/// Records of one user each, at these minutes and seconds of the hour.
fn reads(user: &str, times: &[&str]) -> Vec<String> {
    let one = |time: &&str| {
        let id = format!("{user}-{time}");
        let who = format!("\"userIdentity\":{{\"arn\":\"{user}\"}}");
        record(&id, &format!("2024-03-10T{time}Z"), &who)
    };
    times.iter().map(one).collect()
}

fn alerts(ended: &Ended) -> Vec<Value> {
    let lines = ended.out.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The ids of the events that an alert names.
fn named(alert: &Value) -> Vec<&str> {
    let events = alert["events"].as_array().unwrap().iter();
    events
        .map(|event| event["event_id"].as_str().unwrap())
        .collect()
}

const BURST: &str = "\
id: burst
name: Three reads in a window
description: d
severity: low
query: |
  fetch logs
  | parse content, \"JSON:event\"
  | filter event[eventName] == \"ListKeys\"
  | fields timestamp, user = event[userIdentity][arn]
schedule: {every: 5m, window: 9m}
threshold: {by: [user], count: 3}
";

/// Runs at :05 and :10 look back to :56 and :01. Of `spread` each sees two. `early` is whole in the first, `late` in the
/// second alone; of `twice` three are in both, and are counted once.
#[test]
fn windows_of_a_schedule_see_what_they_say() {
    let records: Vec<String> = [
        reads("spread", &["11:58:00", "12:02:00", "12:06:00"]),
        reads("early", &["12:02:00", "12:03:00", "12:04:59"]),
        reads("late", &["12:04:00", "12:05:00", "12:06:00"]),
        reads("twice", &["12:01:00", "12:02:00", "12:03:00", "12:07:00"]),
    ]
    .concat();
    let records: Vec<&str> = records.iter().map(String::as_str).collect();
    let folder = Folder::with_lake(&records);
    folder.file("rules/burst.yaml", BURST.as_bytes());
    let lake = ["detect", "--rules", "rules", "--lake", "lake"];
    let archive = ["detect", "--rules", "rules", "--archive", "archive"];
    for source in [lake, archive] {
        let ended = folder.run(&source).with(0);
        let found: Vec<Value> = alerts(&ended)
            .iter()
            .map(|alert| {
                let minute = alert["run"].as_str().unwrap();
                json!([
                    &minute[11..16],
                    alert["key"]["user"],
                    alert["count"],
                    named(alert)
                ])
            })
            .collect();
        assert_eq!(
            found,
            [
                json!([
                    "12:05",
                    "early",
                    3,
                    ["early-12:02:00", "early-12:03:00", "early-12:04:59"]
                ]),
                json!([
                    "12:05",
                    "twice",
                    3,
                    ["twice-12:01:00", "twice-12:02:00", "twice-12:03:00"]
                ]),
                json!([
                    "12:10",
                    "late",
                    3,
                    ["late-12:04:00", "late-12:05:00", "late-12:06:00"]
                ]),
            ]
        );
    }
    // A timeframe has the alerts whose newest event is in it, and the events before it that their windows see.
    let within = ["--from", "2024-03-10T12:05:30Z"];
    let ended = folder.run(&[&lake[..], &within].concat()).with(0);
    let found = alerts(&ended);
    assert_eq!(found.len(), 1, "{}", ended.out);
    assert_eq!(found[0]["key"]["user"], "late");
    assert_eq!(found[0]["count"], 3);
}

#[test]
fn each_record_of_a_schedule_is_an_alert_of_one_run() {
    let records = reads("a", &["12:01:00", "12:04:00", "12:07:00"]);
    let records: Vec<&str> = records.iter().map(String::as_str).collect();
    let folder = Folder::with_lake(&records);
    let each = BURST.split("threshold").next().unwrap();
    folder.file("rules/each.yaml", each.as_bytes());
    let ended = folder
        .run(&["detect", "--rules", "rules", "--lake", "lake"])
        .with(0);
    let found: Vec<Value> = alerts(&ended)
        .iter()
        .map(|alert| {
            json!([
                alert["kind"],
                alert["run"],
                alert["record"]["user"],
                named(alert)
            ])
        })
        .collect();
    let run = |minute: &str| format!("2024-03-10T12:{minute}:00.000000000Z");
    assert_eq!(
        found,
        [
            json!(["event", run("05"), "a", ["a-12:01:00"]]),
            json!(["event", run("05"), "a", ["a-12:04:00"]]),
            json!(["event", run("10"), "a", ["a-12:07:00"]]),
        ]
    );
}

/// Three share a scan; one reads events twice, and one is wrong.
#[test]
fn a_rule_that_fails_leaves_the_others_alone() {
    let records: Vec<String> = [
        reads("a", &["12:00:00", "12:01:00"]),
        reads("b", &["12:02:00"]),
    ]
    .concat();
    let records: Vec<&str> = records.iter().map(String::as_str).collect();
    let folder = Folder::with_lake(&records);
    let rule = |id: &str, query: &str| {
        let text =
            format!("id: {id}\nname: N\ndescription: d\nseverity: low\nquery: |\n  {query}\n");
        folder.file(&format!("rules/{id}.yaml"), text.as_bytes());
    };
    rule(
        "q1",
        "fetch cloudtrail | summarize n = count(), by: {user = userIdentity[arn]}",
    );
    rule(
        "q2",
        "fetch cloudtrail | filter userIdentity[arn] == \"b\" | fields eventID",
    );
    rule(
        "q3",
        "fetch cloudtrail | sort timestamp desc | limit 1 | fields timestamp",
    );
    rule(
        "q4",
        "fetch cloudtrail | fields eventID | append [fetch cloudtrail | fields eventID]",
    );
    rule("q5", "fetch cloudtrail | filter nothing(1)");
    for source in ["--lake", "--archive"] {
        let of = if source == "--lake" {
            "lake"
        } else {
            "archive"
        };
        let ended = folder
            .run(&["detect", "--rules", "rules", source, of])
            .with(2)
            .says(&["q5"]);
        let mut found: Vec<(String, Vec<String>)> = alerts(&ended)
            .iter()
            .map(|alert| {
                let ids = named(alert).into_iter().map(str::to_owned);
                (alert["rule"].as_str().unwrap().to_owned(), ids.collect())
            })
            .filter(|(rule, _)| rule != "q4")
            .collect();
        found.sort_unstable();
        let expect = |rule: &str, ids: &[&str]| {
            let ids = ids.iter().map(|id| (*id).to_owned());
            (rule.to_owned(), ids.collect())
        };
        assert_eq!(
            found,
            [
                expect("q1", &["a-12:00:00", "a-12:01:00"]),
                expect("q1", &["b-12:02:00"]),
                expect("q2", &["b-12:02:00"]),
                expect("q3", &["b-12:02:00"]),
            ]
        );
        let appended = ended.out.lines().filter(|line| line.contains("\"q4\""));
        assert_eq!(appended.count(), 6);
    }
}
