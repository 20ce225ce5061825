//! What a crash leaves behind is invisible and harmless.

use lake::{Error, FileWriter, Lake, Shape, encode_row_group};
use uuid::Uuid;

use crate::events::{DAY, Event, JANUARY_2, arrays, day_file, ids};

#[tokio::test]
async fn a_file_without_a_commit_is_not_in_the_lake() {
    let folder = tempfile::tempdir().unwrap();
    let location = folder.path().join("lake").to_str().unwrap().to_owned();
    let lake = Lake::open_or_create(&location).await.unwrap();
    let orphan = day_file(&lake, &["orphan"]);
    assert!(lake.folder().join(&orphan.file().path).is_file());
    let half = lake
        .folder()
        .join("event_date=2024-01-02/.half.parquet.tmp");
    std::fs::write(half, b"PAR1 and then the power went").unwrap();

    let lake = Lake::open_or_create(&location).await.unwrap();
    let base = lake.snapshot().await.unwrap();
    assert_eq!(base.files, []);
    lake.commit(
        &base,
        Uuid::new_v4(),
        vec![day_file(&lake, &["kept"])],
        Default::default(),
    )
    .await
    .unwrap();
    assert_eq!(ids(&lake).await, ["kept"]);
}

#[tokio::test]
async fn a_writer_that_is_dropped_takes_its_file_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open_or_create(folder.path().to_str().unwrap())
        .await
        .unwrap();
    let day = lake.folder().join("event_date=2024-01-02");
    let names = || std::fs::read_dir(&day).unwrap().count();

    let mut writer = FileWriter::create(&lake, Some(DAY)).unwrap();
    let group = encode_row_group(&arrays(&[Event::new(Some(JANUARY_2), "a")])).unwrap();
    writer.append(group).unwrap();
    assert_eq!((writer.rows(), names()), (1, 1));
    drop(writer);
    assert_eq!(names(), 0);

    let empty = FileWriter::create(&lake, Some(DAY)).unwrap().finish();
    assert!(matches!(empty, Err(Error::Shape(Shape::Empty))));
    assert_eq!(names(), 0);
}

#[tokio::test]
async fn a_lake_whose_making_was_cut_short_is_made_after_all() {
    let folder = tempfile::tempdir().unwrap();
    let location = folder.path().to_str().unwrap();
    let log = folder.path().join("cloudtrail/_delta_log");
    std::fs::create_dir_all(&log).unwrap();
    std::fs::write(log.join("00000000000000000000.json#1"), b"{\"commitIn").unwrap();

    assert!(matches!(
        Lake::open(location).await,
        Err(Error::Missing { .. })
    ));
    let lake = Lake::open_or_create(location).await.unwrap();
    assert_eq!(lake.snapshot().await.unwrap().version, 0);
}
