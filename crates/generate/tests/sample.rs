//! The archive, held against its description: the same bytes again, records that are JSON, incidents with the answers
//! that are promised.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use generate::{Options, archive, incidents};
use serde_json::Value;

// Shared with the cases, which use more of it.
#[path = "../../../tests/naive/mod.rs"]
#[allow(dead_code, unreachable_pub)]
mod naive;

use naive::archive::Record;
use naive::tutorial::{QUERIES, Window, answer};

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/cloudtrail")
}

/// Every object below a folder: its path inside, its bytes.
fn objects(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(
                    path.strip_prefix(folder).unwrap().to_owned(),
                    fs::read(&path).unwrap(),
                );
            }
        }
    }
    found
}

fn unpacked(bytes: &[u8]) -> String {
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes)
        .read_to_string(&mut text)
        .unwrap();
    text
}

fn made(options: &Options) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    archive(folder.path(), options).unwrap();
    folder
}

fn answers_hold(records: &[Record], options: &Options) {
    let now = i128::from(options.end().as_second()) * 1_000_000_000;
    for planted in incidents::answers(options.end()) {
        let found = answer(planted.query, records, Window::half_an_hour(now)).unwrap();
        assert_eq!(
            found,
            naive::canonical(planted.rows),
            "{} with {options:?}",
            planted.query
        );
    }
}

#[test]
fn the_committed_sample_is_what_the_generator_makes() {
    let folder = made(&Options::default());
    let (committed, again) = (objects(&sample()), objects(folder.path()));
    assert_eq!(
        committed.keys().collect::<Vec<_>>(),
        again.keys().collect::<Vec<_>>()
    );
    for (path, bytes) in &committed {
        assert!(
            *bytes == again[path],
            "{} is not what it was",
            path.display()
        );
    }
}

#[test]
fn the_sample_is_small() {
    let objects = objects(&sample());
    assert!(objects.len() < 400, "{} objects", objects.len());
    let bytes: usize = objects.values().map(Vec::len).sum();
    assert!(bytes < 1_500_000, "{bytes} bytes");
}

#[test]
fn the_sample_has_the_planted_answers() {
    answers_hold(
        &naive::archive::read(&sample()).unwrap(),
        &Options::default(),
    );
}

/// The answers depend neither on the seed nor on how much stands around the incidents.
#[test]
fn other_archives_have_the_same_answers() {
    for (seed, events, accounts, regions, duplicates) in
        [(1, 100, 1, 1, 0.0), (2, 4_000, 3, 2, 0.3)]
    {
        let options = Options {
            seed,
            events,
            accounts,
            regions,
            duplicates,
            days: 1,
            median_size: 20,
            ..Options::default()
        };
        let folder = made(&options);
        answers_hold(&naive::archive::read(folder.path()).unwrap(), &options);
    }
}

