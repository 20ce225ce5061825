//! Archives that are fine, broken, or none at all: each is accounted for.

use crate::crash::object;
use crate::run::{Folder, gzip, log, record};

fn two() -> String {
    log(&[
        &record("1", "2024-03-10T08:00:00Z", ""),
        &record("2", "2024-03-10T09:00:00Z", ""),
    ])
}

/// How many events the lake `lake` has.
#[track_caller]
fn has(folder: &Folder, events: u64) {
    let count = [
        "query",
        "fetch logs | summarize n = count()",
        "--lake",
        "lake",
    ];
    folder
        .run(&count)
        .with(0)
        .prints(&format!("{{\"n\":{events}}}\n"));
}

#[test]
fn the_summary_is_said_and_nothing_is_printed() {
    let folder = Folder::new();
    folder.file("archive/log.json.gz", &gzip(two().as_bytes()));
    folder
        .run(&["ingest", "archive", "--lake", "lake"])
        .with(0)
        .prints("")
        .says(&[
            "objects  1 found = 1 read\n",
            "events   2 read = 2 new + 0 folded + 0 rejected\n",
            "next: trailsift query",
        ]);
    has(&folder, 2);
}

/// What is to stay within a bound has an allocator that does not keep for long what was freed; whoever runs it may say how
/// long. The allocator itself says what it was told.
#[cfg(unix)]
#[test]
fn memory_is_given_back_soon() {
    let folder = Folder::new();
    folder.file("archive/log.json", two().as_bytes());
    let said = |given: Option<&str>| {
        let mut command = folder.command(&["ingest", "archive", "--lake", "lake"]);
        command.env("MIMALLOC_VERBOSE", "1");
        command.env_remove("MIMALLOC_PURGE_DELAY");
        command.envs(given.map(|given| ("MIMALLOC_PURGE_DELAY", given)));
        let ended = command.output().unwrap();
        assert!(ended.status.success());
        let said = String::from_utf8(ended.stderr).unwrap();
        let lines = said.lines().filter(|line| line.contains("'purge_delay'"));
        lines.map(|line| line.trim().to_owned()).collect::<Vec<_>>()
    };
    let told = |delay: &str| format!("option 'purge_delay': {delay}");
    assert_eq!(said(None).last(), Some(&told("20")));
    assert_eq!(said(Some("7")), [told("7")]);
    has(&folder, 2);
}

#[test]
fn a_second_ingest_folds_everything() {
    let folder = Folder::new();
    folder.file("archive/log.json", two().as_bytes());
    let ingest = ["ingest", "archive", "--lake", "lake", "--again"];
    folder.run(&ingest).with(0);
    folder
        .run(&ingest)
        .with(0)
        .says(&["events   2 read = 0 new + 2 folded + 0 rejected\n"]);
    has(&folder, 2);
}

/// Within a batch, against the lake, and with another order of keys.
#[test]
fn repeats_are_listed_where_that_is_asked_for() {
    let folder = Folder::new();
    let [one, two] = ["1", "2"].map(|id| {
        let account = "\"recipientAccountId\":\"123456789012\"";
        record(id, "2024-03-10T08:00:00Z", account)
    });
    folder.file("archive/a.json", log(&[&one, &two, &one]).as_bytes());
    let ingest = [
        "ingest",
        "archive",
        "--lake",
        "lake",
        "--again",
        "--repeats",
        "repeats",
    ];
    folder.run(&ingest).with(0);
    let folder_path = folder.path("archive").canonicalize().unwrap();
    let line = |id: &str, kept: (&str, u32), folded: (&str, u32)| {
        let path = |name: &str| folder_path.join(name).display().to_string();
        format!(
            "{{\"event_id\":\"{id}\",\"account\":\"123456789012\",\"event_time\":\"2024-03-10T08:00:00.000000Z\",\
             \"kept_source\":\"{}\",\"kept_index\":{},\"folded_source\":\"{}\",\"folded_index\":{}}}\n",
            path(kept.0),
            kept.1,
            path(folded.0),
            folded.1
        )
    };
    let listed = || std::fs::read_to_string(folder.path("repeats")).unwrap();
    assert_eq!(listed(), line("1", ("a.json", 0), ("a.json", 2)));

    std::fs::remove_file(folder.path("archive/a.json")).unwrap();
    folder.file("archive/b.json", log(&[&two, &one, &two]).as_bytes());
    folder.run(&ingest).with(0).says(&["= 0 new + 3 folded"]);
    let mut lines: Vec<String> = listed().lines().map(|line| format!("{line}\n")).collect();
    lines.sort();
    let mut expected = [
        line("2", ("a.json", 1), ("b.json", 0)),
        line("1", ("a.json", 0), ("b.json", 1)),
        line("2", ("a.json", 1), ("b.json", 2)),
    ];
    expected.sort();
    assert_eq!(lines, expected);
}

