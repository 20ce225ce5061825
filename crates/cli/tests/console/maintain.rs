//! A lake kept in order: files merged, columns declared, what is left over removed. Answers stay the same throughout.

use crate::run::{Folder, log, record};

/// A lake with three ingests of one day, each of one event.
fn parts() -> Folder {
    let folder = Folder::new();
    for part in 1..=3 {
        let keys = match part {
            1 => "7",
            2 => "\"7\"",
            _ => "8",
        };
        let more = format!(
            "\"requestParameters\":{{\"maxKeys\":{keys},\"deep\":{{\"a.b\":\"x{part}\"}}}}"
        );
        let time = format!("2024-03-10T0{part}:00:00Z");
        let name = format!("archive/{part}.json");
        folder.file(
            &name,
            log(&[&record(&part.to_string(), &time, &more)]).as_bytes(),
        );
        folder.run(&["ingest", &name, "--lake", "lake"]).with(0);
    }
    folder
}

/// What queries answer that read the places of columns to come: as fields, as conditions, by type, in groups.
#[track_caller]
fn answers(folder: &Folder) -> Vec<String> {
    const EVENT: &str = "fetch logs | parse content, \"JSON:event\"";
    let queries = [
        format!("{EVENT} | sort timestamp | fields k = event[requestParameters][maxKeys]"),
        format!("{EVENT} | filter event[requestParameters][maxKeys] == 7 | summarize n = count()"),
        format!("{EVENT} | filter event[requestParameters][maxKeys] > 6 | summarize n = count()"),
        format!("{EVENT} | summarize n = count(), by: {{k = event[requestParameters][maxKeys], t = type(event[requestParameters][maxKeys])}} | sort n, t, toString(k)"),
        format!("{EVENT} | filter isNull(event[requestParameters][maxKeys]) | summarize n = count()"),
        format!("{EVENT} | filter event[requestParameters][deep][`a.b`] == \"x2\" | fields eventID = event[eventID]"),
        format!("{EVENT} | fields d = event[requestParameters][deep], p = event[requestParameters] | sort toString(d)"),
        "fetch cloudtrail | sort timestamp".to_owned(),
        "fetch cloudtrail | fields requestParameters, toString(requestParameters[maxKeys]) | sort toString(requestParameters)".to_owned(),
        "describe cloudtrail".to_owned(),
    ];
    let run = |query: &String| {
        let ended = folder.run(&["query", query, "--lake", "lake"]).with(0);
        assert!(!ended.out.is_empty() || query.contains("isNull"), "{query}");
        ended.out
    };
    queries.iter().map(run).collect()
}

#[test]
fn answers_are_the_same_whatever_columns_files_have() {
    let folder = parts();
    let before = answers(&folder);
    assert!(
        before[0].contains("\"7\"") && before[0].contains(":8"),
        "{}",
        before[0]
    );
    let add = |path: &str, kind: &str| {
        folder.run(&[
            "lake", "columns", "add", path, "--type", kind, "--lake", "lake",
        ])
    };
    add("requestParameters.maxKeys", "long").with(0).says(&[
        "the column request_parameters_max_keys is declared",
        "trailsift lake compact --lake lake",
    ]);
    assert_eq!(answers(&folder), before);
    add("event[requestParameters][deep][a.b]", "text").with(0);
    add("requestParameters.deep", "json").with(0);
    add("unheardOf", "boolean").with(0);
    // One more file, under the new columns; its event is taken back from the comparison by being a repeat.
    folder.run(&["ingest", "archive", "--lake", "lake"]).with(0);
    assert_eq!(answers(&folder), before);
    // A new file beside the old ones.
    let fourth = record(
        "4",
        "2024-03-10T04:00:00Z",
        "\"requestParameters\":{\"maxKeys\":9.0}",
    );
    folder.file("archive/4.json", log(&[&fourth]).as_bytes());
    folder.run(&["ingest", "archive", "--lake", "lake"]).with(0);
    let mixed = answers(&folder);
    assert_ne!(mixed, before);
    folder
        .run(&["lake", "compact", "--lake", "lake"])
        .with(0)
        .says(&[
            "days     1 compacted",
            "files    4 became 1\n",
            "events   4, as many after as before\n",
        ]);
    assert_eq!(answers(&folder), mixed);
    // Now the column answers, and no JSON is parsed where it holds every value.
    let explained = "fetch logs | parse content, \"JSON:event\" | filter event[requestParameters][deep][`a.b`] == \"x2\"";
    let explained = folder
        .run(&["explain", explained, "--lake", "lake"])
        .with(0);
    assert!(
        explained.out.contains("request_parameters_deep_a_b"),
        "{}",
        explained.out
    );
    let sql = "SELECT request_parameters_max_keys AS k FROM cloudtrail WHERE request_parameters_max_keys IS NOT NULL ORDER BY k";
    folder
        .run(&["sql", sql, "--lake", "lake"])
        .with(0)
        .prints("{\"k\":7}\n{\"k\":8}\n");
}

