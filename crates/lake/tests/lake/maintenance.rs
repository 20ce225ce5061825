//! Files in the place of others, and what is left of them: replacing, declaring columns, vacuuming.

use std::time::{Duration, SystemTime};

use lake::{CommitError, DeclareError, Error, File, Kind, Lake, NewFile, VacuumOptions, Vacuumed};
use serde_json::Map;
use uuid::Uuid;

use crate::events::{day_file, ids};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn new_lake() -> (tempfile::TempDir, Lake) {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open_or_create(folder.path().to_str().unwrap())
        .await
        .unwrap();
    (folder, lake)
}

async fn add(lake: &Lake, file: NewFile) -> File {
    let base = lake.snapshot().await.unwrap();
    let added = file.file().clone();
    lake.commit(&base, Uuid::new_v4(), vec![file], Map::new())
        .await
        .unwrap();
    added
}

async fn replace(
    lake: &Lake,
    base: &lake::Snapshot,
    old: &[File],
    new: NewFile,
) -> Result<u64, CommitError> {
    lake.replace(base, Uuid::new_v4(), old, vec![new], 1 << 20, Map::new())
        .await
        .map(|committed| committed.version)
}

fn exists(lake: &Lake, file: &File) -> bool {
    lake.folder().join(&file.path).is_file()
}

async fn vacuum(lake: &Lake, keep: Duration, dry_run: bool) -> Vacuumed {
    let options = VacuumOptions {
        keep,
        force: true,
        dry_run,
    };
    lake.vacuum(&options).await.unwrap().remove(0)
}

#[tokio::test]
async fn files_are_replaced_once() {
    let (_folder, lake) = new_lake().await;
    let old = [
        add(&lake, day_file(&lake, &["a"])).await,
        add(&lake, day_file(&lake, &["b"])).await,
    ];
    let base = lake.snapshot().await.unwrap();
    assert_eq!(
        replace(&lake, &base, &old, day_file(&lake, &["a", "b"]))
            .await
            .unwrap(),
        3
    );
    assert_eq!(ids(&lake).await, ["a", "b"]);
    // Another compaction, begun at the same time: first it is late, then its files are gone.
    let again = replace(&lake, &base, &old, day_file(&lake, &["a", "b"])).await;
    let Err(CommitError::Stale { snapshot }) = again else {
        panic!("{again:?}");
    };
    let gone = replace(&lake, &snapshot, &old, day_file(&lake, &["a", "b"])).await;
    assert!(
        matches!(gone, Err(CommitError::Gone { path }) if path == old[0].path || path == old[1].path)
    );
    assert_eq!(ids(&lake).await, ["a", "b"]);
    // Older readers still find what they know of.
    assert!(old.iter().all(|file| exists(&lake, file)));
}

#[tokio::test]
async fn an_ingest_that_comes_first_is_kept_by_the_compaction_after_it() {
    let (_folder, lake) = new_lake().await;
    let old = [add(&lake, day_file(&lake, &["a"])).await];
    let base = lake.snapshot().await.unwrap();
    add(&lake, day_file(&lake, &["late"])).await;
    let new = day_file(&lake, &["a"]);
    let Err(CommitError::Stale { snapshot }) = replace(&lake, &base, &old, new.clone()).await
    else {
        panic!("the ingest was not seen");
    };
    replace(&lake, &snapshot, &old, new).await.unwrap();
    assert_eq!(ids(&lake).await, ["a", "late"]);
}

