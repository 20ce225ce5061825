//! Formats, and event text that would do more than be read.

use crate::run::{Folder, record};

const QUERY: &str = "fetch cloudtrail | sort eventID | fields eventID, timestamp, n = 7, d = 2.0, s = 90s, errorCode";

fn lake() -> Folder {
    Folder::with_lake(&[
        &record("1", "2024-03-10T08:00:00Z", ""),
        &record("2", "2024-03-10T09:00:00Z", "\"errorCode\":\"a,\\\"b\\\"\""),
    ])
}

fn printed(lake: &Folder, format: &str) -> String {
    lake.run(&["query", QUERY, "--lake", "lake", "--format", format])
        .with(0)
        .out
}

#[test]
fn formats_for_programs() {
    let lake = lake();
    let first = "{\"eventID\":\"1\",\"timestamp\":\"2024-03-10T08:00:00.000000000Z\",\"n\":7,\"d\":2.0,\"s\":\"PT1M30S\",\"errorCode\":null}";
    let second = "{\"eventID\":\"2\",\"timestamp\":\"2024-03-10T09:00:00.000000000Z\",\"n\":7,\"d\":2.0,\"s\":\"PT1M30S\",\"errorCode\":\"a,\\\"b\\\"\"}";
    assert_eq!(printed(&lake, "ndjson"), format!("{first}\n{second}\n"));
    assert_eq!(printed(&lake, "json"), format!("[{first},\n{second}]\n"));
    assert_eq!(
        printed(&lake, "csv"),
        "eventID,timestamp,n,d,s,errorCode\r\n\
         1,2024-03-10T08:00:00.000000000Z,7,2.0,PT1M30S,\r\n\
         2,2024-03-10T09:00:00.000000000Z,7,2.0,PT1M30S,\"a,\"\"b\"\"\"\r\n"
    );
}

#[test]
fn the_result_object_of_grail() {
    let grail = printed(&lake(), "grail");
    let parts = [
        "{\"records\":[",
        "\"timestamp\":\"2024-03-10T08:00:00.000000000Z\",\"n\":\"7\",\"d\":2.0,\"s\":\"90000000000\",\"errorCode\":null}",
        "\"types\":[",
        "\"n\":{\"type\":\"long\"}",
        "\"s\":{\"type\":\"duration\"}",
        "\"metadata\":{\"grail\":{",
        "\"canonicalQuery\":",
        "\"notificationType\":\"W0406\"",
    ];
    let mut rest = grail.as_str();
    for part in parts {
        let at = rest
            .find(part)
            .unwrap_or_else(|| panic!("`{part}` is missing: {grail}"));
        rest = &rest[at + part.len()..];
    }
}

#[test]
fn formats_for_people() {
    let lake = lake();
    let table = printed(&lake, "table");
    let lines: Vec<Vec<&str>> = table
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(
        lines[0],
        ["eventID", "timestamp", "n", "d", "s", "errorCode"]
    );
    assert!(
        lines[2].starts_with(&["1", "2024-03-10T08:00:00Z", "7", "2.0", "1m", "30s"]),
        "{table}"
    );
    assert_eq!(lines.len(), 4, "{table}");
    let record = printed(&lake, "record");
    assert_eq!(
        record
            .lines()
            .filter(|line| line.starts_with("eventID "))
            .count(),
        2,
        "{record}"
    );
    assert!(
        record.contains("timestamp  2024-03-10T09:00:00Z\n"),
        "{record}"
    );
}

#[test]
fn results_without_records() {
    let lake = lake();
    let run = |format: &str| {
        let query = "fetch cloudtrail | filter eventID == \"none\" | fields eventID, n = 7";
        lake.run(&["query", query, "--lake", "lake", "--format", format])
            .with(0)
            .out
    };
    assert_eq!(run("ndjson"), "");
    assert_eq!(run("json"), "[]\n");
    assert_eq!(run("csv"), "eventID,n\r\n");
    assert!(run("grail").starts_with("{\"records\":["));
}

#[test]
fn a_file_is_its_owners_alone_and_its_name_says_the_format() {
    use std::os::unix::fs::PermissionsExt;
    let lake = lake();
    let query = "data record(a = 1)";
    for (file, content) in [
        ("r.csv", "a\r\n1\r\n"),
        ("r.json", "[{\"a\":1}]\n"),
        ("r.ndjson", "{\"a\":1}\n"),
    ] {
        lake.run(&["query", query, "--output", file])
            .with(0)
            .prints("");
        assert_eq!(std::fs::read_to_string(lake.path(file)).unwrap(), content);
        let mode = std::fs::metadata(lake.path(file))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "{file} is {mode:o}");
    }
    lake.run(&["query", query, "--output", "none/r.csv"])
        .with(3)
        .says(&["none/r.csv can't be written"]);
}

/// A user's name that steers a terminal, and one that a spreadsheet would run.
fn hostile() -> Folder {
    let user = |name: &str| format!("\"userIdentity\":{{\"userName\":\"{name}\"}}");
    Folder::with_lake(&[
        &record(
            "1",
            "2024-03-10T08:00:00Z",
            &user("\\u001b[31mred\\u0007\\u202e\\r\\nnext"),
        ),
        &record(
            "2",
            "2024-03-10T09:00:00Z",
            &user("=HYPERLINK(\\\"http://x\\\")"),
        ),
    ])
}

#[test]
fn event_text_steers_no_terminal() {
    let lake = hostile();
    let query = "fetch cloudtrail | sort eventID | fields name = userIdentity[userName]";
    for format in ["table", "record"] {
        let out = lake
            .run(&["query", query, "--lake", "lake", "--format", format])
            .with(0)
            .out;
        assert!(
            !out.contains(|character: char| character != '\n'
                && (character.is_control() || character == '\u{202e}')),
            "{format}: {out:?}"
        );
        assert!(
            out.contains("<U+001B>[31mred<U+0007><U+202E>"),
            "{format}: {out}"
        );
    }
    for format in ["json", "ndjson", "grail"] {
        let out = lake
            .run(&["query", query, "--lake", "lake", "--format", format])
            .with(0)
            .out;
        assert!(out.contains("\\u001b[31mred\\u0007"), "{format}: {out:?}");
    }
    let shown = lake.run(&["show", "1", "--lake", "lake"]).with(0).out;
    assert!(
        !shown.contains(['\u{1b}', '\u{202e}', '\u{7}']),
        "{shown:?}"
    );
}

#[test]
fn a_spreadsheet_runs_nothing() {
    let query = "fetch cloudtrail | sort eventID desc | limit 1 | fields `=name` = userIdentity[userName], less = -7";
    hostile()
        .run(&["query", query, "--lake", "lake", "--format", "csv"])
        .with(0)
        .prints("'=name,less\r\n\"'=HYPERLINK(\"\"http://x\"\")\",-7\r\n");
}

#[test]
fn times_are_shown_in_the_time_zone_and_kept_in_utc() {
    let lake = lake();
    let run = |format: &str| {
        let query = "fetch cloudtrail | filter eventID == \"1\" | fields timestamp";
        let arguments = [
            "query",
            query,
            "--lake",
            "lake",
            "--timezone",
            "Asia/Tokyo",
            "--format",
            format,
        ];
        lake.run(&arguments).with(0).out
    };
    assert!(
        run("table").contains("2024-03-10T17:00:00+09:00"),
        "{}",
        run("table")
    );
    assert_eq!(
        run("ndjson"),
        "{\"timestamp\":\"2024-03-10T08:00:00.000000000Z\"}\n"
    );
}