#[test]
fn a_column_that_some_files_lack_is_no_column_of_sql() {
    let folder = parts();
    folder
        .run(&[
            "lake",
            "columns",
            "add",
            "requestParameters.maxKeys",
            "--lake",
            "lake",
        ])
        .with(0);
    let sql = [
        "sql",
        "SELECT request_parameters_max_keys FROM cloudtrail",
        "--lake",
        "lake",
    ];
    folder
        .run(&sql)
        .with(2)
        .says(&["request_parameters_max_keys is declared, but 3 of 3 files were written before"]);
    folder.run(&["lake", "compact", "--lake", "lake"]).with(0);
    folder.run(&sql).with(0);
}

#[test]
fn columns_that_would_clash_are_refused() {
    let folder = parts();
    for (path, why) in [
        (
            "eventName",
            "there is a column for that path already: `event_name`",
        ),
        ("eventname", "differs by case alone from eventName"),
        ("content", "there is another one of that name"),
        ("a..b", "is no path"),
    ] {
        folder
            .run(&["lake", "columns", "add", path, "--lake", "lake"])
            .with(2)
            .says(&[why]);
    }
    folder
        .run(&["lake", "columns", "add", "a.b", "--lake", "nowhere"])
        .with(3)
        .says(&["there is no lake at nowhere"]);
}

