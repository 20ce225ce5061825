//! The process ended at every step of writing: afterwards every event is there, once. A disk that is full, and one that
//! can't be written: nothing is lost, and the error says what to do.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::run::{Ended, Folder, log, record};

/// Every object a batch of its own, read in the order of the listing.
pub(crate) const SMALL: [&str; 4] = ["--batch", "1", "--threads", "1"];

/// Puts an object there that was written long ago, so that the ledger can tell whether it has changed.
pub(crate) fn object(folder: &Folder, name: &str, events: impl Iterator<Item = u32>) {
    let records: Vec<String> = events.map(event).collect();
    let records: Vec<&str> = records.iter().map(String::as_str).collect();
    let path = folder.file(name, log(&records).as_bytes());
    let long_ago = SystemTime::now() - Duration::from_secs(3_600);
    let file = std::fs::File::options().write(true).open(path).unwrap();
    file.set_modified(long_ago).unwrap();
}

fn event(n: u32) -> String {
    let time = format!("2024-03-{:02}T08:{:02}:00Z", 10 + n % 3, n % 60);
    record(&format!("{n:06}"), &time, "")
}

/// The command that ingests `sources` into the folder's lake.
pub(crate) fn ingest<'a>(sources: &[&'a str]) -> Vec<&'a str> {
    [&["ingest"], sources, &["--lake", "lake"], &SMALL].concat()
}

/// Checks that the lake has the events below `count`, each once.
#[track_caller]
pub(crate) fn has_each_once(folder: &Folder, count: u32) {
    let query = r#"fetch logs | parse content, "JSON:e" | fields id = e[eventID] | sort id"#;
    let found = folder.run(&["query", query, "--lake", "lake", "--format", "ndjson"]);
    let found = found.with(0).out;
    let expected: String = (0..count)
        .map(|n| format!("{{\"id\":\"{n:06}\"}}\n"))
        .collect();
    assert!(
        found == expected,
        "{count} events expected, found:\n{found}"
    );
}

/// Checks that a further ingest finds nothing to read.
#[track_caller]
pub(crate) fn knows_all(folder: &Folder, sources: &[&str], objects: usize) -> Ended {
    folder.run(&ingest(sources)).with(0).says(&[&format!(
        "objects  {objects} found = 0 read + {objects} known\n"
    )])
}

fn archive() -> Folder {
    let folder = Folder::new();
    object(&folder, "archive/a.json", 0..4);
    object(&folder, "archive/b.json", 2..6);
    // Repeats alone: no commit of events, only a row of the ledger.
    object(&folder, "archive/c.json", 1..3);
    folder
}

#[test]
fn a_process_that_ends_at_any_step_leaves_a_lake_that_the_next_one_completes() {
    let folder = archive();
    let steps = folder.path("steps");
    let variables = [("TRAILSIFT_STEPS", steps.to_str().unwrap())];
    folder
        .run_with(&ingest(&["archive"]), &variables, "")
        .with(0);
    let steps = std::fs::read_to_string(steps).unwrap();
    let steps: Vec<&str> = steps.lines().collect();
    assert_eq!(
        steps
            .iter()
            .filter(|step| **step == "events commit")
            .count(),
        2
    );
    assert_eq!(
        steps
            .iter()
            .filter(|step| **step == "ledger commit")
            .count(),
        3
    );
    let every = if thorough() { 1 } else { 7 };
    for stop in (0..steps.len()).skip(steps.len() % every).step_by(every) {
        let folder = archive();
        let stop_at = stop.to_string();
        let mut command = folder.command(&ingest(&["archive"]));
        let output = command.env("TRAILSIFT_STOP_AT", &stop_at).output().unwrap();
        assert_eq!(
            output.status.code(),
            None,
            "step {stop} of {steps:?} was not reached"
        );
        let again = folder.run(&ingest(&["archive"])).with(0);
        has_each_once(&folder, 6);
        knows_all(&folder, &["archive"], 3);
        if steps[stop] == "ledger commit" {
            // The objects of all batches but the one at hand, and of that one too where its events were committed.
            let batch = steps[..stop]
                .iter()
                .filter(|step| **step == "batch end")
                .count();
            let known = batch + usize::from(batch < 2);
            again.says(&[&format!("3 found = {} read", 3 - known)]);
        }
    }
}

