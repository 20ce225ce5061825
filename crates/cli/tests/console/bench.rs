//! The bench at the console: what it asks, that its answers are those of `query` and `detect`, and what it never touches.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use engine::Value;

use crate::run::{Ended, Folder, record};

/// A member of a member of a JSON object.
#[track_caller]
fn at<'a>(value: &'a Value, keys: &[&str]) -> &'a Value {
    keys.iter().fold(value, |value, key| match value {
        Value::Record(members) => {
            let found = members.iter().find(|(name, _)| name == key);
            &found.unwrap_or_else(|| panic!("no `{key}` in {value:?}")).1
        }
        other => panic!("no object: {other:?}"),
    })
}

#[track_caller]
fn text<'a>(value: &'a Value, keys: &[&str]) -> &'a str {
    match at(value, keys) {
        Value::String(text) => text,
        other => panic!("no text: {other:?}"),
    }
}

#[track_caller]
fn long(value: &Value, keys: &[&str]) -> i64 {
    match at(value, keys) {
        Value::Long(number) => *number,
        other => panic!("no number: {other:?}"),
    }
}

#[track_caller]
fn questions(report: &Value) -> &[Value] {
    match at(report, &["questions"]) {
        Value::Array(questions) => questions,
        other => panic!("no array: {other:?}"),
    }
}

fn report(ended: &Ended) -> Value {
    engine::json_value(&ended.out)
}

fn data(folder: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../data")
        .join(folder)
}

fn names(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(data(folder)).unwrap();
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.unwrap().path();
        path.file_stem().unwrap().to_str().unwrap().to_owned()
    };
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}

#[test]
fn every_question_has_the_answer_that_query_and_detect_give() {
    let folder = Folder::new();
    let arguments = [
        "bench", "--events", "2000", "--days", "2", "--rounds", "1", "--work", "work", "--format",
        "json",
    ];
    let ended = folder.run(&arguments).with(0).says(&[
        "making an archive of 2,000 events",
        "ingesting ",
        "questions, each once cold and once warm",
        "archive and lake are kept in work",
    ]);
    let report = report(&ended);
    assert_eq!(long(&report, &["lake", "events"]), 2_000);
    assert_eq!(long(&report, &["ingest", "records_written"]), 2_000);
    assert_eq!(
        long(&report, &["ingest", "records_read"]),
        long(&report, &["archive", "records"])
    );

    let asked: Vec<&str> = questions(&report)
        .iter()
        .map(|question| text(question, &["name"]))
        .collect();
    for name in names("queries/bench") {
        assert!(asked.contains(&name.as_str()), "{name}");
    }
    for name in names("queries/tutorial") {
        assert!(
            asked.contains(&format!("tutorial/{name}").as_str()),
            "{name}"
        );
    }
    let now = text(&report, &["runs", "now"]);
    for question in questions(&report) {
        let name = text(question, &["name"]);
        assert_eq!(text(question, &["outcome"]), "measured", "{question:?}");
        let given = match at(question, &["query"]) {
            Value::String(query) => folder.run(&[
                "query",
                query,
                "--lake",
                "work/lake",
                "--now",
                now,
                "--format",
                "ndjson",
            ]),
            _ => {
                let rules = data(name);
                folder.run(&[
                    "detect",
                    "--rules",
                    rules.to_str().unwrap(),
                    "--lake",
                    "work/lake",
                    "--now",
                    now,
                    "--format",
                    "ndjson",
                ])
            }
        };
        let given = given.with(0).out.lines().count();
        assert_eq!(long(question, &["records"]), given as i64, "{name}");
        assert!(long(question, &["files_read"]) <= long(question, &["files"]));
        assert!(
            matches!(at(question, &["warm", "median_seconds"]), Value::Double(time) if *time > 0.0)
        );
    }
    // What an incident plants is known: one event has the id, and one record the part of it.
    for needle in ["needle-event-id", "needle-substring"] {
        let question = questions(&report)
            .iter()
            .find(|question| text(question, &["name"]) == needle)
            .unwrap();
        assert_eq!(long(question, &["records"]), 1, "{needle}");
    }

    // The same is asked again: the archive is the same, and so are the answers.
    let ended = folder
        .run(&[&arguments[..], &["--only", "count,top"]].concat())
        .with(0)
        .says(&["the archive in work/archive is used again", "ingesting "]);
    let again = self::report(&ended);
    assert_eq!(
        at(&again, &["archive", "made_before"]),
        &Value::Boolean(true)
    );
    for question in questions(&again) {
        let name = text(question, &["name"]);
        let before = questions(&report)
            .iter()
            .find(|question| text(question, &["name"]) == name)
            .unwrap();
        assert_eq!(at(question, &["answer"]), at(before, &["answer"]), "{name}");
    }
    // And without an ingest, over the lake that is there.
    let ended = folder
        .run(&[&arguments[..], &["--only", "count", "--no-ingest"]].concat())
        .with(0);
    assert_eq!(at(&self::report(&ended), &["ingest"]), &Value::Null);
    assert!(!ended.err.contains("ingesting"), "{}", ended.err);

    // Another archive does not take its place.
    folder
        .run(&[
            "bench", "--events", "2000", "--days", "2", "--seed", "7", "--work", "work",
        ])
        .with(2)
        .says(&["work holds another archive, of 2000 events, seed 2024, 2 days"]);
    // A lake that somebody else put there stays.
    std::fs::remove_file(folder.path("work/lake/made-by-trailsift-bench")).unwrap();
    folder
        .run(&arguments)
        .with(2)
        .says(&["work/lake was not made by a bench and is not replaced"]);
    assert!(folder.path("work/lake/cloudtrail").exists());
}

