//! Archives on disk to a lake on disk, and what stands in it afterwards.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Int64Type, TimestampMicrosecondType};
use flate2::{Compression, write::GzEncoder};
use ingest::{Fault, Options, Other, Problem, Reason, Records, Report};
use lake::Lake;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

const ACCOUNT: &str = "123456789012";

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Place {
        Place {
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    fn archive(&self) -> PathBuf {
        self.folder.path().join("archive")
    }

    /// Puts an object into the archive, packed if its name says so.
    fn put(&self, name: &str, text: &str) {
        let path = self.archive().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        match name.ends_with(".gz") {
            true => fs::write(path, gzip(text)),
            false => fs::write(path, text),
        }
        .expect("written");
    }

    async fn lake(&self) -> Lake {
        let path = self.folder.path().join("lake");
        Lake::open_or_create(path.to_str().expect("a name"))
            .await
            .expect("a lake")
    }

    async fn ingest(&self) -> Report {
        // What is not read again can't be folded.
        let options = Options {
            again: true,
            ..Options::default()
        };
        self.ingest_with(&options).await
    }

    async fn ingest_with(&self, options: &Options) -> Report {
        let report = ingest::ingest(
            &[self.archive()],
            &self.lake().await,
            options,
            ingest::quiet(),
        )
        .await
        .expect("ingested");
        let Records {
            read,
            written,
            folded,
            rejected,
            ..
        } = report.records;
        assert_eq!(read, written + folded + rejected);
        let objects = report.objects;
        let ended = objects.read + objects.broken + objects.skipped + objects.failed;
        assert_eq!(objects.found, objects.unselected + objects.known + ended);
        report
    }

    /// All rows of the lake, file by file.
    async fn rows(&self) -> Vec<RecordBatch> {
        let lake = self.lake().await;
        let snapshot = lake.snapshot().await.expect("a snapshot");
        let mut batches = Vec::new();
        for file in &snapshot.files {
            let file = fs::File::open(lake.folder().join(&file.path)).expect("a file");
            let reader = ParquetRecordBatchReaderBuilder::try_new(file)
                .expect("Parquet")
                .build();
            batches.extend(
                reader
                    .expect("a reader")
                    .map(|batch| batch.expect("a batch")),
            );
        }
        batches
    }

    /// The values of text columns, row by row, sorted.
    async fn texts(&self, columns: &[&str]) -> Vec<Vec<Option<String>>> {
        let mut rows = Vec::new();
        for batch in self.rows().await {
            for row in 0..batch.num_rows() {
                rows.push(
                    columns
                        .iter()
                        .map(|column| text(&batch, column, row))
                        .collect(),
                );
            }
        }
        rows.sort();
        rows
    }
}

fn text(batch: &RecordBatch, column: &str, row: usize) -> Option<String> {
    let values = batch.column_by_name(column).expect(column).as_string_view();
    values.is_valid(row).then(|| values.value(row).to_owned())
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).expect("packed");
    encoder.finish().expect("packed")
}

fn log(records: &[String]) -> String {
    format!("{{\"Records\":[{}]}}", records.join(","))
}

/// A record of a second within some days of 2024.
fn record(id: u32) -> String {
    let names = ["GetObject", "PutObject", "ConsoleLogin", "Decrypt"];
    format!(
        r#"{{"eventVersion":"1.08","eventTime":"2024-01-{:02}T{:02}:{:02}:07Z","eventID":"id-{id}","eventName":"{}","eventSource":"s3.amazonaws.com","recipientAccountId":"{ACCOUNT}","userIdentity":{{"type":"Root","arn":"arn:aws:iam::{ACCOUNT}:root"}},"readOnly":true,"userAgent":"a \"quoted\" agent"}}"#,
        id % 3 + 1,
        id % 24,
        id % 60,
        names[id as usize % 4],
    )
}

fn records(ids: std::ops::Range<u32>) -> Vec<String> {
    ids.map(record).collect()
}

fn some(values: &[&str]) -> Vec<Option<String>> {
    values
        .iter()
        .map(|value| Some((*value).to_owned()))
        .collect()
}

