//! No event is lost, and none counts twice.

use std::path::Path;

use engine::QueryOptions;

use crate::check::{TestLake, ask, ingest_into, ingest_with, workspace};

fn count(lake: &Path) -> i64 {
    let answered = ask(
        Some(lake),
        "fetch logs | summarize n = count()",
        &QueryOptions::default(),
    );
    answered.rows[0]["n"].as_i64().unwrap()
}

#[test]
fn a_second_ingest_folds_everything() {
    let lake = TestLake::of(&workspace("data/cloudtrail"));
    let before = count(&lake.path());
    let options = ingest::Options {
        again: true,
        ..ingest::Options::default()
    };
    let again = ingest_with(&lake.path(), &workspace("data/cloudtrail"), options);
    assert_eq!(again.records.read, lake.report.records.read);
    assert_eq!(again.records.written, 0);
    assert_eq!(again.records.folded, again.records.read);
    assert_eq!(count(&lake.path()), before);
}

#[test]
fn a_second_ingest_of_what_has_not_changed_reads_nothing() {
    let lake = TestLake::of(&workspace("data/cloudtrail"));
    let again = ingest_into(&lake.path(), &workspace("data/cloudtrail"));
    assert_eq!(again.objects.known, again.objects.found);
    assert_eq!((again.records.read, again.bytes.stored), (0, 0));
    assert!(again.versions.is_empty());
}

#[test]
fn two_ingests_at_once_write_every_record_once() {
    let folder = tempfile::tempdir().unwrap();
    let lake = folder.path().join("lake");
    let archive = workspace("data/cloudtrail");
    let reports: Vec<ingest::Report> = std::thread::scope(|scope| {
        let run = || scope.spawn(|| ingest_into(&lake, &archive));
        let threads = [run(), run()];
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let written: u64 = reports.iter().map(|report| report.records.written).sum();
    assert_eq!(written as i64, count(&lake));
    let alone = TestLake::of(&archive);
    assert_eq!(written, alone.report.records.written);
}
