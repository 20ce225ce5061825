//! Lakes before and after a compaction: the same rows in fewer files, whoever else is at work.

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;

use common::{Place, records_of};
use ingest::compact::{Options, Report, compact, plan};
use lake::{File, Kind, Lake, Packing};
use proptest::prelude::*;

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
        packing: Packing::Quick,
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
async fn files_are_packed_densely_once() {
    let place = Place::new();
    parts(&place, 3, 60).await;
    let lake = place.lake().await;
    run(&lake, &options()).await;
    let (before, quick) = (place.everything().await, files(&lake).await);
    assert!(quick.len() == 3 && !quick.iter().any(|file| file.dense));

    // Every day is well formed; for dense packing each is written anew.
    let dense = Options {
        packing: Packing::Dense,
        ..options()
    };
    let days = run(&lake, &dense).await.days;
    let figures = |day: &ingest::compact::DayReport| (day.before.0, day.after.0, day.rows);
    assert_eq!(
        days.iter().map(figures).collect::<Vec<_>>(),
        [(1, 1, 60); 3]
    );
    assert_eq!(place.everything().await, before);
    let packed = files(&lake).await;
    assert!(packed.iter().all(|file| file.dense));

    // That was it, whoever asks.
    let version = lake.snapshot().await.unwrap().version;
    for again in [&dense, &options()] {
        assert_eq!(run(&lake, again).await.days, []);
    }
    assert_eq!(lake.snapshot().await.unwrap().version, version);

    // A late event is of a file that is not: its day is written again, the others are not.
    place.put("late.json", &records_of(1_000..1_001));
    place.ingest().await;
    let days = run(&lake, &dense).await.days;
    assert_eq!(days.iter().map(figures).collect::<Vec<_>>(), [(2, 1, 61)]);
    assert!(files(&lake).await.iter().all(|file| file.dense));
    assert_eq!(place.everything().await.len(), 181);
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
    assert_eq!(plan(&snapshot, options().target, Packing::Quick).len(), 3);
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

#[tokio::test]
async fn a_declared_column_is_filled_by_ingests_and_compactions_alike() {
    let old = Place::new();
    parts(&old, 2, 60).await;
    let lake = old.lake().await;
    let before = old.everything().await;
    let path = |text: &str| lake::parse_path(text).unwrap();
    lake.declare(&path("requestParameters.maxKeys"), Kind::Long)
        .await
        .unwrap();
    lake.declare(&path("requestParameters.odd"), Kind::Text)
        .await
        .unwrap();
    old.put(
        "odd.json",
        &common::log(&[
            record_with(500, r#""maxKeys":"7","odd":3"#),
            record_with(501, r#""maxKeys":-1,"odd":"\u00e9""#),
        ]),
    );
    old.ingest().await;
    let layouts = |files: &[File]| -> Vec<u32> {
        let mut layouts: Vec<u32> = files.iter().map(|file| file.layout).collect();
        layouts.sort_unstable();
        layouts
    };
    assert_eq!(layouts(&files(&lake).await), [1, 1, 1, 1, 1, 1, 3]);

    let report = run(&lake, &options()).await;
    assert_eq!(report.days.len(), 3);
    assert_eq!(layouts(&files(&lake).await), [3, 3, 3]);
    // The same as if the columns had been there from the beginning.
    let fresh = Place::new();
    for part in 0..2 {
        fresh.put(
            &format!("{part}.json"),
            &records_of(part * 60..(part + 1) * 60),
        );
    }
    fresh.put(
        "odd.json",
        &common::log(&[
            record_with(500, r#""maxKeys":"7","odd":3"#),
            record_with(501, r#""maxKeys":-1,"odd":"\u00e9""#),
        ]),
    );
    let lake = fresh.lake().await;
    lake.declare(&path("requestParameters.maxKeys"), Kind::Long)
        .await
        .unwrap();
    lake.declare(&path("requestParameters.odd"), Kind::Text)
        .await
        .unwrap();
    fresh.ingest().await;
    let strip = |rows: Vec<String>, folder: &Place| -> Vec<String> {
        rows.iter()
            .map(|row| row.replace(&folder.name(), ""))
            .collect()
    };
    let after = strip(old.everything().await, &old);
    assert_eq!(after, strip(fresh.everything().await, &fresh));
    // And as the rule has it.
    let longs = |column: Vec<String>| column.iter().filter(|value| *value != "NULL").count();
    assert_eq!(longs(old.column("request_parameters_max_keys").await), 121);
    assert_eq!(longs(old.column("request_parameters_odd").await), 1);
    let mistyped: Vec<String> = old.column("mistyped").await;
    let named = mistyped.iter().find(|names| *names != "NULL").unwrap();
    assert_eq!(named, "request_parameters_max_keys,request_parameters_odd");
    // What was there before the columns is there still.
    let old_columns = |row: &String| {
        let lines = row.lines().filter(|line| {
            !line.starts_with("request_parameters_max_keys=")
                && !line.starts_with("request_parameters_odd=")
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    let rows: Vec<String> = old.everything().await.iter().map(old_columns).collect();
    assert!(before.iter().all(|row| rows.contains(row)));
}

#[tokio::test]
async fn a_file_of_another_engine_is_flattened_anew_from_its_records() {
    let place = Place::new();
    parts(&place, 1, 60).await;
    let lake = place.lake().await;
    let before = place.everything().await;
    // As if another engine had rewritten the files: the same entries without our tags.
    for path in place.commits() {
        let text = std::fs::read_to_string(&path).unwrap();
        let lines = text.lines().map(|line| {
            let mut action: serde_json::Value = serde_json::from_str(line).unwrap();
            if let Some(add) = action.get_mut("add") {
                add["tags"] = serde_json::json!({});
            }
            action.to_string()
        });
        std::fs::write(&path, lines.collect::<Vec<_>>().join("\n")).unwrap();
    }
    assert!(files(&lake).await.iter().all(|file| file.layout == 0));
    // Large enough each, but of no layout.
    let report = run(
        &lake,
        &Options {
            target: 1,
            ..options()
        },
    )
    .await;
    assert_eq!(report.days.len(), 3);
    assert!(files(&lake).await.iter().all(|file| file.layout == 1));
    assert_eq!(place.everything().await, before);
}

/// Members of a record that are missing, of their type, of another, or none that a day is known for.
fn members() -> impl Strategy<Value = String> {
    let time = prop::sample::select(vec![
        "\"2024-01-01T00:00:00Z\"",
        "\"2024-01-01T00:00:00.5Z\"",
        "\"2024-01-01T23:59:59Z\"",
        "\"2024-01-02T12:00:00+00:00\"",
        "\"then\"",
        "7",
    ]);
    let value = || {
        prop::sample::select(vec![
            "\"a\"",
            "\"b\\u0000\"",
            "\"\"",
            "null",
            "3",
            "{\"c\":[1]}",
        ])
    };
    (time, value(), value(), value(), value()).prop_map(|(time, source, name, keys, odd)| {
        format!(
            r#""eventTime":{time},"eventSource":{source},"eventName":{name},"requestParameters":{{"maxKeys":{keys},"odd":{odd}}}"#
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_events_a_compaction_keeps_them(
        parts in prop::collection::vec(prop::collection::vec(members(), 1..12), 2..4),
        declared in 0..4_usize,
        rows in 1..9_usize,
        files in 1..3_u64,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (place, fresh) = (Place::new(), Place::new());
            let columns = ["requestParameters.maxKeys", "requestParameters.odd"];
            let declare = |lake: Lake| async move {
                for (path, kind) in columns.into_iter().zip([Kind::Long, Kind::Json]) {
                    lake.declare(&lake::parse_path(path).unwrap(), kind).await.unwrap();
                }
            };
            declare(fresh.lake().await).await;
            let mut id = 0;
            for (part, events) in parts.iter().enumerate() {
                if part == declared {
                    declare(place.lake().await).await;
                }
                let records: Vec<String> = events.iter().map(|members| {
                    id += 1;
                    format!(r#"{{"eventVersion":"1.08","eventID":"{id}",{members}}}"#)
                }).collect();
                for lake in [&place, &fresh] {
                    lake.put(&format!("{part}.json"), &common::log(&records));
                    lake.ingest().await;
                }
            }
            if declared >= parts.len() {
                declare(place.lake().await).await;
            }
            let options = Options { row_group_rows: rows, target: (1 << 20) / files, ..options() };
            run(&place.lake().await, &options).await;
            let named = |place: &Place, rows: Vec<String>| -> Vec<String> {
                rows.iter().map(|row| row.replace(&place.name(), "")).collect()
            };
            // As an ingest that knew of the columns wrote them.
            assert_eq!(named(&place, place.everything().await), named(&fresh, fresh.everything().await));
            let snapshot = place.lake().await.snapshot().await.unwrap();
            assert!(snapshot.files.iter().all(|file| file.layout == 3));
            assert!(plan(&snapshot, options.target, options.packing).is_empty());
        });
    }
}

/// A record with more parameters.
fn record_with(id: u32, parameters: &str) -> String {
    let record = common::record_at(id, "2024-01-01T10:00:00Z");
    let (head, _) = record.split_once("\"maxKeys\"").expect("a parameter");
    format!("{head}{parameters}}}}}")
}

/// Compactions, declarations and a vacuum add versions of the events' table, and take entries of its log, that the ledger
/// knows nothing of: what it knows it knows still.
#[tokio::test]
async fn known_objects_stay_known_whatever_maintenance_does() {
    let place = Place::new();
    for part in 0..3 {
        let ids = part * 20..(part + 1) * 20;
        place.put_long_ago(&format!("{part}.json"), &records_of(ids));
        let report = place.ingest_with(false).await;
        let objects = report.objects;
        assert_eq!((objects.read, objects.known), (1, u64::from(part)));
    }
    let lake = place.lake().await;
    let version = async || lake.snapshot().await.expect("a snapshot").version;
    let unchanged = async |known: u64| {
        let before = version().await;
        let report = place.ingest_with(false).await;
        assert_eq!((report.objects.read, report.objects.known), (0, known));
        assert_eq!(version().await, before);
    };
    assert_eq!(run(&lake, &options()).await.days.len(), 3);
    unchanged(3).await;
    let path = lake::parse_path("requestParameters.maxKeys").unwrap();
    lake.declare(&path, Kind::Long).await.unwrap();
    unchanged(3).await;
    assert_eq!(run(&lake, &options()).await.days.len(), 3);

    for table in ["cloudtrail", "sources"] {
        place.age(&format!("lake/{table}/_delta_log"), 40);
    }
    let vacuum = lake::VacuumOptions {
        keep: std::time::Duration::ZERO,
        force: true,
        dry_run: false,
    };
    let vacuumed = lake.vacuum(&vacuum).await.expect("vacuumed");
    let entries: Vec<u64> = vacuumed.iter().map(|table| table.log_entries).collect();
    assert!(entries.iter().all(|entries| *entries > 0), "{entries:?}");
    unchanged(3).await;

    place.put_long_ago("3.json", &records_of(50..70));
    let report = place.ingest_with(false).await;
    assert_eq!((report.objects.read, report.objects.known), (1, 3));
    assert_eq!((report.records.written, report.records.folded), (10, 10));
    unchanged(4).await;
    assert_eq!(place.everything().await.len(), 70);
}
