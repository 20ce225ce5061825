//! More matches and alerts than memory is given for: the same alerts, byte for byte, from temporary files.

use crate::run::{Folder, record};

/// A rule for every event, which a correlation looks at besides.
const EVERY: &str = "\
title: Every event
name: every
id: every
level: low
logsource: {product: aws, service: cloudtrail}
detection:
  selection: {eventName: ListKeys}
  condition: selection
---
title: Many of one
id: many
level: high
correlation:
  type: event_count
  rules: [every]
  group-by: [userIdentity.arn]
  timespan: 10m
  condition: {gte: 3}
  generate: true
";

/// A rule of Elastic's, with its own keys behind.
fn elastic(id: &str, keys: &str) -> String {
    format!(
        "[metadata]\nmaturity = \"production\"\n[rule]\nname = \"{id}\"\ndescription = \"d\"\nrule_id = \"{id}\"\n\
         risk_score = 47\nseverity = \"medium\"\nlanguage = \"kuery\"\nindex = [\"logs-aws.cloudtrail-*\"]\n\
         from = \"now-9m\"\nquery = 'event.action: ListKeys'\n{keys}"
    )
}

/// A lake of 2,500 events of five users, and rules of every kind: some ten thousand alerts.
fn folder() -> Folder {
    let records: Vec<String> = (0..2_500_u32)
        .map(|number| {
            let second = number * 7;
            let time = format!(
                "2024-03-10T{:02}:{:02}:{:02}Z",
                second / 3_600,
                second / 60 % 60,
                second % 60
            );
            let user = number * number % 5;
            let who = format!(
                "\"userIdentity\":{{\"type\":\"IAMUser\",\"userName\":\"u{user}\",\
                 \"arn\":\"arn:aws:iam::111122223333:user/u{user}\"}},\"sourceIPAddress\":\"192.0.2.{user}\",\
                 \"userAgent\":\"agent {number} of a name that is somewhat long\""
            );
            record(&format!("{number:08}"), &time, &who)
        })
        .collect();
    let records: Vec<&str> = records.iter().map(String::as_str).collect();
    let folder = Folder::with_lake(&records);
    let single = EVERY.split("---").next().unwrap();
    for n in 0..3 {
        let text = single.replace("every", &format!("single-{n}"));
        folder.file(&format!("rules/single-{n}.yml"), text.as_bytes());
    }
    folder.file("rules/every.yml", EVERY.as_bytes());
    let query = elastic("query", "type = \"query\"\nmax_signals = 3\n");
    folder.file("rules/query.toml", query.as_bytes());
    let threshold = elastic(
        "threshold",
        "type = \"threshold\"\n[rule.threshold]\nfield = [\"user.name\"]\nvalue = 4\n",
    );
    folder.file("rules/threshold.toml", threshold.as_bytes());
    let queries = [
        "sort timestamp | fields timestamp, agent = userAgent",
        "summarize n = count(), by: {user = userIdentity[arn], minute = bin(timestamp, 1m)} | sort minute, user",
    ];
    for (number, query) in queries.iter().enumerate() {
        let text = format!(
            "id: dql-{number}\nname: Q\ndescription: d\nseverity: info\nquery: |\n  fetch cloudtrail\n  | {query}\n"
        );
        folder.file(&format!("rules/dql-{number}.yaml"), text.as_bytes());
    }
    folder
}

const DETECT: [&str; 7] = [
    "detect",
    "--lake",
    "lake",
    "--rules",
    "rules",
    "--now",
    "2024-03-11T00:00:00Z",
];

#[test]
fn little_memory_gives_the_same_alerts() {
    let folder = folder();
    let run = |more: &[&str]| folder.run(&[&DETECT[..], more].concat()).with(0);
    let little = ["--memory", "16MiB"];
    for format in ["ndjson", "json", "csv", "table"] {
        let plenty = run(&["--format", format]);
        let lines = plenty.out.lines().count();
        assert!(format == "json" || lines > 10_000, "{format}: {lines}");
        let spilled = run(&[&little[..], &["--format", format]].concat());
        assert!(plenty.out == spilled.out, "{format} differs");
    }
    // A report says when it was written, and how long reading took.
    let page = |name: &str, more: &[&str]| {
        run(&[more, &["--output", name]].concat());
        let page = std::fs::read_to_string(folder.path(name)).unwrap();
        let lines = page.lines();
        lines
            .filter(|line| !line.contains("<dt>Written") && !line.contains("<dt>Read"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let plenty = page("plenty.html", &[]);
    assert!(plenty.len() > 1_000);
    assert!(plenty == page("little.html", &little), "the report differs");
}

#[test]
fn what_is_new_is_told_from_disk_as_well() {
    let folder = folder();
    let run = |more: &[&str]| folder.run(&[&DETECT[..], more].concat()).with(0);
    let until = ["--to", "2024-03-10T02:00:00Z"];
    let mut outs = Vec::new();
    for (name, memory) in [("plenty", "1GiB"), ("little", "16MiB")] {
        let more = ["--new", name, "--memory", memory, "--format", "ndjson"];
        let first = run(&[&more[..], &until].concat());
        let second = run(&more);
        let third = run(&more);
        assert!(first.out.lines().count() > 2_000);
        assert!(second.out.lines().count() > 2_000);
        assert_eq!(third.out, "");
        outs.push((first.out, second.out));
    }
    assert!(outs[0] == outs[1], "what is new differs");
    let state = |name| std::fs::read(folder.path(name)).unwrap();
    assert!(state("plenty") == state("little"), "what is known differs");
}

/// There is something on disk, and where the system has no place for it that is said.
#[test]
fn temporary_files_need_a_folder() {
    let folder = folder();
    let run = |more: &[&str]| {
        let arguments = [&DETECT[..], more].concat();
        folder.run_with(&arguments, &[("TMPDIR", "/nowhere/at/all")], "")
    };
    run(&[]).with(0);
    run(&["--memory", "16MiB"])
        .with(3)
        .says(&["a temporary file can't be written or read, TMPDIR names another folder"]);
}
