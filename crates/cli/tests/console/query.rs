//! Queries that are wrong, and lakes that are not there.

use std::process::Stdio;

use crate::run::{Folder, record};

const COUNT: &str = "fetch logs | summarize n = count()";

fn lake() -> Folder {
    Folder::with_lake(&[
        &record("1", "2024-03-10T08:00:00Z", ""),
        &record("2", "2024-03-10T09:00:00Z", ""),
    ])
}

#[test]
fn results_are_printed_and_the_rest_is_said() {
    lake()
        .run(&["query", COUNT, "--lake", "lake"])
        .with(0)
        .prints("{\"n\":2}\n")
        .says(&[
            "note: no timeframe was given, so the whole lake is read: the lake covers 2024-03-10T08:00:00Z to 2024-03-10T09:00:00Z\n",
            "1 record in ",
            " · 1 of 1 file read · ",
            "no JSON parsed",
        ]);
}

#[test]
fn quiet_says_nothing_but_errors() {
    let lake = lake();
    let ended = lake
        .run(&["query", COUNT, "--lake", "lake", "--quiet"])
        .with(0);
    assert_eq!(
        (ended.out.as_str(), ended.err.as_str()),
        ("{\"n\":2}\n", "")
    );
    lake.run(&["query", "fetch log", "--lake", "lake", "--quiet"])
        .with(2)
        .says(&["error[E0305]"]);
}

#[test]
fn a_query_from_a_file_from_standard_input_and_a_lake_from_the_environment() {
    let lake = lake();
    lake.file("count.dql", COUNT.as_bytes());
    let arguments = ["query", "--file", "count.dql", "--lake", "lake"];
    lake.run(&arguments).with(0).prints("{\"n\":2}\n");
    lake.run_with(&["query", "-"], &[("TRAILSIFT_LAKE", "lake")], COUNT)
        .with(0)
        .prints("{\"n\":2}\n");
}

#[test]
fn data_needs_no_lake() {
    Folder::new()
        .run(&["query", "data record(a = 1)"])
        .with(0)
        .prints("{\"a\":1}\n");
}

#[test]
fn there_is_no_lake() {
    let folder = Folder::new();
    folder
        .run(&["query", COUNT, "--lake", "nowhere"])
        .with(3)
        .prints("")
        .says(&["error: there is no lake at nowhere"]);
    assert!(!folder.path("nowhere").exists(), "asking made a folder");
    folder.run(&["query", COUNT]).with(2).prints("").says(&[
        "error[E0305]: there are no `logs` to fetch: no lake was named",
        "--lake",
    ]);
    folder.file("plain", b"x");
    folder
        .run(&["query", COUNT, "--lake", "plain"])
        .with(3)
        .says(&["plain is not a lake of trailsift: it is a file"]);
}

#[test]
fn an_empty_lake_says_so() {
    Folder::with_lake(&[])
        .run(&["query", COUNT, "--lake", "lake"])
        .with(0)
        .prints("{\"n\":0}\n")
        .says(&["the lake is empty"]);
}

#[test]
fn what_is_wrong_with_a_query_is_shown_at_its_place() {
    let lake = lake();
    lake.run(&[
        "query",
        "fetch logs | fliter aws.region == 'x'",
        "--lake",
        "lake",
    ])
    .with(2)
    .prints("")
    .says(&[
        "error[E0301]: there is no command `fliter`\n --> query:1:14\n",
        "did you mean `filter`?",
        "error[E0103]",
    ]);
    lake.file("wrong.dql", b"fetch logs\n| limit five\n");
    lake.run(&["query", "--file", "wrong.dql", "--lake", "lake"])
        .with(2)
        .says(&["error[E0402]", " --> wrong.dql:2:9\n"]);
}

#[test]
fn no_query() {
    let lake = lake();
    for query in ["", "  ", "// later"] {
        lake.run(&["query", query, "--lake", "lake"])
            .with(2)
            .prints("")
            .says(&["error[E0205]: there is no query here"]);
    }
    lake.run(&["query", "--lake", "lake"])
        .with(2)
        .says(&["there is no query", "--file"]);
    lake.run(&["query", "--file", "none.dql", "--lake", "lake"])
        .with(3)
        .says(&["none.dql"]);
    lake.file("latin.dql", b"fetch logs // \xff");
    lake.run(&["query", "--file", "latin.dql", "--lake", "lake"])
        .with(2)
        .says(&["latin.dql is not UTF-8 from byte 14 on"]);
}

