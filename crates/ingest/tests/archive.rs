//! Archives read without a lake give the rows that a lake of them holds.

#[allow(dead_code)]
mod common;

use std::sync::{Arc, Mutex};

use arrow::array::AsArray;
use arrow::datatypes::Date32Type;
use common::{Place, log, record_at, records_of, shown};
use ingest::archive::{Archive, schema};
use ingest::{Error, Options, Report, Selection};

async fn listed(place: &Place) -> Archive {
    let (selection, s3) = (Selection::default(), lake::S3::default());
    let archive = Archive::list(&[place.archive()], &selection, &s3).await;
    archive.expect("listed")
}

/// Batches of so many records, in the order of the archive.
fn by(records: u64) -> Options {
    Options {
        batch_records: records,
        threads: 1,
        ..Options::default()
    }
}

/// All rows with all values but the partition's, sorted, and the account of them.
async fn read(place: &Place, options: &Options) -> (Vec<String>, Arc<Mutex<Report>>) {
    let archive = listed(place).await;
    let mut reader = archive
        .read(|_| true, options.clone(), None, ingest::quiet())
        .expect("begun");
    let columns: Vec<usize> = (0..schema().fields().len() - 1).collect();
    let work = move || {
        let mut rows = Vec::new();
        while let Some(events) = reader.next_events().expect("read") {
            let (mut first, mut parts) = (0, 0);
            while first < events.len() {
                let part = events.part(first, 3, 1 << 20);
                assert!(!part.is_empty() && part.len() <= 3);
                first = part.end;
                parts += 1;
                rows.extend(shown(&events.columns(part, &columns).expect("columns")));
            }
            assert!(parts > 0, "no batch is empty");
        }
        rows.sort();
        (rows, reader.report())
    };
    tokio::task::spawn_blocking(work).await.expect("ended")
}

/// What an ingest by batches of so many records makes of it, and its account.
async fn ingested(place: &Place, options: &Options) -> (Vec<String>, Report) {
    let lake = place.lake().await;
    let report = ingest::ingest(&[place.archive()], &lake, options, ingest::quiet()).await;
    (place.everything().await, report.expect("ingested"))
}

