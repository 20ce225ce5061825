//! Opening and making: every place that is no lake is told apart, and nobody's files are touched.

use std::path::Path;

use deltalake_core::kernel::{DataType, PrimitiveType, StructField};
use deltalake_core::operations::create::CreateBuilder;
use lake::{CommitError, Error, FileWriter, Lake, Oddity};
use uuid::Uuid;

use crate::events::{day_file, ids};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[tokio::test]
async fn a_missing_lake_is_missing_and_the_message_says_how_to_make_one() {
    let folder = tempfile::tempdir().unwrap();
    let location = folder.path().join("nowhere");
    for location in [text(&location), text(folder.path())] {
        let error = Lake::open(location).await.unwrap_err();
        assert!(matches!(error, Error::Missing { .. }), "{error:?}");
        let said = error.to_string();
        assert!(
            said.contains(&format!("trailsift ingest SOURCE --lake {location}")),
            "{said}"
        );
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn object_stores_but_s3_are_not_supported() {
    for result in [
        Lake::open("gs://bucket/lake").await,
        Lake::open_or_create("gs://bucket/lake").await,
    ] {
        let error = result.unwrap_err();
        assert!(
            matches!(error, Error::UnsupportedLocation { .. }),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_folder_of_somebody_else_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("thesis.txt"), "mine").unwrap();
    for result in [
        Lake::open(text(folder.path())).await,
        Lake::open_or_create(text(folder.path())).await,
    ] {
        let error = result.unwrap_err();
        let Error::Foreign { found, .. } = &error else {
            panic!("{error:?}")
        };
        assert_eq!(*found, Oddity::Entry("thesis.txt".to_owned()));
    }
    let file = folder.path().join("thesis.txt");
    for location in [file.clone(), file.join("lake")] {
        let error = Lake::open_or_create(text(&location)).await.unwrap_err();
        assert!(
            matches!(
                &error,
                Error::Foreign {
                    found: Oddity::File,
                    ..
                }
            ),
            "{error:?}"
        );
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);

    let other = tempfile::tempdir().unwrap();
    let records = other.path().join("cloudtrail/records");
    std::fs::create_dir_all(&records).unwrap();
    let error = Lake::open_or_create(text(other.path())).await.unwrap_err();
    let Error::Foreign { found, .. } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(*found, Oddity::Entry("records".to_owned()));
}

#[tokio::test]
async fn another_table_by_the_same_name_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("cloudtrail");
    std::fs::create_dir(&table).unwrap();
    let field = StructField::nullable("id", DataType::Primitive(PrimitiveType::String));
    let create = CreateBuilder::new()
        .with_location(text(&table))
        .with_columns([field]);
    create.await.unwrap();
    let error = Lake::open(text(folder.path())).await.unwrap_err();
    assert!(
        matches!(
            &error,
            Error::Foreign {
                found: Oddity::Partitions,
                ..
            }
        ),
        "{error:?}"
    );
}

/// Adds a commit to the log by hand.
fn append(lake: &Lake, version: u64, action: &str) {
    let path = lake.folder().join(format!("_delta_log/{version:020}.json"));
    std::fs::write(path, action).unwrap();
}

#[tokio::test]
async fn a_table_upgraded_for_its_writers_is_read_only() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open_or_create(text(folder.path())).await.unwrap();
    append(
        &lake,
        1,
        r#"{"protocol":{"minReaderVersion":1,"minWriterVersion":4}}"#,
    );

    let lake = Lake::open(text(folder.path())).await.unwrap();
    let base = lake.snapshot().await.unwrap();
    assert_eq!(base.version, 1);
    let upgraded = |error: &Error| {
        matches!(
            error,
            Error::Upgraded {
                reader: 1,
                writer: 4,
                ..
            }
        )
    };
    let error = Lake::open_or_create(text(folder.path())).await.unwrap_err();
    assert!(upgraded(&error), "{error:?}");
    // Nor does a writer that had it open before.
    let new = day_file(&lake, &["a"]);
    let error = lake
        .commit(&base, Uuid::new_v4(), vec![new], Default::default())
        .await
        .unwrap_err();
    assert!(
        matches!(&error, CommitError::Failed(error) if upgraded(error)),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_table_upgraded_for_its_readers_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open_or_create(text(folder.path())).await.unwrap();
    let protocol = r#"{"protocol":{"minReaderVersion":3,"minWriterVersion":7,
        "readerFeatures":["deletionVectors"],"writerFeatures":["deletionVectors"]}}"#;
    append(&lake, 1, &protocol.replace('\n', ""));
    let error = Lake::open(text(folder.path())).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Upgraded {
                reader: 3,
                writer: 7,
                ..
            }
        ),
        "{error:?}"
    );
    assert!(error.to_string().contains("trailsift ingest"), "{error}");
}