#[test]
fn a_warning_stops_nothing() {
    lake()
        .run(&[
            "query",
            "fetch logs, bucket: \"other\" | summarize n = count()",
            "--lake",
            "lake",
        ])
        .with(0)
        .prints("{\"n\":0}\n")
        .says(&[
            "warning[W0407]: no event is in the bucket \"other\"",
            "\"default_logs\"",
        ]);
}

#[test]
fn the_timeframe_around_a_query() {
    let lake = lake();
    let run = |from: &str, to: &str| {
        lake.run(&["query", COUNT, "--lake", "lake", "--from", from, "--to", to])
    };
    run("2024-03-10T08:30:00Z", "2024-03-11")
        .with(0)
        .prints("{\"n\":1}\n");
    run("2020-01-01", "2020-01-02")
        .with(0)
        .prints("{\"n\":0}\n")
        .says(&[
            "warning[W0404]",
            "the lake covers 2024-03-10T08:00:00Z to 2024-03-10T09:00:00Z",
        ]);
    for (from, to) in [("2024-03-11", "2024-03-10"), ("2024-03-10", "2024-03-10")] {
        run(from, to)
            .with(2)
            .prints("")
            .says(&["--from must be before --to"]);
    }
    run("yesterday", "2024-03-11")
        .with(2)
        .says(&["'yesterday'", "--from"]);
    run("0001-01-01", "2024-03-11").with(2).prints("");
}

#[test]
fn what_now_is() {
    let lake = lake();
    let run = |now: &str| {
        lake.run(&[
            "query",
            "fetch logs, from: -1h | summarize n = count()",
            "--lake",
            "lake",
            "--now",
            now,
        ])
    };
    // One second behind the newest event: 08:00:00 is more than an hour before.
    run("latest").with(0).prints("{\"n\":1}\n");
    run("2024-03-10T09:00:00Z").with(0).prints("{\"n\":1}\n");
    run("2024-03-10T08:59:00Z").with(0).prints("{\"n\":1}\n");
    run("soon").with(2).prints("").says(&["'soon'", "--now"]);
}

#[test]
fn options_that_are_wrong() {
    let lake = lake();
    for (option, value) in [
        ("--timezone", "Mars/Olympus"),
        ("--format", "xml"),
        ("--memory", "lots"),
        ("--threads", "0"),
        ("--colour", "yes"),
    ] {
        let ended = lake
            .run(&["query", COUNT, "--lake", "lake", option, value])
            .with(2);
        assert_eq!(ended.out, "", "{option}");
        assert!(ended.err.contains(option), "{}", ended.err);
    }
}

#[test]
fn a_reader_who_has_seen_enough_is_no_failure() {
    let folder = Folder::new();
    let records = vec!["record(text = \"0123456789abcdef\")"; 2_000].join(", ");
    let query = format!("data {records}");
    let mut child = folder
        .command(&["query", &query])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(0), "{said}");
    assert!(!said.contains("error"), "{said}");
}

#[test]
fn a_query_that_steers_a_terminal_is_shown_by_name() {
    let ended = Folder::new()
        .run(&["query", "fetch \u{1b}[2J\u{202e}logs"])
        .with(2);
    assert!(
        !ended.err.contains(['\u{1b}', '\u{202e}']),
        "{:?}",
        ended.err
    );
    assert!(ended.err.contains("<U+001B>"), "{}", ended.err);
}