#[test]
fn objects_are_deliveries() {
    let mut ids = BTreeSet::new();
    for (path, bytes) in objects(&sample()) {
        assert_eq!(&bytes[..2], [0x1f, 0x8b]);
        let text = unpacked(&bytes);
        assert!(
            text.starts_with(r#"{"Records":["#) && text.ends_with("}]}") && !text.contains('\n'),
            "{}",
            path.display()
        );
        assert!(
            !text.contains("${"),
            "{}: a hole is not filled",
            path.display()
        );
        let mut here = BTreeSet::new();
        let file: Value = serde_json::from_str(&text).unwrap();
        for record in file["Records"].as_array().unwrap() {
            let keys: Vec<&str> = record
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            assert!(keys[0] == "eventVersion" || keys.contains(&"eventVersion"));
            assert!(path.starts_with(format!(
                "AWSLogs/{}/CloudTrail",
                record["recipientAccountId"].as_str().unwrap()
            )));
            if let Some(id) = record["eventID"].as_str() {
                // Those of one id and different content lie in different seconds or share an object on purpose.
                let fresh = here.insert(id.to_owned());
                assert!(
                    fresh || record["eventName"] == "DeleteTrail",
                    "{id} twice in {}",
                    path.display()
                );
                ids.insert(id.to_owned());
            }
        }
    }
    assert!(ids.len() > 2_500);
}

/// As `now` is defined: the newest event is one second old.
#[test]
fn the_newest_event_is_one_second_before_the_end() {
    let records = naive::archive::read(&sample()).unwrap();
    let newest = records
        .iter()
        .filter_map(|record| record.time)
        .max()
        .unwrap();
    assert_eq!(
        newest,
        i128::from(Options::default().end().as_second() - 1) * 1_000_000_000
    );
    assert_eq!(records.len() as u64, Options::default().events);
}

#[test]
fn identities_errors_and_rhythm_are_as_described() {
    let options = Options {
        events: 12_000,
        incidents: false,
        days: 7,
        ..Options::default()
    };
    let folder = made(&options);
    let records = naive::archive::read(folder.path()).unwrap();
    assert_eq!(records.len(), 12_000);
    let share = |of: &dyn Fn(&Value) -> bool| {
        records.iter().filter(|record| of(&record.json)).count() as f64 / 12_000.0
    };

    let errors = share(&|record| !record["errorCode"].is_null());
    assert!((0.035..0.045).contains(&errors), "errors {errors}");
    let services = share(&|record| record["userIdentity"]["type"] == "AWSService");
    assert!((0.40..0.48).contains(&services), "services {services}");
    for kind in [
        "AssumedRole",
        "IAMUser",
        "Root",
        "WebIdentityUser",
        "SAMLUser",
        "FederatedUser",
        "AWSAccount",
        "IdentityCenterUser",
        "Directory",
        "Role",
        "Unknown",
    ] {
        assert!(
            share(&|record| record["userIdentity"]["type"] == kind) > 0.0,
            "no {kind}"
        );
    }
    assert!(share(&|record| record["userIdentity"].get("type").is_none()) > 0.01);

    let names: BTreeSet<String> = records
        .iter()
        .map(|record| record.json["eventName"].to_string())
        .collect();
    let sources: BTreeSet<String> = records
        .iter()
        .map(|record| record.json["eventSource"].to_string())
        .collect();
    assert!(
        names.len() > 100 && sources.len() > 20,
        "{} APIs of {} services",
        names.len(),
        sources.len()
    );

    let hour = |record: &Record| record.time.unwrap() / 3_600_000_000_000 % 24;
    let night = records
        .iter()
        .filter(|record| (0..4).contains(&hour(record)))
        .count();
    let day = records
        .iter()
        .filter(|record| (12..16).contains(&hour(record)))
        .count();
    assert!(day > 2 * night, "{day} by day, {night} by night");
}

/// Elastic's threshold on the planted rapid reads: 20 successes of one principal in nine minutes, no browsers.
#[test]
fn only_one_principal_reads_secrets_too_fast() {
    let records = naive::archive::read(&sample()).unwrap();
    let mut reads: BTreeMap<String, Vec<i128>> = BTreeMap::new();
    for record in &records {
        let json = &record.json;
        let reading = ["GetSecretValue", "BatchGetSecretValue"]
            .contains(&json["eventName"].as_str().unwrap());
        let browser = json["userAgent"]
            .as_str()
            .is_some_and(|agent| agent.contains("Chrome"));
        if reading && !browser && json["errorCode"].is_null() {
            reads
                .entry(json["userIdentity"]["arn"].as_str().unwrap().to_owned())
                .or_default()
                .extend(record.time);
        }
    }
    let rapid: Vec<(String, u32)> = reads
        .into_iter()
        .filter_map(|(arn, mut times)| {
            times.sort_unstable();
            let most = (0..times.len())
                .map(|from| {
                    times[from..]
                        .iter()
                        .take_while(|time| **time - times[from] < 540_000_000_000)
                        .count()
                })
                .max()?;
            (most >= 20).then_some((arn, most as u32))
        })
        .collect();
    assert_eq!(rapid, incidents::answers::rapid_readers());
}

#[test]
fn the_decoys_are_there() {
    let records = naive::archive::read(&sample()).unwrap();
    let any = |of: &dyn Fn(&Record) -> bool| records.iter().any(of);
    assert!(any(
        &|record| record.content.len() > 128_000 && record.json["eventName"] == "CreateKey"
    ));
    assert!(any(&|record| record.json.get("eventTime").is_none()));
    assert!(any(&|record| record.json["eventTime"] == "yesterday"));
    assert!(any(&|record| record.json["eventTime"]
        .as_str()
        .is_some_and(|time| time.ends_with("+02:00"))));
    assert!(any(&|record| record.json["eventTime"]
        .as_str()
        .is_some_and(|time| time.ends_with(".250Z"))));
    assert!(any(&|record| record.json.get("eventID").is_none()));
    assert!(any(&|record| record.json["userAgent"].is_number()
        && record.json["requestParameters"].is_string()));
    assert!(any(&|record| record.json["requestParameters"]
        .get("x-amz-acl")
        .is_some()
        && record.json["requestParameters"].get("X-Amz-Acl").is_some()));
}

/// Every complete query of the tutorials has its file, its function and, where it finds something planted, its answer.
#[test]
fn queries_and_answers_belong_together() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/queries/tutorial");
    let files: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            entry
                .unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert_eq!(
        files,
        QUERIES.iter().map(|name| (*name).to_owned()).collect()
    );
    for planted in incidents::answers(Options::default().end()) {
        assert!(QUERIES.contains(&planted.query) && !planted.rows.is_empty());
    }
}