/// Repeats in the same bytes and in others, forged records, records without ids and times, odd types, broken objects.
fn hostile() -> Place {
    let place = Place::new();
    place.put("a.json", &records_of(0..40));
    let first = record_at(1, "2024-01-02T01:01:07Z");
    let spaced = first
        .replace("\",\"", "\" , \"")
        .replace("\"b1\"", "\"\\u00621\"");
    let forged = first.replace("s3.amazonaws.com", "kms.amazonaws.com");
    let nameless = r#"{"eventTime":"2024-01-01T00:00:00Z","eventName":"A"}"#;
    let odd =
        r#"{"eventID":7,"eventTime":"2024-01-01T00:00:00Z","eventName":["x"],"readOnly":"true"}"#;
    let untimed = r#"{"eventID":"u","eventTime":"later","userIdentity":{"arn":1}}"#;
    let texts = |texts: &[&str]| {
        log(&texts
            .iter()
            .map(|text| (*text).to_owned())
            .collect::<Vec<_>>())
    };
    place.put("b.json", &texts(&[&spaced, nameless, odd, untimed]));
    place.put("c.json", &texts(&[&forged, nameless, "7", "[]"]));
    place.put(
        "d.json",
        &texts(&[&spaced, &forged, &format!(" {nameless}"), odd, untimed]),
    );
    place.put("e.json", &records_of(20..60));
    place.put("f.json", &records_of(0..60)[..9_000]);
    place.put("g.txt", "nothing of ours");
    place.put("h.json", r#"{"name":"value"}"#);
    place
}

#[tokio::test]
async fn rows_are_those_of_a_lake() {
    for records in [1, 45, 1 << 20] {
        let place = hostile();
        let options = by(records);
        let (rows, report) = read(&place, &options).await;
        let (expected, ingest) = ingested(&place, &options).await;
        assert_eq!(rows, expected, "batches of {records}");
        let report = report.lock().expect("a report");
        assert_eq!(report.objects, ingest.objects);
        assert_eq!(report.records, ingest.records);
        assert_eq!(report.problems, ingest.problems);
        assert_eq!(report.records.written, rows.len() as u64);
        assert!(report.records.conflicts > 0 && report.records.untimed > 0);
        assert!(report.records.rejected > 0 && report.is_partial());
    }
}

/// Every record of the archive once more, written differently: objects are read again for each batch.
#[tokio::test]
async fn records_in_other_bytes_are_folded_across_batches() {
    let place = Place::new();
    for part in 0..6 {
        let text = records_of(part * 10..part * 10 + 10);
        place.put(&format!("{part}-a.json"), &text);
        let other = text.replace(",\"", ", \"");
        place.put(&format!("{part}-b.json"), &other);
        place.put(&format!("{part}-c.json"), &other);
    }
    for threads in [1, 3] {
        let options = Options { threads, ..by(10) };
        let (rows, report) = read(&place, &options).await;
        assert_eq!(rows.len(), 60);
        let report = report.lock().expect("a report");
        assert_eq!((report.records.read, report.records.folded), (180, 120));
        assert_eq!(report.records.conflicts, 0);
        // The first delivered is the one that stays.
        assert!(rows.iter().all(|row| row.contains("-a.json")));
    }
}

/// Objects larger than what is held whole are read piece by piece, and so they are when a record is compared again.
#[tokio::test]
async fn large_objects_in_several_batches() {
    let place = Place::new();
    let text = records_of(0..30_000);
    place.put("1.json", &text);
    place.put("2.json", &text.replace(",\"", ", \""));
    place.put("3.json", &records_of(0..100));
    let options = Options {
        memory: 4 << 20,
        ..by(4_000)
    };
    let (rows, report) = read(&place, &options).await;
    assert_eq!(rows.len(), 30_000);
    let report = report.lock().expect("a report");
    assert_eq!(report.records.read, 60_100);
    assert!(rows.iter().all(|row| row.contains("/1.json")));
}

#[tokio::test]
async fn ids_beyond_the_bound_are_refused() {
    let place = Place::new();
    for part in 0..10 {
        place.put(
            &format!("{part}.json"),
            &records_of(part * 10..part * 10 + 10),
        );
    }
    let archive = listed(&place).await;
    let ended = |ids: usize, records: u64| {
        let reader = archive.read(|_| true, by(records), Some(ids), ingest::quiet());
        let mut reader = reader.expect("begun");
        tokio::task::spawn_blocking(move || {
            loop {
                match reader.next_events() {
                    Ok(Some(_)) => {}
                    Ok(None) => return None,
                    Err(error) => return Some(error),
                }
            }
        })
    };
    let error = ended(2_000, 10).await.expect("ended");
    assert!(
        matches!(error, Some(Error::TooMany { events: 20..100 })),
        "{error:?}"
    );
    assert!(ended(64 << 10, 10).await.expect("ended").is_none());
    // What fits one batch needs no ids.
    assert!(ended(0, 1 << 20).await.expect("ended").is_none());
}

#[tokio::test]
async fn columns_that_nobody_asks_for_are_not_looked_for() {
    let place = hostile();
    let archive = listed(&place).await;
    let asked = |column: &lake::Column| column.name == "user_agent";
    let mut reader = archive
        .read(asked, by(50), None, ingest::quiet())
        .expect("begun");
    let place_of = |name: &str| schema().index_of(name).expect("a column");
    let (agent, date, time) = (
        place_of("user_agent"),
        place_of("event_date"),
        place_of("event_time"),
    );
    let (mistyped, arn) = (place_of("mistyped"), place_of("user_identity_arn"));
    let work = move || {
        let mut days = Vec::new();
        while let Some(events) = reader.next_events().expect("read") {
            assert!(events.columns(0..1, &[arn]).is_err());
            let all = 0..events.len();
            let none = events.columns(all.clone(), &[]).expect("no columns");
            assert_eq!((none.num_rows(), none.num_columns()), (events.len(), 0));
            let rows = events.columns(all, &[mistyped, date, agent, time]);
            for row in shown(&rows.expect("columns")) {
                assert!(!row.contains("mistyped=user_identity"), "{row}");
                days.push(row);
            }
        }
        days
    };
    let rows = tokio::task::spawn_blocking(work).await.expect("ended");
    assert!(
        rows.iter()
            .any(|row| row.contains("user_agent=a \"quoted\" agent"))
    );
    for row in rows {
        let day = |name: &str| {
            let line = row
                .lines()
                .find_map(|line| line.strip_prefix(&format!("{name}=")));
            line.expect("a value")
                .get(..10)
                .unwrap_or("NULL")
                .to_owned()
        };
        assert_eq!(day("event_date"), day("event_time"));
    }
}

#[tokio::test]
async fn the_span_of_time() {
    let span = async |place: &Place| {
        let archive = listed(place).await;
        let mut reader = archive
            .read(|_| false, by(7), None, ingest::quiet())
            .expect("begun");
        tokio::task::spawn_blocking(move || reader.span())
            .await
            .expect("ended")
    };
    let place = Place::new();
    place.put("a.json", &log(&[record_at(1, "2024-01-02T00:00:01Z")]));
    place.put(
        "b.json",
        &log(&[record_at(2, "2024-01-01T00:00:00Z"), record_at(3, "soon")]),
    );
    let day = 1_704_067_200_000_000;
    assert_eq!(span(&place).await, Some((day, day + 86_401_000_000)));
    let place = Place::new();
    place.put("a.json", &log(&[record_at(1, "never")]));
    assert_eq!(span(&place).await, None);
}

#[tokio::test]
async fn the_date_is_that_of_the_time() {
    let place = Place::new();
    place.put("a.json", &log(&[record_at(1, "1969-12-31T23:59:59Z")]));
    let archive = listed(&place).await;
    let mut reader = archive
        .read(|_| false, by(7), None, ingest::quiet())
        .expect("begun");
    let date = schema().index_of("event_date").expect("a column");
    let events = tokio::task::spawn_blocking(move || reader.next_events()).await;
    let events = events.expect("ended").expect("read").expect("events");
    let rows = events.columns(0..1, &[date]).expect("columns");
    assert_eq!(rows.column(0).as_primitive::<Date32Type>().value(0), -1);
}