#[test]
fn the_lake_in_sql() {
    let lake = lake();
    let sql = |text: &str| lake.run(&["sql", text, "--lake", "lake"]);
    sql("SELECT count(*) AS n, min(event_time) AS first FROM cloudtrail")
        .with(0)
        .prints("{\"n\":2,\"first\":\"2024-03-10T08:00:00.000000000Z\"}\n");
    let count = "SELECT count(*) AS n FROM cloudtrail";
    lake.run(&[
        "sql",
        count,
        "--lake",
        "lake",
        "--from",
        "2024-03-10T08:30:00Z",
    ])
    .with(0)
    .prints("{\"n\":1}\n");
    // A day is a folder of files, and the others are not opened.
    sql("SELECT event_id FROM cloudtrail WHERE event_date = '2024-03-11'")
        .with(0)
        .prints("")
        .says(&["0 of 1 file read"]);
    sql("SELECT event_nme FROM cloudtrail")
        .with(2)
        .says(&["error[E1001]: column 'event_nme' not found", "^^^^^^^^^"]);
    // DQL's functions, their options behind what is required; intervals are durations, addresses texts.
    sql("SELECT stringLength('abc') AS a, startsWith('AbC', 'aB', false) AS b, matchesValue('Get', 'x', 'G*') AS c, \
         bin(event_time, INTERVAL '1 day') AS d, toIp('10.0.0.1') AS e, jsonField('{\"k\":[1]}', 'k') AS f \
         FROM cloudtrail LIMIT 1")
        .with(0)
        .prints("{\"a\":3,\"b\":true,\"c\":true,\"d\":\"2024-03-10T00:00:00.000000000Z\",\"e\":\"10.0.0.1\",\"f\":[1]}\n");
    sql("SELECT stringLength(7)")
        .with(2)
        .says(&["expression of stringLength has to be a string, and this is a long"]);
    sql("SELEC 1").with(2).says(&["error[E1001]", "^^^^^"]);
    sql("SELECT 1; SELECT 2")
        .with(2)
        .says(&["several statements"]);
    sql("DROP TABLE cloudtrail")
        .with(2)
        .says(&["error[E1002]", "only read here"]);
}

#[test]
fn a_pattern_that_takes_too_much_work_gives_null_and_a_warning() {
    let folder = Folder::new();
    let query = format!(
        "data record(s = \"{}\"), record(s = \"ab\") | parse s, \"LD:x ((LD (LD (LD 'b'))) 'c'? EOS)\" | fields x",
        "a".repeat(30_000)
    );
    let ended = folder
        .run(&["query", &query, "--format", "json"])
        .with(0)
        .says(&["warning", "1 text", "more work than is allowed"]);
    assert!(ended.out.starts_with("[{\"x\":null}"), "{ended:?}");
}

#[test]
fn a_text_is_searched_before_a_pattern_is_matched_where_that_changes_nothing() {
    let folder = Folder::with_lake(&[&record("1", "2024-03-10T08:00:00Z", "")]);
    let searched = |condition: &str| {
        let query = format!(
            "fetch logs | parse content, \"LD ':secret:' STRING:id ' 50%'\" | filter {condition} | fields id"
        );
        let ended = folder.run(&["explain", &query, "--lake", "lake"]).with(0);
        ended.out.contains("LIKE \"%:secret:%\"")
    };
    for condition in [
        "isNotNull(id)",
        "id == \"a\"",
        "true and startsWith(id, \"a\")",
        "id == \"a\" or id > \"b\"",
    ] {
        assert!(searched(condition), "{condition}");
    }
    for condition in [
        "isNull(id)",
        "not isNotNull(id)",
        "id == \"a\" or isNull(id)",
        "coalesce(id, \"a\") == \"a\"",
        "aws.region == \"x\"",
    ] {
        assert!(!searched(condition), "{condition}");
    }
}

#[test]
fn an_explanation_says_what_is_read_and_what_it_cost() {
    let lake = lake();
    let query = "fetch logs | parse content, \"JSON:event\" | filter event[eventName] == \"ListKeys\" \
                 | summarize n = count(), by: {event[userIdentity][arn]} | sort n desc";
    let explain = |flags: &[&str]| {
        let words = [&["explain", query, "--lake", "lake"], flags].concat();
        lake.run(&words).with(0)
    };
    let ended = explain(&[]);
    for part in [
        "event_name, user_identity_arn",
        "1 of 1 file",
        "no JSON text is parsed",
        "event_name = \"ListKeys\"",
        "count(1) AS n",
        "event[userIdentity][arn]",
    ] {
        assert!(ended.out.contains(part), "{part}\n{}", ended.out);
    }
    assert!(!ended.out.contains('→'), "{}", ended.out);
    let ended = explain(&["--analyze"]).says(&["ran in", "1 of 1 file read"]);
    assert!(ended.out.contains("→ 1 row in"), "{}", ended.out);
    let ended = explain(&["--verbose"]);
    assert!(
        ended.out.contains("DataSourceExec: file_groups="),
        "{}",
        ended.out
    );
}