#[tokio::test]
async fn a_vacuum_takes_what_is_old_and_not_needed_and_nothing_else() {
    let (folder, lake) = new_lake().await;
    let replaced = add(&lake, day_file(&lake, &["a"])).await;
    let live = add(&lake, day_file(&lake, &["b"])).await;
    let base = lake.snapshot().await.unwrap();
    replace(
        &lake,
        &base,
        std::slice::from_ref(&replaced),
        day_file(&lake, &["a"]),
    )
    .await
    .unwrap();
    // Written and never committed: one by a killed ingest eight days ago, one just now; one half written.
    let (orphan, young) = (day_file(&lake, &["x"]), day_file(&lake, &["y"]));
    let half = lake
        .folder()
        .join("event_date=2024-01-02/.half.parquet.tmp");
    std::fs::write(&half, b"PAR1 and then the power went").unwrap();
    let age = |path: &std::path::Path| {
        let file = std::fs::File::options().write(true).open(path).unwrap();
        file.set_modified(SystemTime::now() - 8 * DAY).unwrap();
    };
    for file in [orphan.file(), &live, &replaced] {
        age(&lake.folder().join(&file.path));
    }
    age(&half);
    // What is nothing of the table's stays, however old.
    let note = lake.folder().join("notes.txt");
    let lookup = folder.path().join("lookups/accounts.csv");
    std::fs::create_dir_all(lookup.parent().unwrap()).unwrap();
    for path in [&note, &lookup] {
        std::fs::write(path, b"mine").unwrap();
        age(path);
    }

    let mut expected = vec![
        orphan.file().path.clone(),
        "event_date=2024-01-02/.half.parquet.tmp".to_owned(),
    ];
    expected.sort();
    let paths = |vacuumed: &Vacuumed| -> Vec<String> {
        vacuumed
            .removed
            .iter()
            .map(|leftover| leftover.path.clone())
            .collect()
    };
    let dry = vacuum(&lake, 7 * DAY, true).await;
    assert_eq!(paths(&dry), expected);
    assert_eq!(
        (dry.checkpoint, dry.kept.0, &dry.strangers[..]),
        (None, 2, &["notes.txt".to_owned()][..])
    );
    assert!(exists(&lake, orphan.file()) && half.is_file());

    let done = vacuum(&lake, 7 * DAY, false).await;
    assert_eq!(
        (paths(&done), done.checkpoint, done.log_entries),
        (expected, Some(3), 0)
    );
    assert!(!exists(&lake, orphan.file()) && !half.exists());
    // Replaced a moment ago, written a moment ago: both are kept, whatever their age says of the first.
    for file in [&replaced, young.file(), &live] {
        assert!(exists(&lake, file));
    }
    assert!(note.is_file() && lookup.is_file());

    // Longer than the log's own memory of removed files, which is a week.
    assert_eq!(vacuum(&lake, 60 * DAY, false).await.removed, []);
    tokio::time::sleep(Duration::from_millis(20)).await;
    let rest = vacuum(&lake, Duration::ZERO, false).await;
    let kinds: Vec<(bool, bool)> = rest
        .removed
        .iter()
        .map(|leftover| (leftover.path == replaced.path, leftover.replaced))
        .collect();
    assert_eq!(kinds.len(), 2);
    assert!(kinds.iter().all(|(is, replaced)| is == replaced));
    assert!(!exists(&lake, &replaced) && !exists(&lake, young.file()));
    assert_eq!(ids(&lake).await, ["a", "b"]);
    // From the checkpoint alone.
    let lake = Lake::open(folder.path().to_str().unwrap()).await.unwrap();
    assert_eq!(ids(&lake).await, ["a", "b"]);
}