/// Events whose ids, keys and addresses are told apart.
fn small() -> Folder {
    let event = |id: &str, key: &str, address: &str| {
        record(
            id,
            "2024-03-10T08:00:00Z",
            &format!(r#""userIdentity":{{"accessKeyId":"{key}"}},"sourceIPAddress":"{address}""#),
        )
    };
    let events = [
        event("0a", "AKIA1", "192.0.2.1"),
        event("7f", "AKIA1", "192.0.2.1"),
        event("8c", "AKIA3", "192.0.2.2"),
        event("8b", "AKIA2", "192.0.2.1"),
        event("fe", "AKIA4", "192.0.2.2"),
    ];
    Folder::with_lake(&events.each_ref().map(String::as_str))
}

#[test]
fn needles_are_rare_and_from_the_middle() {
    let ended = small()
        .run(&[
            "bench",
            "--lake",
            "lake",
            "--only",
            "needle,tutorial",
            "--rounds",
            "1",
            "--format",
            "json",
        ])
        .with(0)
        .says(&["each once cold and once warm"]);
    let report = report(&ended);
    assert_eq!(text(&report, &["needles", "event_id"]), "8b");
    // AKIA2 to AKIA4 have one event each.
    assert_eq!(text(&report, &["needles", "access_key", "value"]), "AKIA3");
    assert_eq!(long(&report, &["needles", "access_key", "events"]), 1);
    assert_eq!(text(&report, &["needles", "address", "value"]), "192.0.2.2");
    assert_eq!(long(&report, &["needles", "address", "events"]), 2);
    assert_eq!(at(&report, &["archive"]), &Value::Null);
    let of = |name: &str| {
        let found = questions(&report)
            .iter()
            .find(|question| text(question, &["name"]) == name);
        found.unwrap()
    };
    assert_eq!(long(of("needle-event-id"), &["records"]), 1);
    assert_eq!(long(of("needle-member"), &["records"]), 0);
    // The lake has another bucket than the tutorials ask for.
    assert!(ended.out.contains("the lake has no bucket my_aws_bucket"));
    assert_eq!(long(of("tutorial/fetch-bucket"), &["records"]), 5);
    assert!(!text(of("tutorial/fetch-bucket"), &["query"]).contains("bucket"));
}

#[test]
fn what_the_lake_does_not_have_is_not_asked_for() {
    let folder = Folder::with_lake(&[&record("1", "2024-03-10T08:00:00Z", "")]);
    let ended = folder
        .run(&[
            "bench",
            "--lake",
            "lake",
            "--only",
            "needle-address,count-events",
            "--rounds",
            "1",
        ])
        .with(0);
    assert!(
        ended
            .out
            .contains("needle-address  not asked: the lake has no source address"),
        "{}",
        ended.out
    );
}

#[test]
fn the_table_fits_its_width() {
    let folder = small();
    let arguments = [
        "bench",
        "--lake",
        "lake",
        "--only",
        "count,needle-event-id,series",
        "--rounds",
        "2",
    ];
    let wide = folder.run(&arguments).with(0);
    let header = |page: &str| {
        let line = page.lines().find(|line| line.starts_with("question"));
        line.unwrap()
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        header(&wide.out),
        [
            "question",
            "records",
            "cold",
            "warm",
            "min–max",
            "events/s",
            "read",
            "of",
            "lake",
            "files",
            "pruned",
            "JSON",
            "CPU",
            "peak",
            "before",
            "answer"
        ]
    );
    let narrow = folder
        .run_with(&arguments, &[("COLUMNS", "80")], "")
        .with(0);
    for line in narrow.out.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    assert_eq!(
        header(&narrow.out)[..4],
        ["question", "records", "cold", "warm"]
    );
    assert!(
        narrow
            .out
            .contains("columns did not fit, --wide has all · "),
        "{}",
        narrow.out
    );
    let whole = folder
        .run_with(
            &[&arguments[..], &["--wide"]].concat(),
            &[("COLUMNS", "80")],
            "",
        )
        .with(0);
    assert_eq!(header(&whole.out), header(&wide.out));

    let file = folder
        .run(&[&arguments[..], &["--output", "bench.json"]].concat())
        .with(0);
    assert_eq!(file.out, "");
    let written = std::fs::read_to_string(folder.path("bench.json")).unwrap();
    assert_eq!(questions(&engine::json_value(&written)).len(), 4);
}

#[test]
fn a_question_that_fails_does_not_stop_the_others() {
    let folder = Folder::with_lake(&[
        &record("1", "2024-03-09T08:00:00Z", ""),
        &record("2", "2024-03-10T09:00:00Z", ""),
    ]);
    let day = folder.path("lake/cloudtrail/event_date=2024-03-09");
    for entry in std::fs::read_dir(day).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    let ended = folder
        .run(&[
            "bench",
            "--lake",
            "lake",
            "--only",
            "top-agents,needle-event-id,tutorial/fetch",
            "--rounds",
            "1",
            "--format",
            "json",
        ])
        .with(3)
        .says(&["error: needle-event-id failed", "error: top-agents failed"]);
    let report = report(&ended);
    let outcomes: Vec<(&str, &str)> = questions(&report)
        .iter()
        .map(|question| (text(question, &["name"]), text(question, &["outcome"])))
        .collect();
    assert_eq!(
        outcomes,
        [
            ("needle-event-id", "failed"),
            ("top-agents", "failed"),
            ("tutorial/fetch", "measured")
        ]
    );
    assert_eq!(long(&questions(&report)[2], &["records"]), 1);
}

#[test]
fn what_is_asked_wrong_is_said() {
    let folder = small();
    folder.file("mine/notes.txt", b"mine");
    let table: &[(&[&str], i32, &str)] = &[
        (
            &["--only", "fastest"],
            2,
            "--only fastest: there is no such question; the families are count, needle",
        ),
        (
            &["--lake", "lake", "--events", "5"],
            2,
            "cannot be used with",
        ),
        (&["--no-ingest"], 2, "--work"),
        (&["--events", "0"], 2, "0 is not in 1..="),
        (&["--rounds", "0"], 2, "0 is not in 1..="),
        (
            &["--events", "100000000000"],
            2,
            "a bench of 100,000,000,000 events takes about 60.0 TB",
        ),
        (
            &["--work", "mine"],
            2,
            "mine holds something else than a bench",
        ),
        (&["--work", "mine/notes.txt"], 3, "mine/notes.txt"),
        (
            &[
                "--work",
                "new",
                "--no-ingest",
                "--events",
                "1000",
                "--days",
                "1",
            ],
            2,
            "there is no lake in new/lake yet",
        ),
        (&["--lake", "nowhere"], 3, "there is no lake at nowhere"),
        (
            &["--lake", "lake", "--output", "no/such/folder"],
            3,
            "no/such/folder can't be written",
        ),
    ];
    for (arguments, code, said) in table {
        folder
            .run(&[&["bench"], *arguments].concat())
            .with(*code)
            .prints("")
            .says(&[said]);
    }
    assert_eq!(
        std::fs::read(folder.path("mine/notes.txt")).unwrap(),
        b"mine"
    );
    assert_eq!(std::fs::read_dir(folder.path("mine")).unwrap().count(), 1);
    assert!(!folder.path("nowhere").exists());
}

/// Runs the binary until it says `stage`, and has it interrupted. What it said from then on.
#[cfg(unix)]
fn interrupted(folder: &Folder, arguments: &[&str], stage: &str) -> String {
    let mut command = folder.command(arguments);
    command.env("TMPDIR", folder.path("temporary"));
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.starts_with(stage) {
        line.clear();
        let read = lines.read_line(&mut line).unwrap();
        assert_ne!(read, 0, "{stage} was never said");
    }
    let id = child.id().to_string();
    let killed = std::process::Command::new("kill")
        .args(["-INT", &id])
        .status();
    assert!(killed.unwrap().success());
    let mut said = String::new();
    lines.read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(3), "{said}");
    said
}