fn reasons(report: &Report) -> Vec<(String, Option<u64>, Reason)> {
    let name = |problem: &Problem| {
        let name = Path::new(&problem.object).file_name().expect("a name");
        name.to_string_lossy().into_owned()
    };
    report
        .problems
        .iter()
        .map(|problem| (name(problem), problem.at, problem.reason))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_record_goes_in_once_and_whole() {
    let place = Place::new();
    place.put("a.json.gz", &log(&records(0..400)));
    place.put("b.json", &log(&records(400..700)));
    let report = place.ingest().await;
    assert_eq!(
        (report.records.written, report.objects.read, report.files),
        (700, 2, 3)
    );
    assert_eq!(
        report.bytes.unpacked as usize,
        log(&records(0..400)).len() + log(&records(400..700)).len()
    );
    assert!(!report.is_partial());

    let mut contents: Vec<_> = records(0..700)
        .into_iter()
        .map(|record| vec![Some(record)])
        .collect();
    contents.sort();
    assert_eq!(place.texts(&["content"]).await, contents);

    let again = place.ingest().await;
    assert_eq!(
        (again.records.written, again.records.folded, again.files),
        (0, 700, 0)
    );
    assert!(again.versions.is_empty());
    // Another form of the same records, and one more.
    let spaced: Vec<_> = records(100..105)
        .iter()
        .map(|record| record.replace(":\"", ": \""))
        .collect();
    place.put("c.json", &log(&[spaced, records(700..701)].concat()));
    let more = place.ingest().await;
    assert_eq!(
        (
            more.records.written,
            more.records.folded,
            more.records.conflicts
        ),
        (1, 705, 0)
    );
    assert_eq!(place.texts(&["content"]).await.len(), 701);
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_hold_the_record_and_where_it_came_from() {
    let place = Place::new();
    let object = format!("AWSLogs/{ACCOUNT}/CloudTrail/us-east-1/2024/01/02/x.json");
    let without = r#"{"eventTime":"2024-01-02T00:00:00.5Z","eventID":7,"requestParameters":{"key": "\u0061"}}"#;
    place.put(&object, &log(&[record(1), without.to_owned()]));
    let options = Options {
        bucket: "my_aws_bucket".to_owned(),
        ..Options::default()
    };
    place.ingest_with(&options).await;

    let columns = [
        "account_id",
        "bucket",
        "event_id",
        "event_name",
        "user_agent",
        "mistyped",
        "request_parameters_key",
    ];
    let named = ["id-1", "PutObject", r#"a "quoted" agent"#];
    let mut expected = [
        [
            some(&[ACCOUNT, "my_aws_bucket"]),
            vec![None; 3],
            some(&["event_time,event_id", "a"]),
        ]
        .concat(),
        [
            some(&[ACCOUNT, "my_aws_bucket"]),
            some(&named),
            vec![None; 2],
        ]
        .concat(),
    ];
    expected.sort();
    assert_eq!(place.texts(&columns).await, expected);
    let source = place.archive().join(&object);
    let raw = [
        Some(r#"{"key": "\u0061"}"#.to_owned()),
        source.to_str().map(str::to_owned),
    ];
    assert!(
        place
            .texts(&["request_parameters", "source"])
            .await
            .contains(&raw.to_vec())
    );

    for batch in place.rows().await {
        let index = batch
            .column_by_name("source_index")
            .expect("there")
            .as_primitive::<Int64Type>();
        let time = batch
            .column_by_name("event_time")
            .expect("there")
            .as_primitive::<TimestampMicrosecondType>();
        let read_only = batch
            .column_by_name("read_only")
            .expect("there")
            .as_boolean();
        for row in 0..batch.num_rows() {
            // Record 1 is of the second day, one hour and one minute in; 2024-01-02 is day 19,724.
            let (expected, flag) = match index.value(row) {
                0 => ((19_724 * 86_400 + 3_600 + 60 + 7) * 1_000_000, true),
                _ => (19_724 * 86_400_000_000 + 500_000, false),
            };
            assert_eq!((time.value(row), read_only.is_valid(row)), (expected, flag));
        }
    }
    let lake = place.lake().await;
    let snapshot = lake.snapshot().await.expect("a snapshot");
    assert_eq!(
        snapshot.mistyped().into_iter().collect::<Vec<_>>(),
        [("event_id", 1), ("event_time", 1)]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn other_content_under_a_known_id_is_kept_and_flagged() {
    let forged = record(1).replace("Root", "IAMUser");
    let flags = |place: &Place| {
        let place = place.folder.path().to_owned();
        async move {
            let lake = Lake::open(place.join("lake").to_str().expect("a name"))
                .await
                .expect("a lake");
            lake.snapshot()
                .await
                .expect("a snapshot")
                .files
                .iter()
                .map(|file| file.conflicts)
                .sum::<u64>()
        }
    };
    // In one batch: both are flagged.
    let place = Place::new();
    place.put(
        "a.json",
        &log(&[record(1), record(2), forged.clone(), record(1)]),
    );
    let report = place.ingest().await;
    assert_eq!(
        (
            report.records.written,
            report.records.folded,
            report.records.conflicts
        ),
        (3, 1, 2)
    );
    assert_eq!(flags(&place).await, 2);
    assert_eq!(place.ingest().await.records.folded, 4);

    // Against the lake: the later one is flagged, whatever stands beside it.
    let place = Place::new();
    place.put("a.json", &log(&[record(1), record(2)]));
    place.ingest().await;
    place.put("b.json", &log(&[record(1), forged]));
    let report = place.ingest().await;
    assert_eq!(
        (
            report.records.written,
            report.records.folded,
            report.records.conflicts
        ),
        (1, 3, 1)
    );
    assert_eq!(flags(&place).await, 1);
    assert_eq!(
        place.texts(&["event_id", "user_identity_type"]).await.len(),
        3
    );
    assert_eq!(place.ingest().await.records.folded, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_id_in_another_account_or_time_is_another_event() {
    let place = Place::new();
    let account = record(1).replace(
        &format!("\"recipientAccountId\":\"{ACCOUNT}\""),
        "\"recipientAccountId\":\"2\"",
    );
    let time = record(1).replace(":07Z", ":08Z");
    place.put("a.json", &log(&[record(1), account, time]));
    let report = place.ingest().await;
    assert_eq!((report.records.written, report.records.conflicts), (3, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn records_without_id_or_time_fold_by_their_bytes() {
    let place = Place::new();
    let nameless = r#"{"eventTime":"2012-01-01T00:00:00Z","eventName":"a"}"#;
    let spaced = r#"{"eventTime":"2012-01-01T00:00:00Z", "eventName":"a"}"#;
    let timeless = r#"{"eventName":"a"}"#;
    let absurd = r#"{"eventTime":"9999-01-01T00:00:00Z","eventID":"x"}"#;
    let all = [
        nameless, spaced, timeless, absurd, nameless, timeless, absurd,
    ]
    .map(str::to_owned);
    place.put("a.json", &log(&all));
    let report = place.ingest().await;
    assert_eq!(
        (
            report.records.written,
            report.records.folded,
            report.records.untimed
        ),
        (4, 3, 2)
    );
    assert_eq!(report.records.conflicts, 0);
    let again = place.ingest().await;
    assert_eq!((again.records.written, again.records.folded), (0, 7));
    place.put(
        "b.json",
        &log(&[timeless.replace('a', "b"), nameless.replace('a', "b")]),
    );
    assert_eq!(place.ingest().await.records.written, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_bad_is_told_and_does_not_stop_the_rest() {
    let place = Place::new();
    place.put("a.json", &log(&records(0..5)));
    place.put("b.json", "{\"digestStartTime\":\"2024-01-01T00:00:00Z\"}");
    place.put("c.txt", "no JSON at all");
    place.put("d.json", &log(&[record(10), "17".to_owned(), record(11)]));
    let whole = log(&records(20..24));
    place.put("e.json", &whole[..whole.len() - 40]);
    let packed = gzip(&log(&records(30..34)));
    fs::write(
        place.archive().join("f.json.gz"),
        &packed[..packed.len() - 20],
    )
    .expect("written");
    place.put("g.json", "[]");
    place.put("h.json", &" ".repeat(2_000));
    place.put("no-extension", &log(&records(40..41)));
    fs::write(
        place.archive().join("packed"),
        [gzip(&log(&records(50..51))), gzip(&log(&records(51..52)))].concat(),
    )
    .expect("written");
    let report = place.ingest().await;
    let found = reasons(&report);
    let at = |name: &str| {
        found
            .iter()
            .filter(|(object, ..)| object == name)
            .map(|(_, at, reason)| (*at, *reason))
            .collect::<Vec<_>>()
    };
    assert_eq!(at("b.json"), [(None, Reason::Other(Other::Digest))]);
    assert_eq!(at("c.txt"), [(None, Reason::NotJson)]);
    assert_eq!(
        at("d.json"),
        [(
            Some(12 + record(10).len() as u64 + 1),
            Reason::RecordNoObject
        )]
    );
    assert_eq!(
        at("e.json"),
        [(
            Some(whole.len() as u64 - 40),
            Reason::Broken(json::Problem::End)
        )]
    );
    assert!(
        matches!(
            at("f.json.gz")[..],
            [(Some(_), Reason::Packed(Fault::Truncated))]
        ),
        "{found:?}"
    );
    // A list of no records.
    assert_eq!(at("g.json"), []);
    assert_eq!(at("h.json"), [(None, Reason::NotJson)]);
    assert_eq!(found.len(), 6);
    let objects = report.objects;
    assert_eq!(
        (objects.found, objects.read, objects.broken, objects.skipped),
        (10, 5, 2, 3)
    );
    // Five, two, three of four, some of four, one and two; one rejected.
    assert!(
        (5 + 2 + 3 + 1 + 2..=5 + 2 + 3 + 4 + 1 + 2).contains(&report.records.written),
        "{:?}",
        report.records
    );
    assert_eq!(report.records.rejected, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_over_the_limit_is_left_out() {
    let place = Place::new();
    place.put("a.json.gz", &log(&records(0..500)));
    place.put("b.json", &log(&records(500..502)));
    let options = Options {
        object_limit: 10_000,
        ..Options::default()
    };
    let report = place.ingest_with(&options).await;
    assert_eq!((report.records.written, report.objects.failed), (2, 1));
    assert_eq!(report.problems[0].reason, Reason::Packed(Fault::TooLarge));
}

#[tokio::test(flavor = "multi_thread")]
async fn little_memory_makes_several_batches_of_the_same_rows() {
    let place = Place::new();
    for object in 0..40 {
        // Each object overlaps its predecessor by half.
        place.put(
            &format!("{object:02}.json.gz"),
            &log(&records(object * 10..object * 10 + 20)),
        );
    }
    let options = Options {
        memory: 64 * 1024,
        row_group_rows: 10,
        threads: 3,
        ..Options::default()
    };
    let report = place.ingest_with(&options).await;
    assert!(report.versions.len() > 3, "{:?}", report.versions);
    assert_eq!((report.records.read, report.records.written), (800, 410));
    let mut contents: Vec<_> = records(0..410)
        .into_iter()
        .map(|record| vec![Some(record)])
        .collect();
    contents.sort();
    assert_eq!(place.texts(&["content"]).await, contents);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ingests_at_once_double_nothing() {
    let place = Place::new();
    for object in 0..12 {
        place.put(
            &format!("{object:02}.json"),
            &log(&records(object * 20..object * 20 + 30)),
        );
    }
    let options = Options {
        memory: 100 * 1024,
        threads: 2,
        ..Options::default()
    };
    let _lake = place.lake().await;
    let reports = tokio::join!(
        place.ingest_with(&options),
        place.ingest_with(&options),
        place.ingest_with(&options)
    );
    let written = reports.0.records.written + reports.1.records.written + reports.2.records.written;
    assert_eq!(written, 250);
    assert_eq!(place.texts(&["content"]).await.len(), 250);
}
