//! Ids and contents: what a new batch is compared with.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray, TimestampNanosecondArray};
use lake::{Error, File, Lake, Reach};
use parquet::arrow::ArrowWriter;

use crate::events::{DAY, Event, JANUARY_2, file};

const HOUR: i64 = 3_600_000_000;

async fn new_lake() -> (tempfile::TempDir, Lake) {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open_or_create(folder.path().to_str().unwrap())
        .await
        .unwrap();
    (folder, lake)
}

/// Three row groups of an hour each, then one without times.
fn groups() -> Vec<Vec<Event>> {
    let event = |hour: i64, minute: i64| {
        let time = JANUARY_2 + hour * HOUR + minute * 60_000_000;
        Event::new(Some(time), &format!("{hour}:{minute:02}"))
    };
    let mut groups: Vec<Vec<Event>> = (0..3)
        .map(|hour| (0..60).map(|minute| event(hour, minute)).collect())
        .collect();
    let mut nameless = Event::new(None, "");
    nameless.id = None;
    groups.push(vec![nameless, Event::new(None, "timeless")]);
    groups
}

/// Row, id, time, account of all that is in reach.
type Row = (u64, Option<String>, Option<i64>, Option<String>);

fn rows(lake: &Lake, file: &lake::File, reach: &Reach) -> Vec<Row> {
    let mut rows = Vec::new();
    for batch in lake.ids(file, reach).unwrap() {
        let batch = batch.unwrap();
        let ids = batch
            .event_id
            .iter()
            .zip(&batch.event_time)
            .zip(&batch.recipient_account_id);
        for (place, ((id, time), account)) in ids.enumerate() {
            let row = batch.first_row + place as u64;
            rows.push((row, id.map(str::to_owned), time, account.map(str::to_owned)));
        }
    }
    rows
}

#[tokio::test]
async fn only_row_groups_in_reach_are_read_and_rows_keep_their_numbers() {
    let (_folder, lake) = new_lake().await;
    let new = file(&lake, None, &groups());
    let in_reach = |time, untimed| rows(&lake, new.file(), &Reach { time, untimed });

    let second_hour = in_reach(Some((JANUARY_2 + HOUR, JANUARY_2 + HOUR)), false);
    assert_eq!(second_hour.len(), 60);
    let account = Some("111122223333".to_owned());
    assert_eq!(
        second_hour[0],
        (
            60,
            Some("1:00".to_owned()),
            Some(JANUARY_2 + HOUR),
            account.clone()
        )
    );
    assert_eq!(second_hour[59].0, 119);

    let untimed = in_reach(None, true);
    let expected = [
        (180, None, None, account.clone()),
        (181, Some("timeless".to_owned()), None, account),
    ];
    assert_eq!(untimed, expected);

    let apart = in_reach(Some((JANUARY_2 + 2 * HOUR, i64::MAX)), true);
    assert_eq!(
        apart.iter().map(|row| row.0).collect::<Vec<_>>(),
        (120..182).collect::<Vec<_>>()
    );
    // Between the last minute of an hour and the next hour there is nothing.
    let gap = JANUARY_2 + HOUR - 1;
    assert_eq!(in_reach(Some((gap, gap)), false), []);
    assert_eq!(in_reach(Some((i64::MIN, JANUARY_2 - 1)), false), []);
    assert_eq!(in_reach(Some((i64::MIN, i64::MAX)), true).len(), 182);
    assert_eq!(in_reach(None, false), []);
}

#[tokio::test]
async fn a_batch_of_ids_longer_than_a_page_counts_on() {
    let (_folder, lake) = new_lake().await;
    let events: Vec<Event> = (0..20_000)
        .map(|n| Event::new(Some(JANUARY_2 + n), &format!("{n:05}")))
        .collect();
    let new = file(&lake, Some(DAY), &[events]);
    let all = rows(
        &lake,
        new.file(),
        &Reach {
            time: Some((JANUARY_2, JANUARY_2)),
            untimed: false,
        },
    );
    assert_eq!(all.len(), 20_000);
    for (row, id, time, _) in all {
        assert_eq!(id, Some(format!("{row:05}")));
        assert_eq!(time, Some(JANUARY_2 + row as i64));
    }
}

#[tokio::test]
async fn contents_come_for_the_rows_asked_for() {
    let (_folder, lake) = new_lake().await;
    let new = file(&lake, None, &groups());
    let texts = |rows: &[u64]| -> Vec<String> {
        let contents = lake.contents(new.file(), rows).unwrap();
        let batches: Vec<_> = contents.map(Result::unwrap).collect();
        batches
            .iter()
            .flat_map(|batch| batch.iter().flatten())
            .map(str::to_owned)
            .collect()
    };
    let content = |id: &str| format!(r#"{{"eventID":"{id}"}}"#);
    assert_eq!(texts(&[]), [""; 0]);
    assert_eq!(texts(&[0]), [content("0:00")]);
    let expected = [
        content("0:59"),
        content("1:00"),
        content("2:30"),
        content("none"),
        content("timeless"),
    ];
    assert_eq!(texts(&[59, 60, 150, 180, 181]), expected);
    assert_eq!(texts(&(0..182).collect::<Vec<_>>()).len(), 182);

    for rows in [&[182][..], &[1, 1], &[2, 1], &[u64::MAX]] {
        let refused = lake.contents(new.file(), rows);
        assert!(
            matches!(refused, Err(Error::Rows { rows: 182, .. })),
            "{rows:?}"
        );
    }
}

/// Another engine may have rewritten a file with texts of another form, nanoseconds, and a column left out.
#[tokio::test]
async fn a_file_of_another_engine_is_read_in_our_types() {
    let (_folder, lake) = new_lake().await;
    let times = TimestampNanosecondArray::from(vec![Some(JANUARY_2 * 1_000 + 999), None]);
    let columns: [(&str, ArrayRef); 3] = [
        ("event_time", Arc::new(times.with_timezone("UTC"))),
        ("event_id", Arc::new(StringArray::from(vec!["a", "b"]))),
        ("content", Arc::new(StringArray::from(vec!["{}", "[]"]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let out = std::fs::File::create(lake.folder().join("part-0.parquet")).unwrap();
    let mut writer = ArrowWriter::try_new(out, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();

    let foreign = File {
        path: "part-0.parquet".to_owned(),
        rows: 2,
        ..file(&lake, None, &groups()).file().clone()
    };
    let reach = Reach {
        time: Some((JANUARY_2, JANUARY_2)),
        untimed: false,
    };
    let id = |id: &str| Some(id.to_owned());
    let expected = [
        (0, id("a"), Some(JANUARY_2), None),
        (1, id("b"), None, None),
    ];
    assert_eq!(rows(&lake, &foreign, &reach), expected);
    let contents: Vec<_> = lake
        .contents(&foreign, &[1])
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(
        contents
            .iter()
            .flat_map(|batch| batch.iter().flatten())
            .collect::<Vec<_>>(),
        ["[]"]
    );
}