#[tokio::test]
async fn a_broken_log_is_an_error_of_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open_or_create(text(folder.path())).await.unwrap();
    append(&lake, 1, "{\"add\":");
    let result = Lake::open(text(folder.path())).await;
    let result = match result {
        Ok(lake) => lake.snapshot().await.map(|_| ()),
        Err(error) => Err(error),
    };
    let error = result.unwrap_err();
    assert!(matches!(error, Error::Log { .. }), "{error:?}");
}

#[tokio::test]
async fn names_that_urls_escape_are_names() {
    let folder = tempfile::tempdir().unwrap();
    let location = folder.path().join("my lake #1 50% ä?*~[b]");
    let lake = Lake::open_or_create(text(&location)).await.unwrap();
    let base = lake.snapshot().await.unwrap();
    let new = day_file(&lake, &["a"]);
    let path = lake.object_path(new.file());
    lake.commit(&base, Uuid::new_v4(), vec![new.clone()], Default::default())
        .await
        .unwrap();

    assert!(location.join("cloudtrail").join(&new.file().path).is_file());
    let lake = Lake::open(text(&location)).await.unwrap();
    assert_eq!(ids(&lake).await, ["a"]);
    let meta = object_store::ObjectStoreExt::head(&lake.store(), &path)
        .await
        .unwrap();
    assert_eq!(meta.size, new.file().size);
    assert!(path.prefix_matches(lake.table_prefix()));
}

#[tokio::test]
async fn a_name_that_would_be_read_as_another_is_refused_before_anything_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let error = Lake::open_or_create(text(&folder.path().join("50%20off")))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Unnameable { .. }), "{error:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_may_make_the_same_lake_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let location = folder.path().join("a/b/lake");
    let makers: Vec<_> = (0..8)
        .map(|_| {
            let location = text(&location).to_owned();
            tokio::spawn(async move { Lake::open_or_create(&location).await.map(|_| ()) })
        })
        .collect();
    for maker in makers {
        maker.await.unwrap().unwrap();
    }
    let lake = Lake::open(text(&location)).await.unwrap();
    assert_eq!(lake.snapshot().await.unwrap().version, 0);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn walk(path: &Path, visit: &mut dyn FnMut(&Path, u32)) {
        let mode = std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        visit(path, mode);
        if path.is_dir() {
            for entry in std::fs::read_dir(path).unwrap() {
                walk(&entry.unwrap().path(), visit);
            }
        }
    }

    #[tokio::test]
    async fn what_is_made_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let location = folder.path().join("above/lake");
        let lake = Lake::open_or_create(text(&location)).await.unwrap();
        let mut base = lake.snapshot().await.unwrap();
        for n in 0..20 {
            let new = day_file(&lake, &[&n.to_string()]);
            let committed = lake
                .commit(&base, Uuid::new_v4(), vec![new], Default::default())
                .await;
            base = committed.unwrap().snapshot;
        }
        let mut checkpoints = 0;
        walk(&folder.path().join("above"), &mut |path, mode| {
            let expected = if path.is_dir() { 0o700 } else { 0o600 };
            assert_eq!(mode, expected, "{}", path.display());
            checkpoints += usize::from(text(path).ends_with(".checkpoint.parquet"));
        });
        assert_eq!(checkpoints, 1);
    }

    #[tokio::test]
    async fn a_lake_that_may_not_be_read_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let location = folder.path().join("lake");
        Lake::open_or_create(text(&location)).await.unwrap();
        let allow = |mode| {
            std::fs::set_permissions(&location, std::fs::Permissions::from_mode(mode)).unwrap()
        };
        allow(0o000);
        // Root reads everything; there is nothing to refuse it.
        let refused = std::fs::read_dir(&location).is_err();
        let results = [
            Lake::open(text(&location)).await,
            Lake::open_or_create(text(&location)).await,
        ];
        allow(0o700);
        for result in results {
            assert_eq!(matches!(result, Err(Error::NoPermission { .. })), refused);
        }
    }

    #[tokio::test]
    async fn a_lake_that_may_not_be_written_says_so_and_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let lake = Lake::open_or_create(text(folder.path())).await.unwrap();
        let base = lake.snapshot().await.unwrap();
        let new = day_file(&lake, &["a"]);
        let log = lake.folder().join("_delta_log");
        let allow = |path: &Path, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        allow(&log, 0o500);
        allow(lake.folder(), 0o500);
        // Root writes everywhere; there is nothing to refuse it.
        let refused = std::fs::write(log.join("probe"), "").is_err();
        let committed = lake
            .commit(&base, Uuid::new_v4(), vec![new], Default::default())
            .await;
        let created = FileWriter::create(&lake, Some(0));
        allow(lake.folder(), 0o700);
        allow(&log, 0o700);
        let denied = |error: &Error| matches!(error, Error::NoPermission { .. });
        assert_eq!(
            matches!(&committed, Err(CommitError::Failed(error)) if denied(error)),
            refused
        );
        assert_eq!(matches!(&created, Err(error) if denied(error)), refused);
        assert_eq!(ids(&lake).await.is_empty(), refused);
    }
}
