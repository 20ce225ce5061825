//! The ledger of ingested objects: rows that were committed are there, those that a crash kept out are repaired.

use std::collections::BTreeSet;
use std::time::Instant;

use lake::Lake;
use lake::sources::{Entry, Known, Outcome, Sources, Span, Visitor};
use serde_json::Map;
use uuid::Uuid;

use crate::events::day_file;

#[derive(Default)]
struct Seen(BTreeSet<String>);

impl Visitor for Seen {
    fn visit(&mut self, known: Known<'_>) {
        self.0
            .insert(format!("{} {} {}", known.source, known.size, known.etag));
    }
}

/// Counts, as holding them all would be what is measured.
#[derive(Default)]
struct Count(u64);

impl Visitor for Count {
    fn visit(&mut self, known: Known<'_>) {
        self.0 += u64::from(!known.source.is_empty());
    }
}

fn entry(source: &str, delivered: Option<i32>) -> Entry {
    Entry {
        source: source.to_owned(),
        size: 7,
        etag: Some("e".to_owned()),
        delivered,
        outcome: Outcome::Read,
        records: 3,
        written: 1,
        folded: 1,
        rejected: 1,
    }
}

fn everything() -> Span {
    Span {
        sources: None,
        days: Some((0, 99_999)),
        undated: true,
    }
}

async fn seen(sources: &Sources) -> Vec<String> {
    let seen = sources.read(&everything(), Seen::default()).await.unwrap();
    seen.0.into_iter().collect()
}

async fn open(lake: &Lake) -> Sources {
    Sources::open(lake, &lake.snapshot().await.unwrap())
        .await
        .unwrap()
}

async fn new_lake() -> (tempfile::TempDir, Lake) {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open_or_create(folder.path().to_str().unwrap())
        .await
        .unwrap();
    (folder, lake)
}

/// Commits events that name rows of the ledger, and no more, as a process does that ends then.
async fn half(lake: &Lake, sources: &Sources, name: &str) {
    let batch = Uuid::new_v4();
    let rows = sources.write(batch, &[entry(name, None)]).await.unwrap();
    let mut info = Map::new();
    rows.name_in(&mut info);
    let base = lake.snapshot().await.unwrap();
    lake.commit(&base, batch, vec![day_file(lake, &[name])], info)
        .await
        .unwrap();
}

#[tokio::test]
async fn rows_whose_events_were_committed_are_repaired_and_others_are_not() {
    let (_folder, lake) = new_lake().await;
    let mut sources = open(&lake).await;
    // No commit names these.
    sources
        .write(Uuid::new_v4(), &[entry("orphan", None)])
        .await
        .unwrap();
    half(&lake, &sources, "a").await;
    half(&lake, &sources, "b").await;
    assert_eq!(seen(&sources).await, [""; 0]);
    // Meanwhile another batch brings repeats alone, from a process that knows nothing of it.
    let whole = sources
        .write(Uuid::new_v4(), &[entry("c", Some(1))])
        .await
        .unwrap();
    sources.append(&whole, None).await.unwrap();

    let again = open(&lake).await;
    assert_eq!(seen(&again).await, ["a 7 e", "b 7 e", "c 7 e"]);
    let version = again.version();
    assert_eq!(open(&lake).await.version(), version, "repaired once");
    // Whoever was repaired by another commits its rows after all.
    sources.append(&whole, None).await.unwrap();
    assert_eq!(seen(&open(&lake).await).await, ["a 7 e", "b 7 e", "c 7 e"]);
}

#[tokio::test]
async fn two_that_repair_at_once_add_rows_once() {
    let (_folder, lake) = new_lake().await;
    let sources = open(&lake).await;
    for name in ["a", "b", "c"] {
        half(&lake, &sources, name).await;
    }
    let (one, two) = tokio::join!(open(&lake), open(&lake));
    assert_eq!(seen(&one).await, ["a 7 e", "b 7 e", "c 7 e"]);
    assert_eq!(seen(&two).await, seen(&one).await);
}

#[tokio::test]
async fn rows_without_an_etag_tell_nothing() {
    let (_folder, lake) = new_lake().await;
    let mut sources = open(&lake).await;
    let unsettled = Entry {
        etag: None,
        ..entry("a", None)
    };
    let rows = sources.write(Uuid::new_v4(), &[unsettled]).await.unwrap();
    sources.append(&rows, None).await.unwrap();
    assert_eq!(seen(&sources).await, [""; 0]);
}

/// What a ledger of a million objects costs: `cargo test -p lake -- --ignored --nocapture million`.
#[tokio::test]
#[ignore = "a measurement"]
#[allow(clippy::print_stdout)]
async fn a_million_objects() {
    let (folder, lake) = new_lake().await;
    let mut sources = open(&lake).await;
    for batch in 0..100 {
        let rows: Vec<Entry> = (0..10_000)
            .map(|n| {
                let (account, region) = (n % 20, n / 20 % 5);
                let day = 19_724 + batch * 3;
                let name = format!(
                    "s3://trail/AWSLogs/1234567890{account:02}/CloudTrail/eu-west-{region}/2024/{batch:02}/\
                     1234567890{account:02}_CloudTrail_eu-west-{region}_{day}T{n:04}Z_{:016x}.json.gz",
                    Uuid::new_v4().as_u128() as u64
                );
                let etag = format!("{:032x}", Uuid::new_v4().as_u128());
                Entry {
                    etag: Some(etag),
                    size: 20_000 + (n * 7_919 % 10_000) as u64,
                    ..entry(&name, Some(day))
                }
            })
            .collect();
        let rows = sources.write(Uuid::new_v4(), &rows).await.unwrap();
        sources.append(&rows, None).await.unwrap();
    }
    let mut bytes = 0;
    for file in std::fs::read_dir(folder.path().join("sources")).unwrap() {
        bytes += file.unwrap().metadata().unwrap().len();
    }
    let began = Instant::now();
    let sources = open(&lake).await;
    let opened = began.elapsed();
    let began = Instant::now();
    let count = sources.read(&everything(), Count::default()).await.unwrap();
    let all = began.elapsed();
    let began = Instant::now();
    let span = Span {
        days: Some((19_724 + 150, 19_724 + 150)),
        ..everything()
    };
    let span = Span {
        undated: false,
        ..span
    };
    let day = sources.read(&span, Count::default()).await.unwrap();
    println!(
        "{bytes} B; opened in {opened:?}; {} rows in {all:?}; {} rows of a day in {:?}",
        count.0,
        day.0,
        began.elapsed()
    );
    assert_eq!((count.0, day.0), (1_000_000, 10_000));
}
