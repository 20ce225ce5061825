//! Queries straight over archives: the same answers as over a lake, what is said of the objects, and nothing left behind.

use std::path::Path;
use std::process::Stdio;

use crate::run::{Folder, gzip, log, record};

const COUNT: &str = "fetch logs | summarize n = count()";

/// Two days of logs, as CloudTrail names them; one event comes on both.
fn archive(folder: &Folder) {
    for day in [9, 10] {
        let name = format!(
            "archive/AWSLogs/111122223333/CloudTrail/eu-west-1/2024/03/{day:02}/111122223333_CloudTrail_eu-west-1_202403{day:02}T0810Z_x.json.gz"
        );
        let more = "\"awsRegion\":\"eu-west-1\"";
        let records = [
            record("again", "2024-03-09T08:00:00Z", more),
            record(
                &format!("a{day}"),
                &format!("2024-03-{day:02}T08:01:00Z"),
                more,
            ),
            record(
                &format!("b{day}"),
                &format!("2024-03-{day:02}T08:02:00Z"),
                more,
            ),
        ];
        let records: Vec<&str> = records.iter().map(String::as_str).collect();
        folder.file(&name, &gzip(log(&records).as_bytes()));
    }
}

/// The names of all that is below a folder.
fn below(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        names.push(path.display().to_string());
        if path.is_dir() {
            names.extend(below(&path));
        }
    }
    names.sort();
    names
}

#[test]
fn answers_are_those_of_a_lake_and_nothing_is_written() {
    let folder = Folder::new();
    archive(&folder);
    let before = below(&folder.path(""));
    let over = |query: &str, more: &[&str]| {
        let arguments = [&["query", query, "--archive", "archive"], more].concat();
        folder.run(&arguments).with(0)
    };
    over(COUNT, &[]).prints("{\"n\":5}\n").says(&[
        "note: no timeframe was given, so the whole archive is read\n",
        "1 record in ",
        " · 2 of 2 objects read · 5 events · ",
    ]);
    let quiet = over(COUNT, &["--quiet"]);
    assert_eq!(
        (quiet.out.as_str(), quiet.err.as_str()),
        ("{\"n\":5}\n", "")
    );
    let queries = [
        "fetch logs | fields timestamp, content, log.source, aws.region, aws.account.id | sort timestamp, content",
        "fetch cloudtrail | fields eventID, eventTime, readOnly | sort eventID",
        "fetch logs, from: -24h | summarize n = count(), by: {dt.system.bucket}",
    ];
    let latest = ["--now", "latest", "--bucket", "b"];
    let found: Vec<String> = queries
        .iter()
        .map(|query| over(query, &latest).out)
        .collect();
    assert_eq!(below(&folder.path("")), before, "something was written");
    folder
        .run(&["ingest", "archive", "--lake", "lake", "--bucket", "b"])
        .with(0);
    for (query, found) in queries.into_iter().zip(found) {
        let lake = folder.run(&["query", query, "--lake", "lake", "--now", "latest"]);
        let lake = lake.with(0);
        assert!(!lake.out.is_empty());
        assert_eq!(found, lake.out, "{query}");
    }
}

#[test]
fn only_what_was_delivered_in_the_timeframe_is_read() {
    let folder = Folder::new();
    archive(&folder);
    let over = |arguments: &[&str]| {
        let all = [&["query", COUNT, "--archive", "archive"], arguments].concat();
        folder.run(&all).with(0)
    };
    // What happened on the 9th may be delivered on the 10th.
    over(&["--from", "2024-03-09", "--to", "2024-03-10"])
        .prints("{\"n\":3}\n")
        .says(&[" · 2 of 2 objects read · 5 events"]);
    over(&["--from", "2024-03-10", "--to", "2024-03-11"])
        .prints("{\"n\":2}\n")
        .says(&[" · 1 of 2 objects read · 3 events"]);
    over(&["--to", "2024-03-09"])
        .prints("{\"n\":0}\n")
        .says(&[" · 1 of 2 objects read"]);
    over(&["--from", "-1h"]).prints("{\"n\":0}\n").says(&[
        "warning: none of 2 objects was delivered in the timeframe",
        "--now latest",
        " · 0 of 2 objects read",
    ]);
    // From the newest event on it counts back; for that everything is read.
    over(&["--from", "-30s", "--now", "latest"])
        .prints("{\"n\":1}\n")
        .says(&["newest event", " · 1 of 2 objects read · 3 events"]);
    let explained = folder
        .run(&[
            "explain",
            COUNT,
            "--archive",
            "archive",
            "--from",
            "2024-03-10",
        ])
        .with(0);
    assert!(
        explained.out.contains("Objects read\n  1 of 2 objects\n"),
        "{}",
        explained.out
    );
    folder
        .run(&["explain", COUNT, "--archive", "archive", "--analyze"])
        .with(0)
        .says(&["ran in ", "2 of 2 objects read · 5 events"]);
}