#[test]
fn the_columns_of_a_lake_are_listed_with_its_own() {
    let folder = parts();
    folder
        .run(&[
            "lake", "columns", "add", "x.ySet", "--type", "json", "--lake", "lake",
        ])
        .with(0);
    let list = |arguments: &[&str]| {
        let command = [&["lake", "columns"], arguments].concat();
        folder.run(&command).with(0).out
    };
    let own = list(&["--lake", "lake", "--format", "ndjson"]);
    assert!(own.contains(r#"{"column":"x_y_set","dql":"event[x][ySet]","type":"JSON text","needle":"","doc":"declared for this lake"}"#), "{own}");
    assert!(!list(&["--format", "ndjson"]).contains("x_y_set"));
    let page = list(&["--lake", "lake", "--format", "markdown"]);
    assert!(page.contains("## Columns of this lake\n"), "{page}");
    assert!(
        page.contains("| `x_y_set` | `event[x][ySet]` | JSON text |"),
        "{page}"
    );
}

#[test]
fn a_plan_changes_nothing_and_a_well_formed_lake_is_left_alone() {
    let folder = parts();
    folder
        .run(&["lake", "compact", "--lake", "lake", "--dry-run"])
        .with(0)
        .says(&[]);
    let info = |folder: &Folder| folder.run(&["lake", "info", "--lake", "lake"]).with(0).out;
    assert!(info(&folder).contains("files    3, "));
    let compact = ["lake", "compact", "--lake", "lake", "--format", "json"];
    let done = folder.run(&compact).with(0).out;
    assert!(
        done.starts_with("{\"days\":1,\"before\":{\"files\":3,"),
        "{done}"
    );
    let after = info(&folder);
    assert!(after.contains("files    1, "), "{after}");
    folder
        .run(&["lake", "compact", "--lake", "lake"])
        .with(0)
        .says(&["every day is well formed: nothing was done"]);
    assert_eq!(info(&folder), after);
}

#[test]
fn dense_packing_is_planned_done_once_and_changes_no_answer() {
    let folder = parts();
    folder
        .run(&["lake", "compact", "--lake", "lake"])
        .with(0)
        .says(&["3 became 1"]);
    let before = answers(&folder);
    let dense = |more: &[&str]| {
        let words = [&["lake", "compact", "--dense", "--lake", "lake"], more].concat();
        folder.run(&words).with(0)
    };
    assert_eq!(
        dense(&["--dry-run"]).out.lines().count(),
        1,
        "the day is well formed, and yet to be packed"
    );
    dense(&[]).says(&["1 became 1", "3, as many after as before"]);
    assert_eq!(answers(&folder), before);
    folder
        .run(&["lake", "verify", "archive", "--lake", "lake"])
        .with(0);
    dense(&[]).says(&["every day is well formed: nothing was done"]);
    assert_eq!(dense(&["--dry-run"]).out, "");
}

#[test]
fn what_was_merged_goes_with_a_vacuum_and_not_before() {
    let folder = parts();
    folder.run(&["lake", "compact", "--lake", "lake"]).with(0);
    let data = || {
        let day = folder.path("lake/cloudtrail/event_date=2024-03-10");
        std::fs::read_dir(day).unwrap().count()
    };
    assert_eq!(data(), 4);
    let vacuum =
        |more: &[&str]| folder.run(&[&["lake", "vacuum", "--lake", "lake"], more].concat());
    vacuum(&[]).with(0).prints("").says(&[
        "cloudtrail 0 files, 0 B, were removed; 3 files, ",
        "are kept; checkpoint of version 4",
    ]);
    vacuum(&["--keep", "0s"])
        .with(2)
        .says(&["files are kept for a day at least", "--force"]);
    let listed = vacuum(&["--keep", "0s", "--force", "--dry-run"])
        .with(0)
        .out;
    assert_eq!(listed.lines().count(), 3);
    assert!(
        listed.lines().all(|line| line.ends_with(", replaced")),
        "{listed}"
    );
    assert_eq!(data(), 4);
    vacuum(&["--keep", "0s", "--force"])
        .with(0)
        .says(&["3 files, "]);
    assert_eq!(data(), 1);
    folder
        .run(&[
            "query",
            "fetch logs | summarize n = count()",
            "--lake",
            "lake",
        ])
        .with(0)
        .prints("{\"n\":3}\n");
}

#[test]
fn other_engines_are_told_where_the_table_is() {
    let folder = parts();
    let table = std::fs::canonicalize(folder.path("lake/cloudtrail")).unwrap();
    let table = table.to_str().unwrap();
    for (engine, line) in [
        ("duckdb", format!("delta_scan('{table}')")),
        ("polars", format!("pl.scan_delta(\"{table}\")")),
        ("spark", format!(".load(\"{table}\")")),
        (
            "athena",
            "TBLPROPERTIES ('table_type' = 'DELTA');".to_owned(),
        ),
    ] {
        let told = folder
            .run(&["lake", "connect", engine, "--lake", "lake"])
            .with(0)
            .out;
        assert!(told.contains(&line), "{told}");
    }
}

#[test]
fn a_compaction_that_is_killed_leaves_nothing_but_files_for_a_vacuum() {
    const EVENTS: usize = 1_500;
    let folder = Folder::new();
    for part in 0..3 {
        let records: Vec<String> = (0..EVENTS / 3)
            .map(|id| {
                record(
                    &format!("{part}-{id}"),
                    &format!("2024-03-1{}T08:00:00Z", id % 5),
                    "",
                )
            })
            .collect();
        let records: Vec<&str> = records.iter().map(String::as_str).collect();
        let name = format!("archive/{part}.json");
        folder.file(&name, log(&records).as_bytes());
        folder.run(&["ingest", &name, "--lake", "lake"]).with(0);
    }
    let count = || {
        let distinct = "fetch logs | parse content, \"JSON:event\" | summarize n = count(), ids = countDistinctExact(event[eventID])";
        folder
            .run(&["query", distinct, "--lake", "lake"])
            .with(0)
            .prints(&format!("{{\"n\":{EVENTS},\"ids\":{EVENTS}}}\n"));
    };
    for delay in [40, 80, 120, 200, 300] {
        let mut child = folder
            .command(&["lake", "compact", "--lake", "lake"])
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(delay));
        // It may have ended by itself.
        let _ = child.kill();
        child.wait().unwrap();
        count();
    }
    folder.run(&["lake", "compact", "--lake", "lake"]).with(0);
    count();
    folder
        .run(&[
            "lake", "vacuum", "--keep", "0s", "--force", "--lake", "lake",
        ])
        .with(0);
    let days = std::fs::read_dir(folder.path("lake/cloudtrail")).unwrap();
    let data = days.flat_map(|day| {
        let day = day.unwrap();
        let data = day.file_name().to_string_lossy().starts_with("event_date=");
        let files = data.then(|| std::fs::read_dir(day.path()).unwrap());
        files.into_iter().flatten()
    });
    assert_eq!(data.count(), 5);
    count();
}