#[tokio::test]
async fn a_short_time_needs_consent() {
    let (_folder, lake) = new_lake().await;
    let options = VacuumOptions {
        keep: DAY - Duration::from_secs(1),
        force: false,
        dry_run: true,
    };
    assert!(matches!(lake.vacuum(&options).await, Err(Error::Keep)));
    let options = VacuumOptions {
        keep: DAY,
        ..options
    };
    assert_eq!(lake.vacuum(&options).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_declared_column_is_in_the_table_for_everybody() {
    let (folder, lake) = new_lake().await;
    add(&lake, day_file(&lake, &["a"])).await;
    let path = ["requestParameters".to_owned(), "maxKeys".to_owned()];
    let stale = lake.snapshot().await.unwrap();
    let column = lake.declare(&path, Kind::Long).await.unwrap();
    assert_eq!(
        (column.name.as_str(), column.since),
        ("request_parameters_max_keys", 2)
    );
    let again = lake.declare(&path, Kind::Text).await;
    assert!(matches!(again, Err(DeclareError::Known(name)) if name == column.name));

    let lake = Lake::open(folder.path().to_str().unwrap()).await.unwrap();
    let snapshot = lake.snapshot().await.unwrap();
    assert_eq!(
        (snapshot.layout.number, snapshot.layout.own()),
        (2, &[column][..])
    );
    assert_eq!(snapshot.files[0].layout, 1);
    // Who began before sees that the table has changed, and may go on with files of the older layout.
    let file = day_file(&lake, &["b"]);
    let late = lake
        .commit(&stale, Uuid::new_v4(), vec![file.clone()], Map::new())
        .await;
    let Err(CommitError::Stale { snapshot }) = late else {
        panic!("{late:?}");
    };
    let committed = lake
        .commit(&snapshot, Uuid::new_v4(), vec![file], Map::new())
        .await
        .unwrap();
    assert!(committed.snapshot.files.iter().all(|file| file.layout == 1));
    assert_eq!(committed.snapshot.layout.number, 2);
    // A checkpoint keeps it.
    vacuum(&lake, 7 * DAY, false).await;
    let lake = Lake::open_or_create(folder.path().to_str().unwrap())
        .await
        .unwrap();
    assert_eq!(lake.snapshot().await.unwrap().layout.own().len(), 1);
}

#[tokio::test]
async fn the_ledger_is_vacuumed_too_but_for_what_the_events_log_names() {
    let (folder, lake) = new_lake().await;
    let named = "0b1c-2d.parquet";
    let base = lake.snapshot().await.unwrap();
    let info = Map::from_iter([("sources".to_owned(), serde_json::json!({"path": named}))]);
    let file = day_file(&lake, &["a"]);
    lake.commit(&base, Uuid::new_v4(), vec![file], info)
        .await
        .unwrap();

    // Any Delta table will do for a ledger here: another lake's, under another name.
    let (other, ledger) = new_lake().await;
    let live = add(&ledger, day_file(&ledger, &["b"])).await;
    let sources = folder.path().join("sources");
    std::fs::rename(other.path().join("cloudtrail"), &sources).unwrap();
    for name in [named, "3e4f-5a.parquet", &live.path] {
        let path = sources.join(name);
        if name != live.path {
            std::fs::write(&path, b"rows").unwrap();
        }
        let file = std::fs::File::options().write(true).open(path).unwrap();
        file.set_modified(SystemTime::now() - 8 * DAY).unwrap();
    }
    let options = VacuumOptions {
        keep: 7 * DAY,
        force: false,
        dry_run: false,
    };
    let done = lake.vacuum(&options).await.unwrap();
    let removed: Vec<(&str, Vec<&str>)> = done
        .iter()
        .map(|table| {
            let paths = table.removed.iter().map(|leftover| leftover.path.as_str());
            (table.table, paths.collect())
        })
        .collect();
    assert_eq!(
        removed,
        [("cloudtrail", vec![]), ("sources", vec!["3e4f-5a.parquet"])]
    );
    assert_eq!((done[1].kept.0, done[1].checkpoint), (1, Some(1)));
    assert!(sources.join(named).is_file() && sources.join(&live.path).is_file());
}

#[tokio::test]
async fn entries_of_the_log_go_once_a_checkpoint_holds_what_they_say_and_they_are_a_month_old() {
    let (folder, lake) = new_lake().await;
    for id in ["a", "b", "c"] {
        add(&lake, day_file(&lake, &[id])).await;
    }
    let entries = || -> Vec<std::path::PathBuf> {
        let log = std::fs::read_dir(lake.folder().join("_delta_log")).unwrap();
        let paths = log.map(|entry| entry.unwrap().path());
        paths
            .filter(|path| path.extension().is_some_and(|is| is == "json"))
            .collect()
    };
    let age = |days: u32| {
        for path in entries() {
            let file = std::fs::File::options().write(true).open(path).unwrap();
            file.set_modified(SystemTime::now() - days * DAY).unwrap();
        }
    };
    age(29);
    assert_eq!(vacuum(&lake, 7 * DAY, false).await.log_entries, 0);
    age(31);
    assert_eq!(vacuum(&lake, 40 * DAY, false).await.log_entries, 0);
    assert_eq!(vacuum(&lake, 7 * DAY, true).await.log_entries, 0);
    assert_eq!(entries().len(), 4);
    add(&lake, day_file(&lake, &["d"])).await;
    // The checkpoint is of version 3, which the entries before it led to.
    assert!(vacuum(&lake, 7 * DAY, false).await.log_entries >= 3);
    assert!(entries().len() <= 2);
    let lake = Lake::open_or_create(folder.path().to_str().unwrap())
        .await
        .unwrap();
    assert_eq!(ids(&lake).await, ["a", "b", "c", "d"]);
    add(&lake, day_file(&lake, &["e"])).await;
    assert_eq!(ids(&lake).await, ["a", "b", "c", "d", "e"]);
}
