//! What a ledger of a million objects costs an ingest: `cargo test -p ingest --lib -- --ignored --nocapture million`.

use std::time::Instant;

use lake::Lake;
use lake::sources::{Entry, Outcome, Sources};
use uuid::Uuid;

use crate::key::Key;
use crate::ledger::Ledger;
use crate::source::{Object, Place};

/// Objects of a day, and days.
const OBJECTS: u128 = 2_740;
const DAYS: i32 = 365;

/// 2024-01-01, in days since 1970-01-01.
const FIRST: i32 = 19_723;

/// Objects of a day of twenty accounts in five regions, with names that tell no more than those of CloudTrail.
fn objects(day: i32) -> Vec<Object> {
    let object = |n: u128| {
        let (account, region) = (n % 20, n / 20 % 5);
        // Hexadecimal digits that repeat nowhere, and the same each time.
        let noise =
            (day as u128 * OBJECTS + n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        let (month, date) = ((day - FIRST) / 31 + 1, (day - FIRST) % 31 + 1);
        let name = format!(
            "s3://trail/AWSLogs/1234567890{account:02}/CloudTrail/eu-west-{region}/2024/{month:02}/{date:02}/\
             1234567890{account:02}_CloudTrail_eu-west-{region}_2024{month:02}{date:02}T{:02}{:02}Z_{:016x}.json.gz",
            n / 120,
            n % 60,
            noise as u64
        );
        Object {
            place: Place::File(name.clone().into()),
            name,
            size: 20_000 + (noise % 10_000) as u64,
            etag: Some(format!("{noise:032x}")),
            key: Key {
                day: Some(day),
                ..Key::default()
            },
        }
    };
    (0..OBJECTS).map(object).collect()
}

fn entry(object: &Object) -> Entry {
    Entry {
        source: object.name.clone(),
        size: object.size,
        etag: object.etag.clone(),
        delivered: object.key.day,
        outcome: Outcome::Read,
        records: 60,
        written: 60,
        folded: 0,
        rejected: 0,
    }
}

/// Resident memory in MB: now, and the most since the last call.
fn memory() -> (u64, u64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name));
        let number = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
        number.unwrap_or_default() / 1_000
    };
    // Where that is not allowed it is the most since the process began.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    (kilobytes("VmRSS"), kilobytes("VmHWM"))
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement"]
#[allow(clippy::print_stdout)]
async fn a_million_objects_against_the_ledger() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("a name");
    let lake = Lake::open_or_create(path).await.expect("a lake");
    let snapshot = lake.snapshot().await.expect("a snapshot");
    let mut sources = Sources::open(&lake, &snapshot).await.expect("a ledger");
    for day in FIRST..FIRST + DAYS {
        let rows: Vec<Entry> = objects(day).iter().map(entry).collect();
        let rows = sources.write(Uuid::new_v4(), &rows).await.expect("written");
        sources.append(&rows, None).await.expect("committed");
    }
    drop(sources);
    let files = std::fs::read_dir(folder.path().join("sources")).expect("the table");
    let bytes: u64 = files
        .map(|file| file.expect("a file").metadata().expect("its size").len())
        .sum();
    println!("{DAYS} files of the ledger, {bytes} B");

    let _ = memory();
    let began = Instant::now();
    let mut ledger = Ledger::open(&lake, &snapshot).await.expect("the ledger");
    println!("opened in {:?}, memory {:?}", began.elapsed(), memory());
    let day = FIRST + DAYS / 2;
    // What changed is told from what did not.
    let mut listed = objects(day);
    listed[7].size += 1;
    listed[9].etag = None;
    for (what, listed, changed) in [
        ("a day", listed, 2),
        ("all", (FIRST..FIRST + DAYS).flat_map(objects).collect(), 0),
    ] {
        let before = memory();
        let (count, began) = (listed.len(), Instant::now());
        let (new, known) = ledger.compare(listed).await.expect("compared");
        let elapsed = began.elapsed();
        println!(
            "{what}, {count} objects: compared in {elapsed:?}, memory {before:?} before and {:?} after",
            memory()
        );
        assert_eq!((new.len(), known.len()), (changed, count - changed));
    }
}
