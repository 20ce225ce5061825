//! Archives and lakes in S3, against a server on loopback that fails as S3 does.

mod lakes;
#[allow(dead_code, reason = "the tests of the binary use more of it")]
mod server;
mod sources;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::Array;
use ingest::{Options, Report};
use lake::{Lake, Reach, S3, S3Settings};
use object_store::StaticCredentialProvider;
use object_store::aws::AwsCredential;

use server::{KEY, Server};

pub(crate) const ACCOUNT: &str = "111122223333";

/// S3 at this server.
fn s3(server: &Server) -> S3 {
    S3::new(settings(server))
}

fn settings(server: &Server) -> S3Settings {
    S3Settings {
        endpoint: Some(server.url.clone()),
        credentials: Some(Arc::new(StaticCredentialProvider::new(AwsCredential {
            key_id: KEY.0.to_owned(),
            secret_key: KEY.1.to_owned(),
            token: None,
        }))),
        timeout: Duration::from_secs(30),
        ..S3Settings::default()
    }
}

fn options(server: &Server) -> Options {
    Options {
        s3: s3(server),
        again: true,
        ..Options::default()
    }
}

async fn lake(location: &str, server: &Server) -> Lake {
    let lake = Lake::open_or_create_with(location, &s3(server)).await;
    lake.expect("a lake")
}

async fn ingest(sources: &[&str], lake: &Lake, options: &Options) -> Report {
    let sources: Vec<PathBuf> = sources.iter().map(PathBuf::from).collect();
    let report = ingest::ingest(&sources, lake, options, ingest::quiet()).await;
    let report = report.expect("ingested");
    let records = report.records;
    assert_eq!(
        records.read,
        records.written + records.folded + records.rejected
    );
    report
}

/// A log of these events, and the key that CloudTrail gives it.
fn key(account: &str, region: &str, day: u32, minute: u32) -> String {
    format!(
        "AWSLogs/{account}/CloudTrail/{region}/2024/01/{day:02}/\
         {account}_CloudTrail_{region}_202401{day:02}T{:02}{:02}Z_x.json",
        minute / 60,
        minute % 60
    )
}

fn log(ids: impl IntoIterator<Item = u32>) -> String {
    let records: Vec<String> = ids.into_iter().map(record).collect();
    format!("{{\"Records\":[{}]}}", records.join(","))
}

fn record(id: u32) -> String {
    format!(
        r#"{{"eventVersion":"1.08","eventTime":"2024-01-{:02}T{:02}:{:02}:07Z","eventID":"id-{id}","eventName":"GetObject","eventSource":"s3.amazonaws.com","recipientAccountId":"{ACCOUNT}","userAgent":"agent {id}"}}"#,
        id % 3 + 1,
        id % 24,
        id % 60
    )
}

/// The records of a lake by their ids; each id must be there once.
async fn contents(lake: &Lake) -> BTreeMap<String, String> {
    let snapshot = lake.snapshot().await.expect("a snapshot");
    let lake = lake.clone();
    let read = move || {
        let mut contents = BTreeMap::new();
        let reach = Reach {
            time: Some((i64::MIN, i64::MAX)),
            untimed: true,
        };
        for file in &snapshot.files {
            let mut ids = Vec::new();
            for batch in lake.ids(file, &reach).expect("ids") {
                let batch = batch.expect("a batch");
                ids.extend(
                    batch
                        .event_id
                        .iter()
                        .map(|id| id.expect("an id").to_owned()),
                );
            }
            let rows: Vec<u64> = (0..file.rows).collect();
            let mut texts = Vec::new();
            for batch in lake.contents(file, &rows).expect("contents") {
                let batch = batch.expect("a batch");
                texts.extend((0..batch.len()).map(|row| batch.value(row).to_owned()));
            }
            assert_eq!(ids.len(), texts.len());
            for (id, text) in ids.into_iter().zip(texts) {
                assert_eq!(
                    contents.insert(id.clone(), text),
                    None,
                    "{id} is there twice"
                );
            }
        }
        contents
    };
    tokio::task::spawn_blocking(read).await.expect("read")
}

/// The records with these numbers.
fn records(ids: impl IntoIterator<Item = u32>) -> BTreeMap<String, String> {
    ids.into_iter()
        .map(|id| (format!("id-{id}"), record(id)))
        .collect()
}
