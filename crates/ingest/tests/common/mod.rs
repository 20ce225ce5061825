//! An archive and a lake in a folder of their own.

use std::fs;
use std::ops::Range;
use std::time::{Duration, SystemTime};

use arrow::array::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use ingest::Report;
use lake::Lake;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

pub(crate) struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    pub(crate) fn new() -> Place {
        Place {
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    /// Puts an object into the archive.
    pub(crate) fn put(&self, name: &str, text: &str) {
        let folder = self.folder.path().join("archive");
        fs::create_dir_all(&folder).expect("made");
        fs::write(folder.join(name), text).expect("written");
    }

    /// The same, written long ago: so that the ledger can tell whether it has changed.
    pub(crate) fn put_long_ago(&self, name: &str, text: &str) {
        self.put(name, text);
        let path = self.folder.path().join("archive").join(name);
        let file = fs::File::options().write(true).open(path).expect("a file");
        let when = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        file.set_modified(when).expect("a time");
    }

    /// Makes all files in a folder of the place look as if they were last changed so many days ago.
    pub(crate) fn age(&self, folder: &str, days: u64) {
        let when = SystemTime::now() - Duration::from_secs(days * 24 * 60 * 60);
        for entry in fs::read_dir(self.folder.path().join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                let file = fs::File::options().write(true).open(path).expect("a file");
                file.set_modified(when).expect("a time");
            }
        }
    }

    pub(crate) async fn lake(&self) -> Lake {
        let path = self.folder.path().join("lake");
        let lake = Lake::open_or_create(path.to_str().expect("a name")).await;
        lake.expect("a lake")
    }

    /// Ingests the whole archive.
    pub(crate) async fn ingest(&self) -> Report {
        self.ingest_with(true).await
    }

    /// Ingests the archive: all of it `again`, or what the lake does not know.
    pub(crate) async fn ingest_with(&self, again: bool) -> Report {
        let options = ingest::Options {
            threads: 2,
            again,
            ..ingest::Options::default()
        };
        let sources = [self.archive()];
        let lake = self.lake().await;
        let report = ingest::ingest(&sources, &lake, &options, ingest::quiet()).await;
        report.expect("ingested")
    }

    /// Where the archive is.
    pub(crate) fn archive(&self) -> std::path::PathBuf {
        self.folder.path().join("archive")
    }

    /// The name of the folder, which stands in the events' `source`.
    pub(crate) fn name(&self) -> String {
        self.folder.path().display().to_string()
    }

    /// The commits of the table, without the one that made it.
    pub(crate) fn commits(&self) -> Vec<std::path::PathBuf> {
        let log = self.folder.path().join("lake/cloudtrail/_delta_log");
        let entries = fs::read_dir(log).expect("a log");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        let commit = |path: &std::path::PathBuf| path.extension().is_some_and(|is| is == "json");
        let mut paths: Vec<_> = paths.filter(commit).collect();
        paths.sort();
        paths.split_off(1)
    }

    async fn batches(&self) -> Vec<RecordBatch> {
        let lake = self.lake().await;
        let mut batches = Vec::new();
        for file in lake.snapshot().await.expect("a snapshot").files {
            let file = fs::File::open(lake.folder().join(&file.path)).expect("a file");
            let reader = ParquetRecordBatchReaderBuilder::try_new(file).expect("Parquet");
            let reader = reader.build().expect("a reader");
            batches.extend(reader.map(|batch| batch.expect("a batch")));
        }
        batches
    }

    /// Every row of the lake with every value by its column's name, sorted.
    pub(crate) async fn everything(&self) -> Vec<String> {
        let mut rows = Vec::new();
        for batch in self.batches().await {
            rows.extend(shown(&batch));
        }
        rows.sort();
        rows
    }

    /// The values of a column, sorted; null is `NULL`.
    pub(crate) async fn column(&self, name: &str) -> Vec<String> {
        let mut values: Vec<String> = Vec::new();
        for row in self.everything().await {
            let value = row
                .lines()
                .find_map(|line| line.strip_prefix(&format!("{name}=")));
            values.extend(value.map(str::to_owned));
        }
        values.sort();
        values
    }
}

/// Each row with every value by its column's name.
pub(crate) fn shown(batch: &RecordBatch) -> Vec<String> {
    let options = FormatOptions::default().with_null("NULL");
    let columns: Vec<_> = batch
        .columns()
        .iter()
        .map(|array| ArrayFormatter::try_new(array, &options).expect("a formatter"))
        .collect();
    let schema = batch.schema();
    let row = |row: usize| {
        let values = schema.fields().iter().zip(&columns);
        let values =
            values.map(|(field, values)| format!("{}={}", field.name(), values.value(row)));
        values.collect::<Vec<_>>().join("\n")
    };
    (0..batch.num_rows()).map(row).collect()
}

pub(crate) fn log(records: &[String]) -> String {
    format!("{{\"Records\":[{}]}}", records.join(","))
}

/// A record at a time.
pub(crate) fn record_at(id: u32, time: &str) -> String {
    let names = ["GetObject", "PutObject", "ConsoleLogin", "Decrypt"];
    let name = names[id as usize % 4];
    format!(
        r#"{{"eventVersion":"1.08","eventTime":"{time}","eventID":"id-{id}","eventName":"{name}","eventSource":"s3.amazonaws.com","recipientAccountId":"123456789012","userAgent":"a \"quoted\" agent","requestParameters":{{"bucketName":"b{id}","maxKeys":{}}}}}"#,
        id % 10,
    )
}

/// Objects of records of the first three days of 2024, a third in each.
pub(crate) fn records_of(ids: Range<u32>) -> String {
    let records: Vec<String> = ids
        .map(|id| {
            let time = format!(
                "2024-01-{:02}T{:02}:{:02}:07Z",
                id % 3 + 1,
                id % 24,
                id % 60
            );
            record_at(id, &time)
        })
        .collect();
    log(&records)
}