#[cfg(unix)]
#[test]
fn an_interrupted_bench_leaves_nothing() {
    let bench = ["bench", "--days", "2", "--only", "count", "--events"];
    for (events, stage) in [("400000", "making an archive"), ("15000", "ingesting ")] {
        let folder = Folder::new();
        std::fs::create_dir(folder.path("temporary")).unwrap();
        let said = interrupted(&folder, &[&bench[..], &[events]].concat(), stage);
        assert!(said.contains("interrupted: nothing is left"), "{said}");
        let left = std::fs::read_dir(folder.path("temporary")).unwrap().count();
        assert_eq!(left, 0, "while {stage}");
    }
    // In a folder of one's own the archive, which was whole, is kept, and no half of a lake.
    let folder = Folder::new();
    let arguments = [&bench[..], &["15000", "--work", "work"]].concat();
    let said = interrupted(&folder, &arguments, "ingesting ");
    assert!(
        said.contains("interrupted: what was whole is kept in work, nothing else"),
        "{said}"
    );
    assert!(folder.path("work/archive").exists());
    assert!(!folder.path("work/lake").exists());
    assert!(!folder.path("work/lake.partial").exists());
    folder
        .run(&arguments)
        .with(0)
        .says(&["the archive in work/archive is used again"]);
}