#[test]
fn what_is_broken_or_foreign_is_named_and_counted() {
    let folder = Folder::new();
    archive(&folder);
    folder.file("archive/notes\u{1b}.txt", b"no log");
    folder.file(
        "archive/odd.json",
        b"{\"Records\":[{\"eventID\":\"x\"},7,{\"a\":tru}]}",
    );
    let whole = gzip(log(&[&record("y", "2024-03-09T09:00:00Z", "")]).as_bytes());
    folder.file("archive/cut.json.gz", &whole[..whole.len() - 9]);
    folder.file("archive/digest.json", br#"{"awsAccountId":"111122223333","digestStartTime":"2024-03-09T08:00:00Z","digestEndTime":"2024-03-09T09:00:00Z","digestS3Bucket":"b","logFiles":[]}"#);
    let ended = folder
        .run(&["query", COUNT, "--archive", "archive"])
        .with(4);
    let ended = ended.says(&[
        "warning: not all of the archive could be read: ",
        "left alone",
    ]);
    for part in [
        "1 object broken",
        "notes<U+001B>.txt",
        "odd.json: a record is rejected: it is no object (byte 28)",
        "cut.json.gz: ",
    ] {
        assert!(ended.err.contains(part), "{part}\n{}", ended.err);
    }
    assert!(!ended.err.contains("digest.json"), "{}", ended.err);
    // The same as an ingest and a query.
    let ingest = folder.run(&["ingest", "archive", "--lake", "lake"]).with(4);
    assert!(ingest.err.contains("left alone"));
    folder
        .run(&["query", COUNT, "--lake", "lake"])
        .with(0)
        .prints(&ended.out);
    folder
        .run(&[
            "sql",
            "SELECT count(*) AS n FROM cloudtrail",
            "--archive",
            "archive",
        ])
        .with(4)
        .prints(&ended.out);
    let explain = ["explain", COUNT, "--archive", "archive", "--analyze"];
    folder
        .run(&explain)
        .with(4)
        .says(&["not all of the archive"]);
    folder
        .run(&[
            "query",
            "fetch logs, from: \"2024-03-01\", to: \"2024-04-01\" | summarize n = count()",
            "--archive",
            "archive",
        ])
        .with(4)
        .says(&["note: 1 event has no time and is in no timeframe"]);
}

#[test]
fn sources_that_are_not_there() {
    let folder = Folder::new();
    archive(&folder);
    std::fs::create_dir(folder.path("empty")).unwrap();
    let over = |sources: &[&str]| folder.run(&[&["query", COUNT, "--archive"], sources].concat());
    over(&["archive", "archive/AWSLogs"])
        .with(0)
        .prints("{\"n\":5}\n");
    over(&["archive", "nowhere"])
        .with(3)
        .prints("")
        .says(&["error: nowhere: "]);
    over(&["empty"])
        .with(3)
        .says(&["there are no files in empty"]);
    over(&["gs://b/p"])
        .with(2)
        .says(&["reading from gs://b/p is not supported"]);
    over(&[]).with(2);
    folder
        .run(&["query", "--archive", "archive", COUNT])
        .with(2)
        .says(&["error: there is no query: write one in quotes before --archive"]);
    over(&["archive", "--lake", "lake"])
        .with(2)
        .prints("")
        .says(&["'--archive <SOURCE>...' cannot be used with '--lake <LAKE>'"]);
    // A lake that only the environment names stands back.
    let arguments = ["query", COUNT, "--archive", "archive"];
    folder
        .run_with(&arguments, &[("TRAILSIFT_LAKE", "nowhere")], "")
        .with(0)
        .prints("{\"n\":5}\n");
    folder
        .run(&["query", "load \"/lookups/x\"", "--archive", "archive"])
        .with(2)
        .says(&["no lake was named"]);
    folder
        .run(&["query", "fetch logs | fliter true", "--archive", "archive"])
        .with(2)
        .says(&["there is no command `fliter`"]);
}

#[test]
fn a_reader_that_leaves_ends_it() {
    let folder = Folder::new();
    archive(&folder);
    let mut child = folder
        .command(&["query", "fetch logs", "--archive", "archive"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    assert!(child.wait().unwrap().success());
}
