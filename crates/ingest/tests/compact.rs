//! Lakes before and after a compaction: the same rows in fewer files, whoever else is at work.

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;

use common::{Place, records_of};
use ingest::compact::{Options, Report, compact, plan};
use lake::{File, Lake};

fn options() -> Options {
    Options {
        threads: 2,
        ..Options::default()
    }
}

async fn run(lake: &Lake, options: &Options) -> Report {
    let report = compact(lake, options, Arc::new(()))
        .await
        .expect("compacted");
    assert!(report.faults.is_empty(), "{:?}", report.faults);
    report
}

async fn files(lake: &Lake) -> Vec<File> {
    lake.snapshot().await.expect("a snapshot").files
}

/// Ingests days of records in parts, each part as files of its own.
async fn parts(place: &Place, parts: u32, each: u32) {
    for part in 0..parts {
        let ids = part * each..(part + 1) * each;
        place.put(&format!("{part}.json"), &records_of(ids));
        place.ingest().await;
    }
}

#[tokio::test]
async fn a_day_in_many_files_becomes_one_file_with_the_same_rows() {
    let place = Place::new();
    parts(&place, 4, 60).await;
    let lake = place.lake().await;
    let (before, old) = (place.everything().await, files(&lake).await);
    assert_eq!((before.len(), old.len()), (240, 12));

    let report = run(&lake, &options()).await;
    assert_eq!(report.days.len(), 3);
    for day in &report.days {
        assert_eq!((day.before.0, day.after.0, day.rows), (4, 1, 80));
    }
    let new = files(&lake).await;
    assert_eq!(new.len(), 3);
    assert_eq!(place.everything().await, before);

    // What the log says of the new files is what it said of the old ones together.
    let sums = |files: &[File]| {
        let mut days: BTreeMap<_, (u64, Option<(i64, i64)>)> = BTreeMap::new();
        for file in files {
            let day = days.entry(file.date).or_default();
            day.0 += file.rows;
            day.1 = match (day.1, file.time) {
                (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
                (a, b) => a.or(b),
            };
        }
        days
    };
    assert_eq!(sums(&old), sums(&new));

    // Well formed: nothing to do, and no commit.
    let version = lake.snapshot().await.unwrap().version;
    assert_eq!(run(&lake, &options()).await.days, []);
    assert_eq!(lake.snapshot().await.unwrap().version, version);
    // A late event makes a second small file, and so work.
    place.put("late.json", &records_of(1_000..1_001));
    place.ingest().await;
    assert_eq!(run(&lake, &options()).await.days.len(), 1);
}

#[tokio::test]
async fn little_memory_makes_more_row_groups_of_the_same_rows() {
    let place = Place::new();
    // All of one day; many share a second.
    let hours: Vec<String> = (0..5_000)
        .map(|id| common::record_at(id, &format!("2024-01-01T{:02}:00:{:02}Z", id % 7, id % 3)))
        .collect();
    for (part, records) in hours.chunks(1_000).enumerate() {
        place.put(&format!("{part}.json"), &common::log(records));
        place.ingest().await;
    }
    let lake = place.lake().await;
    let before = place.everything().await;
    let old = files(&lake).await;
    let options = Options {
        memory: 1,
        // Two files of about half.
        target: old.iter().map(|file| file.size).sum::<u64>() / 2,
        threads: 3,
        row_group_rows: 1_024,
    };
    let report = run(&lake, &options).await;
    assert_eq!(report.days[0].after.0, 2);
    assert_eq!(place.everything().await, before);
    let new = files(&lake).await;
    assert_eq!(
        new.iter()
            .map(|file| file.rows)
            .collect::<Vec<_>>()
            .iter()
            .sum::<u64>(),
        5_000
    );
    let mut spans = Vec::new();
    for file in &new {
        let data = lake.data_file(file).unwrap();
        assert_eq!(data.row_groups(), 3);
        for group in 0..data.row_groups() {
            let times = data.times(group).unwrap();
            let values = || {
                times
                    .iter()
                    .flat_map(|times| times.values().iter().copied())
            };
            spans.push((values().min().unwrap(), values().max().unwrap()));
        }
    }
    // Slices of time: one ends where the next begins, or before.
    spans.sort_unstable();
    assert!(
        spans.windows(2).all(|two| two[0].1 <= two[1].0),
        "{spans:?}"
    );
}

#[tokio::test]
async fn the_null_partition_mistyped_rows_and_conflicts_are_kept() {
    let place = Place::new();
    place.put(
        "1.json",
        r#"{"Records":[{"eventVersion":"1.08","eventID":"a","eventTime":"then","eventName":7},{"eventVersion":"1.08","eventID":"b","eventName":"N"}]}"#,
    );
    place.ingest().await;
    place.put(
        "2.json",
        r#"{"Records":[{"eventVersion":"1.09","eventID":"b","eventName":"Other"},{"eventVersion":"1.08","eventID":"c","readOnly":"no"}]}"#,
    );
    place.ingest().await;
    let lake = place.lake().await;
    let before = place.everything().await;
    let sums = |files: &[File]| {
        let mut mistyped: BTreeMap<String, u64> = BTreeMap::new();
        for (name, rows) in files.iter().flat_map(|file| &file.mistyped) {
            *mistyped.entry(name.clone()).or_default() += rows;
        }
        (
            mistyped,
            files.iter().map(|file| file.conflicts).sum::<u64>(),
        )
    };
    let old = sums(&files(&lake).await);
    assert_eq!(old.0.len(), 3);
    assert_eq!(old.1, 1);
    let report = run(&lake, &options()).await;
    assert_eq!(report.days.len(), 1);
    assert_eq!((report.days[0].date, report.days[0].after.0), (None, 1));
    assert_eq!(sums(&files(&lake).await), old);
    assert_eq!(place.everything().await, before);
}

#[tokio::test]
async fn two_compactions_at_once_do_not_double_a_row() {
    let place = Place::new();
    parts(&place, 4, 60).await;
    let lake = place.lake().await;
    let before = place.everything().await;
    let other = place.lake().await;
    let (options, another) = (options(), options());
    let (one, two) = tokio::join!(
        compact(&lake, &options, Arc::new(())),
        compact(&other, &another, Arc::new(()))
    );
    let (one, two) = (one.unwrap(), two.unwrap());
    assert!(one.faults.is_empty() && two.faults.is_empty());
    // Whoever was second at a day has left it, or did not find it wanting in the first place.
    assert_eq!(one.days.len() + two.days.len(), 3, "{one:?} {two:?}");
    assert_eq!(files(&lake).await.len(), 3);
    assert_eq!(place.everything().await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ingests_and_compactions_at_once_lose_nothing_and_double_nothing() {
    let place = Place::new();
    parts(&place, 2, 60).await;
    let lake = place.lake().await;
    let compactor = tokio::spawn({
        let lake = lake.clone();
        async move {
            let mut days = 0;
            for _ in 0..6 {
                days += run(&lake, &options()).await.days.len();
            }
            days
        }
    });
    // Each part is ingested with all that were before, so that folding meets files that are being replaced.
    for part in 2..6 {
        place.put(
            &format!("{part}.json"),
            &records_of(part * 60..(part + 1) * 60),
        );
        place.ingest().await;
    }
    assert!(compactor.await.unwrap() >= 3);
    run(&lake, &options()).await;
    assert_eq!(files(&lake).await.len(), 3);
    let ids: Vec<String> = place.column("event_id").await;
    let mut expected: Vec<String> = (0..360).map(|id| format!("id-{id}")).collect();
    expected.sort();
    assert_eq!(ids, expected);
    assert_eq!(
        files(&lake)
            .await
            .iter()
            .map(|file| file.conflicts)
            .sum::<u64>(),
        0
    );
}

#[tokio::test]
async fn a_compaction_that_is_cut_off_leaves_the_table_as_it_was() {
    let place = Place::new();
    parts(&place, 3, 60).await;
    let lake = place.lake().await;
    let (before, old) = (place.everything().await, files(&lake).await);
    let snapshot = lake.snapshot().await.unwrap();
    assert_eq!(plan(&snapshot, options().target).len(), 3);
    // Dropped at its first wait on the log or on its threads, again and again.
    for polls in 1..6 {
        let lake = lake.clone();
        let task =
            tokio::spawn(async move { compact(&lake, &options(), Arc::new(Stop(polls))).await });
        // A panic in the progress stands for a kill: no clean-up beyond what unwinding does.
        let _ = task.await;
    }
    let now = files(&lake).await;
    let rows: u64 = now.iter().map(|file| file.rows).sum();
    assert_eq!(rows, 180);
    assert_eq!(place.everything().await, before);
    // Who still has the older snapshot still finds its files.
    for file in &old {
        assert_eq!(lake.data_file(file).unwrap().rows(), file.rows);
    }
}

/// Panics when it is told of so many row groups.
struct Stop(u64);

impl ingest::compact::Progress for Stop {
    fn rows(&self, _events: u64) {
        static MET: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        let met = MET.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        assert!(met % 5 >= self.0, "killed");
    }
}