/// A file that was rewritten is another object, though its size be the same.
#[test]
fn what_has_changed_is_read_again() {
    let folder = Folder::new();
    object(&folder, "archive/a.json", 0..2);
    object(&folder, "archive/b.json", 2..4);
    let ingest = ["ingest", "archive", "--lake", "lake"];
    folder.run(&ingest).with(0);
    folder
        .run(&ingest)
        .with(0)
        .says(&["2 found = 0 read + 2 known"]);
    // The same size and another time.
    let path = folder.path("archive/b.json");
    object(&folder, "archive/b.json", 4..6);
    let file = std::fs::File::options().write(true).open(path).unwrap();
    file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000))
        .unwrap();
    folder
        .run(&ingest)
        .with(0)
        .says(&["2 found = 1 read + 1 known", "2 read = 2 new"]);
    has(&folder, 6);
    folder
        .run(&[&ingest[..], &["--again"]].concat())
        .with(0)
        .says(&["2 found = 2 read", "4 folded"]);
}

#[test]
fn the_summary_as_json_is_a_result() {
    let folder = Folder::new();
    folder.file("archive/log.json", two().as_bytes());
    let json = [
        "ingest", "archive", "--lake", "lake", "--format", "json", "--quiet",
    ];
    let ended = folder.run(&json).with(0);
    assert_eq!(ended.err, "");
    assert_eq!(ended.out.lines().count(), 1, "{}", ended.out);
    let records = "\"records\":{\"read\":2,\"written\":2,\"folded\":0,\"rejected\":0,\"conflicts\":0,\"untimed\":0}";
    assert!(ended.out.contains(records), "{}", ended.out);
}

#[test]
fn a_folder_without_files_has_nothing_to_ingest() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("archive")).unwrap();
    folder
        .run(&["ingest", "archive", "--lake", "lake"])
        .with(3)
        .prints("")
        .says(&["error: there are no files in archive"]);
}

#[test]
fn a_source_that_is_not_there() {
    let folder = Folder::new();
    folder
        .run(&["ingest", "archive", "--lake", "lake"])
        .with(3)
        .prints("")
        .says(&["error: the source archive can't be read"]);
    assert!(!folder.path("lake").exists(), "a lake was made for nothing");
}