/// What a commit names is durable before it.
#[test]
fn steps_are_taken_in_the_order_that_a_power_cut_asks_for() {
    let folder = archive();
    let steps = folder.path("steps");
    let variables = [("TRAILSIFT_STEPS", steps.to_str().unwrap())];
    folder
        .run_with(&ingest(&["archive/a.json"]), &variables, "")
        .with(0);
    let steps = std::fs::read_to_string(steps).unwrap();
    let all: Vec<&str> = steps.lines().collect();
    let first = all.iter().position(|step| *step == "data create").unwrap();
    let file = [
        "data create",
        "data append",
        "data sync",
        "data rename",
        "data folder",
    ];
    let put = [
        "object create",
        "object write",
        "object sync",
        "object name",
        "object staged",
        "object folder",
    ];
    // A file for each of three days.
    let expected: Vec<&str> = [&file[..], &file, &file]
        .concat()
        .into_iter()
        .chain(["ledger file"])
        .chain(put)
        .chain(["events commit"])
        .chain(put)
        .chain(["ledger commit"])
        .chain(put)
        .chain(["batch end"])
        .collect();
    assert_eq!(all[first..], expected);
}

/// Whether all is tried that can be, rather than what is quickly done.
pub(crate) fn thorough() -> bool {
    std::env::var_os("TRAILSIFT_KILL_ROUNDS").is_some()
}

/// Runs a script of the shell where it may mount file systems that nobody else sees; none where that is not allowed.
fn with_mounts(folder: &Folder, script: &str) -> Option<Ended> {
    let unshare = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount", "sh", "-ec", script]);
        command.current_dir(folder.path("."));
        command.env("TRAILSIFT", Path::new(env!("CARGO_BIN_EXE_trailsift")));
        command.output()
    };
    let may = unshare("mkdir -p lake && mount -t tmpfs -o size=1m tmpfs lake");
    if !may.is_ok_and(|output| output.status.success()) {
        return None;
    }
    let output = unshare(script).unwrap();
    Some(Ended {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    })
}

#[test]
#[allow(clippy::print_stderr)]
fn a_full_disk_is_said_and_loses_nothing() {
    let folder = Folder::new();
    for n in 0..30 {
        object(
            &folder,
            &format!("archive/{n:02}.json"),
            n * 10..n * 10 + 10,
        );
    }
    let ended = with_mounts(
        &folder,
        r#"mount -t tmpfs -o size=700k tmpfs lake
        if $TRAILSIFT ingest archive --lake lake --batch 1; then exit 9; else test $? = 3; fi
        mount -o remount,size=100m lake
        $TRAILSIFT query 'fetch logs | summarize n = count()' --lake lake --quiet >&2
        $TRAILSIFT ingest archive --lake lake --batch 1
        $TRAILSIFT query 'fetch logs | parse content, "JSON:e" | summarize n = count(), ids = countDistinct(e[eventID])' --lake lake
        $TRAILSIFT ingest archive --lake lake --batch 1"#,
    );
    match ended {
        Some(ended) => {
            _ = ended.with(0).prints("{\"n\":300,\"ids\":300}\n").says(&[
                "is full; free some space and run the same again",
                "objects  30 found",
                "objects  30 found = 0 read + 30 known",
            ])
        }
        None => eprintln!("not tried: file systems can't be mounted here"),
    }
}

#[test]
#[allow(clippy::print_stderr)]
fn a_disk_that_turns_read_only_is_said_and_loses_nothing() {
    let folder = archive();
    let ended = with_mounts(
        &folder,
        r#"mount -t tmpfs tmpfs lake
        $TRAILSIFT ingest archive/a.json --lake lake --batch 1 --quiet
        mount -o remount,ro lake
        if $TRAILSIFT ingest archive --lake lake --batch 1; then exit 9; else test $? = 3; fi
        mount -o remount,rw lake
        $TRAILSIFT ingest archive --lake lake --batch 1
        $TRAILSIFT query 'fetch logs | parse content, "JSON:e" | summarize n = count(), ids = countDistinct(e[eventID])' --lake lake"#,
    );
    match ended {
        Some(ended) => {
            _ = ended.with(0).prints("{\"n\":6,\"ids\":6}\n").says(&[
                "is on a read-only file system; make it writable and run the same again",
                "objects  3 found = 2 read + 1 known",
            ])
        }
        None => eprintln!("not tried: file systems can't be mounted here"),
    }
}