#[test]
fn of_a_truncated_gzip_what_stands_before_the_damage_is_kept() {
    let folder = Folder::new();
    let records: Vec<String> = (0..200)
        .map(|id| {
            // Numbers that repeat nowhere do not shrink to nothing.
            let noise = u64::from(id as u32 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            record(
                &format!("{noise:x}"),
                "2024-03-10T08:00:00Z",
                &format!("\"requestID\":\"{:x}{noise:o}\"", noise.reverse_bits()),
            )
        })
        .collect();
    let records: Vec<&str> = records.iter().map(String::as_str).collect();
    let whole = gzip(log(&records).as_bytes());
    folder.file("archive/log.json.gz", &whole[..whole.len() / 2]);
    let ended = folder
        .run(&["ingest", "archive", "--lake", "lake"])
        .with(4)
        .says(&[
            "objects  1 found = 0 read + 1 broken\n",
            "the packed data break off",
        ]);
    let read = ended
        .err
        .split("events")
        .nth(1)
        .unwrap()
        .split_whitespace()
        .next()
        .unwrap();
    let read: u64 = read.parse().unwrap();
    assert!(
        (1..200).contains(&read),
        "{read} of 200 records in half of the bytes"
    );
    has(&folder, read);
}

#[test]
fn a_gzip_of_several_members_is_one_text() {
    let folder = Folder::new();
    let text = two();
    let (first, second) = text.as_bytes().split_at(60);
    folder.file("archive/log.json.gz", &[gzip(first), gzip(second)].concat());
    folder
        .run(&["ingest", "archive", "--lake", "lake"])
        .with(0)
        .says(&["objects  1 found = 1 read\n", "events   2 read = 2 new"]);
}

#[test]
fn json_that_breaks_off() {
    let folder = Folder::new();
    let whole = two();
    let broken = &whole[..whole.len() - 20];
    folder.file("archive/log.json", broken.as_bytes());
    folder
        .run(&["ingest", "archive", "--lake", "lake"])
        .with(4)
        .says(&[
            "objects  1 found = 0 read + 1 broken\n",
            "events   1 read = 1 new",
            "log.json: the JSON breaks off, what stands before was read",
            &format!("(byte {})", broken.len()),
        ]);
    has(&folder, 1);
}

#[test]
fn what_is_no_log_is_left_alone_and_said() {
    let folder = Folder::new();
    folder.file("archive/log.json", two().as_bytes());
    folder.file("archive/other.json", b"{\"hello\":\"world\"}");
    folder.file("archive/notes.txt", b"to do");
    folder
        .run(&["ingest", "archive", "--lake", "lake"])
        .with(4)
        .says(&[
            "objects  3 found = 1 read + 2 left alone\n",
            "events   2 read = 2 new",
            "notes.txt: it is neither JSON nor packed JSON",
            "other.json: it is no CloudTrail log",
        ]);
    has(&folder, 2);
}

#[test]
fn a_record_that_is_no_object_is_rejected_alone() {
    let folder = Folder::new();
    let record = record("1", "2024-03-10T08:00:00Z", "");
    folder.file("archive/log.json", log(&["7", &record, "\"x\""]).as_bytes());
    folder
        .run(&["ingest", "archive", "--lake", "lake"])
        .with(4)
        .says(&["events   3 read = 1 new + 0 folded + 2 rejected\n"]);
}

#[test]
fn nothing_of_a_record_is_in_what_is_said() {
    let folder = Folder::new();
    let broken = "{\"Records\":[{\"eventID\":\"hunter2\",\"eventTime\":\"hunter2\",\"password\":\"hunter2\" hunter2";
    folder.file("archive/log.json", broken.as_bytes());
    let ended = folder.run(&["ingest", "archive", "--lake", "lake"]).with(4);
    assert!(!ended.err.contains("hunter2"), "{}", ended.err);
}

#[test]
fn the_name_of_a_file_steers_no_terminal() {
    let folder = Folder::new();
    folder.file("archive/\u{1b}[2Jlog.json", b"{\"Records\":[");
    let ended = folder.run(&["ingest", "archive", "--lake", "lake"]).with(4);
    assert!(!ended.err.contains('\u{1b}'), "{:?}", ended.err);
    assert!(ended.err.contains("<U+001B>[2Jlog.json"), "{}", ended.err);
}

#[test]
fn a_lake_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    folder.file("archive/log.json", two().as_bytes());
    folder.run(&["ingest", "archive", "--lake", "lake"]).with(0);
    let mut open = vec![folder.path("lake")];
    while let Some(path) = open.pop() {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} is {mode:o}", path.display());
        if path.is_dir() {
            open.extend(
                std::fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        }
    }
}

#[test]
fn what_can_not_be_read_is_counted_and_the_rest_goes_on() {
    use crate::run::{lock, may_read_anything, unlock};
    let folder = Folder::new();
    folder.file("archive/log.json", two().as_bytes());
    let closed = [
        folder.file("archive/closed.json", two().as_bytes()),
        folder
            .file("archive/closed/log.json", two().as_bytes())
            .parent()
            .unwrap()
            .to_owned(),
    ];
    closed.iter().for_each(|path| lock(path));
    let root = closed.iter().any(|path| may_read_anything(path));
    let ended = folder.run(&["ingest", "archive", "--lake", "lake"]);
    closed.iter().for_each(|path| unlock(path));
    if root {
        return;
    }
    ended.with(4).says(&["1 read", "2 new", "closed"]);
    has(&folder, 2);
}

#[test]
fn a_lake_that_can_not_be_one() {
    let folder = Folder::new();
    folder.file("archive/log.json", two().as_bytes());
    folder.file("plain", b"x");
    folder
        .run(&["ingest", "archive", "--lake", "plain"])
        .with(3)
        .says(&["plain is not a lake of trailsift: it is a file"]);
    folder
        .run(&["ingest", "archive", "--lake", "gs://bucket/lake"])
        .with(2)
        .says(&["a lake at gs://bucket/lake is not supported"]);
    folder
        .run(&["ingest", "gs://bucket/logs", "--lake", "lake"])
        .with(2)
        .says(&["reading from gs://bucket/logs is not supported"]);
}

#[test]
fn wrong_words() {
    let folder = Folder::new();
    for arguments in [
        &["ingest", "--lake", "lake"][..],
        &["ingest", ".", "--lake", "lake", "--bucket", ""],
        &["ingest", ".", "--lake", "lake", "--from", "yesterday"],
        &["ingest", "."],
        &["ingset", "."],
        &[],
    ] {
        let ended = folder.run(arguments).with(2);
        assert_eq!(ended.out, "", "{arguments:?}");
        assert!(!ended.err.is_empty(), "{arguments:?}");
    }
}
