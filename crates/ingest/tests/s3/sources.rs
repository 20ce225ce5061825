//! Reading from S3: what is listed, what is read, what is tried again, and what is not.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use ingest::verify::verify;
use ingest::{Options, Reason, Selection};
use lake::{Lake, Refusal, S3};

use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::server::{Fault, Server};
use crate::{ACCOUNT, contents, ingest, key, log, options, record, records, s3, settings};

const DAY: i64 = 86_400_000_000;

/// 2024-01-01.
const FIRST: i64 = 19_723;

/// A local lake in a folder of its own.
async fn local() -> (tempfile::TempDir, Lake) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("lake");
    let lake = Lake::open_or_create(path.to_str().expect("a name")).await;
    (folder, lake.expect("a lake"))
}

/// Four logs of ten events each, of two days and two regions.
fn archive(server: &Server) -> Vec<String> {
    let keys: Vec<String> = [
        ("eu-west-1", 1),
        ("us-east-1", 1),
        ("eu-west-1", 2),
        ("us-east-1", 2),
    ]
    .into_iter()
    .map(|(region, day)| key(ACCOUNT, region, day, 5))
    .collect();
    for (place, key) in (0u32..).zip(&keys) {
        server.put(&format!("trail/{key}"), log(place * 10..place * 10 + 10));
    }
    keys
}

/// How often an object was read, by its key's end.
fn reads(log: &[String], key: &str) -> usize {
    let line = format!("GET trail/{key}");
    log.iter().filter(|request| **request == line).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_goes_into_a_lake_on_disk() {
    let server = Server::start();
    server.page(2);
    let keys = archive(&server);
    let (_folder, lake) = local().await;
    server.log();
    let report = ingest(&["s3://trail"], &lake, &options(&server)).await;
    assert_eq!((report.objects.read, report.records.written), (4, 40));
    assert_eq!(report.problems, []);
    assert_eq!(contents(&lake).await, records(0..40));
    let requests = server.log();
    for key in &keys {
        assert_eq!(reads(&requests, key), 1, "{key}");
    }
    // The same once more: read, and folded.
    let report = ingest(&["s3://trail/AWSLogs/"], &lake, &options(&server)).await;
    assert_eq!((report.records.written, report.records.folded), (0, 40));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_object_and_sources_that_overlap() {
    let server = Server::start();
    let keys = archive(&server);
    let (_folder, lake) = local().await;
    let one = format!("s3://trail/{}", keys[0]);
    let all = "s3://trail/AWSLogs";
    let report = ingest(&[&one], &lake, &options(&server)).await;
    assert_eq!((report.objects.found, report.records.written), (1, 10));
    let report = ingest(&[&one, all], &lake, &options(&server)).await;
    assert_eq!((report.objects.found, report.records.written), (4, 30));
}

/// Whatever is selected, a bucket gives what the same tree on disk gives.
#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_is_selected_from_as_a_folder_is() {
    let server = Server::start();
    server.page(3);
    let folder = tempfile::tempdir().expect("a folder");
    let accounts = ["111122223333", "444455556666"];
    let mut keys = vec![
        "loose.json".to_owned(),
        "AWSLogs/loose.json".to_owned(),
        format!("AWSLogs/{ACCOUNT}/CloudTrail/eu-west-1/loose.json"),
        format!("copies/a/b/c/d/{ACCOUNT}_CloudTrail_eu-west-1_20240102T0000Z_x.json"),
        format!("AWSLogs/{ACCOUNT}/CloudTrail-Insight/eu-west-1/2024/01/02/x.json"),
    ];
    for account in accounts {
        for region in ["eu-west-1", "us-east-1"] {
            for day in [1, 2, 3, 4, 31] {
                keys.push(key(account, region, day, day));
                keys.push(format!(
                    "org/AWSLogs/o-abc/{}",
                    &key(account, region, day, 9)[8..]
                ));
            }
            for day in ["2023/12/31", "2024/02/01", "2024/02/29", "2025/01/01"] {
                keys.push(format!(
                    "AWSLogs/{account}/CloudTrail/{region}/{day}/x.json"
                ));
            }
        }
    }
    for key in &keys {
        server.put(&format!("trail/{key}"), key.clone());
        let path = folder.path().join(key);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        std::fs::write(path, key).expect("written");
    }
    let spans = [
        (None, None),
        (Some(0), None),
        (None, Some(1)),
        (Some(1), Some(2)),
        (Some(-1), Some(30)),
        (Some(-400), Some(400)),
        (Some(31), Some(62)),
        (Some(59), Some(59)),
    ];
    let mut compared = 0;
    for prefix in [
        "",
        "AWSLogs",
        "org",
        "AWSLogs/111122223333/CloudTrail/eu-west-1",
    ] {
        for (from, to) in spans {
            for accounts in [&[][..], &accounts[..1], &["999999999999"]] {
                for regions in [&[][..], &["us-east-1"]] {
                    let texts =
                        |texts: &[&str]| texts.iter().map(|text| text.to_string()).collect();
                    let options = Options {
                        selection: Selection {
                            from: from.map(|day| (FIRST + day) * DAY + DAY / 2),
                            to: to.map(|day| (FIRST + day) * DAY + DAY / 2),
                            accounts: texts(accounts),
                            regions: texts(regions),
                        },
                        ..options(&server)
                    };
                    let disk = ingest::plan(&[folder.path().join(prefix)], &options).await;
                    let disk = disk.expect("a plan");
                    let url = PathBuf::from(format!("s3://trail/{prefix}"));
                    match ingest::plan(&[url], &options).await {
                        Ok(bucket) => assert_eq!(
                            (bucket.parts, bucket.total),
                            (disk.parts, disk.total),
                            "{prefix} {:?}",
                            options.selection
                        ),
                        // What is ruled out by the source's own name is not looked for.
                        Err(ingest::Error::EmptyPrefix { .. }) => {
                            assert_eq!(disk.total.objects, 0, "{prefix} {:?}", options.selection);
                        }
                        Err(error) => panic!("{error}"),
                    }
                    compared += 1;
                }
            }
        }
    }
    assert_eq!(compared, 4 * 8 * 3 * 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_asked_for_is_listed() {
    let server = Server::start();
    for account in ["111122223333", "444455556666"] {
        for region in ["eu-west-1", "us-east-1"] {
            for day in 1..=28 {
                server.put(&format!("trail/{}", key(account, region, day, 0)), log([1]));
            }
        }
        for other in ["CloudTrail-Digest", "vpcflowlogs", "Config"] {
            let other = format!("trail/AWSLogs/{account}/{other}/eu-west-1/2024/01/02/x.gz");
            server.put(&other, "x");
        }
    }
    let options = Options {
        selection: Selection {
            from: Some((FIRST + 4) * DAY),
            to: Some((FIRST + 5) * DAY),
            accounts: vec![ACCOUNT.to_owned()],
            regions: vec!["eu-west-1".to_owned()],
        },
        ..options(&server)
    };
    let plan = ingest::plan(&["s3://trail/AWSLogs".into()], &options).await;
    let days: Vec<Option<i32>> = plan
        .expect("a plan")
        .parts
        .keys()
        .map(|part| part.day)
        .collect();
    assert_eq!(days, [Some(19_727), Some(19_728)]);
    // The accounts, the account, its trail, the region's years, and two days.
    let requests = server.log();
    let expected = [
        "",
        "111122223333/",
        "111122223333/CloudTrail/",
        "111122223333/CloudTrail/eu-west-1/",
        "111122223333/CloudTrail/eu-west-1/2024/01/05/",
        "111122223333/CloudTrail/eu-west-1/2024/01/06/",
    ];
    let mut prefixes: Vec<&str> = requests
        .iter()
        .map(|request| request.split_once(" AWSLogs/").expect("a listing").1)
        .collect();
    prefixes.sort_unstable();
    assert_eq!(prefixes, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_passes_is_tried_again() {
    let server = Server::start();
    let keys = archive(&server);
    let slow = Fault::Refused(503, "SlowDown", "Please reduce your request rate.");
    server.fail(&format!("GET trail/{}", keys[0]), 3, slow);
    server.fail(&format!("GET trail/{}", keys[1]), 1, Fault::Cut);
    server.fail(&format!("GET trail/{}", keys[2]), 2, Fault::CutShort);
    server.fail(&format!("GET trail/{}", keys[3]), 1, Fault::Stalled);
    server.fail(
        "GET trail AWSLogs/",
        1,
        Fault::Refused(500, "InternalError", ""),
    );
    let (_folder, lake) = local().await;
    let mut settings = settings(&server);
    settings.timeout = Duration::from_secs(2);
    let options = Options {
        s3: S3::new(settings),
        ..Options::default()
    };
    let report = ingest(&["s3://trail/AWSLogs"], &lake, &options).await;
    assert_eq!(report.problems, []);
    assert_eq!(contents(&lake).await, records(0..40));
    let requests = server.log();
    let tried: Vec<usize> = keys.iter().map(|key| reads(&requests, key)).collect();
    // A machine that is busy may be late once more.
    let least = [4, 2, 3, 2];
    let enough = tried
        .iter()
        .zip(least)
        .all(|(tried, least)| *tried >= least);
    assert!(enough, "{tried:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_is_named_and_left() {
    let server = Server::start();
    let keys = archive(&server);
    let kms = "User: x is not authorized to perform: kms:Decrypt on resource: y";
    let refused = [
        (403, "InvalidObjectState", "", Refusal::Archived),
        (403, "AccessDenied", kms, Refusal::Key),
        (400, "KMS.DisabledException", "", Refusal::Key),
    ];
    for (key, (status, code, message, _)) in keys.iter().zip(refused) {
        let fault = Fault::Refused(status, code, message);
        server.fail(&format!("GET trail/{key}"), usize::MAX, fault);
    }
    let (_folder, lake) = local().await;
    let report = ingest(&["s3://trail"], &lake, &options(&server)).await;
    assert_eq!((report.objects.read, report.objects.failed), (1, 3));
    let requests = server.log();
    for (key, (.., refusal)) in keys.iter().zip(refused) {
        let name = format!("s3://trail/{key}");
        let problem = report
            .problems
            .iter()
            .find(|problem| problem.object == name);
        let problem = problem.expect("a problem");
        assert_eq!(problem.reason, Reason::Refused(refusal));
        assert!(!problem.to_string().contains("resource"), "{problem}");
        assert_eq!(reads(&requests, key), 1, "{key} was tried again");
    }
    assert_eq!(contents(&lake).await, records(30..40));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_never_comes_back_costs_its_object_alone() {
    let server = Server::start();
    let keys = archive(&server);
    server.fail(&format!("GET trail/{}", keys[1]), usize::MAX, Fault::Cut);
    let (_folder, lake) = local().await;
    let mut settings = settings(&server);
    settings.retries = 2;
    let options = Options {
        s3: S3::new(settings),
        ..Options::default()
    };
    let report = ingest(&["s3://trail"], &lake, &options).await;
    assert_eq!((report.objects.read, report.objects.failed), (3, 1));
    assert_eq!(
        report.problems[0].reason,
        Reason::Refused(Refusal::Unreachable)
    );
    assert_eq!(reads(&server.log(), &keys[1]), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn little_memory_reads_little_ahead() {
    let server = Server::start();
    for minute in 0..100 {
        let key = key(ACCOUNT, "eu-west-1", 1, minute);
        server.put(&format!("trail/{key}"), log(minute * 50..minute * 50 + 50));
    }
    let (_folder, lake) = local().await;
    let options = Options {
        memory: 256 << 10,
        threads: 4,
        ..options(&server)
    };
    let report = ingest(&["s3://trail"], &lake, &options).await;
    assert_eq!((report.objects.read, report.records.written), (100, 5_000));
    assert!(report.versions.len() > 1, "it was one batch");
    assert_eq!(reads(&server.log(), &key(ACCOUNT, "eu-west-1", 1, 99)), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_is_told() {
    let server = Server::start();
    archive(&server);
    let plan = async |url: &str, s3: S3| {
        let options = Options {
            s3,
            ..Options::default()
        };
        ingest::plan(&[url.into()], &options).await
    };
    let refusal = |result: Result<ingest::Plan, ingest::Error>| match result {
        Err(ingest::Error::Lake(lake::Error::S3 { refusal, .. })) => refusal,
        other => panic!("{other:?}"),
    };
    let mut unsigned = settings(&server);
    unsigned.unsigned = true;
    let unsigned = S3::new(unsigned);
    assert_eq!(
        refusal(plan("s3://trail", unsigned.clone()).await),
        Refusal::Denied
    );
    let nothing = plan("s3://trail/AWSLogs/999999999999", s3(&server)).await;
    assert!(matches!(nothing, Err(ingest::Error::EmptyPrefix { .. })));
    let denied = Fault::Refused(403, "AccessDenied", "");
    server.fail("GET trail", 1, denied);
    assert_eq!(
        refusal(plan("s3://trail", s3(&server)).await),
        Refusal::Denied
    );

    server.anonymous();
    assert_eq!(
        plan("s3://trail", unsigned)
            .await
            .expect("a plan")
            .total
            .objects,
        4
    );
    server.requester_pays();
    assert_eq!(
        refusal(plan("s3://trail", s3(&server)).await),
        Refusal::Denied
    );
    let mut paying = settings(&server);
    paying.requester_pays = true;
    let paid = plan("s3://trail", S3::new(paying)).await;
    assert_eq!(paid.expect("a plan").total.objects, 4);
    // A lake there is refused in the same words.
    let lake = Lake::open_with("s3://trail/lake", &s3(&server)).await;
    assert!(matches!(lake, Err(lake::Error::S3 { .. })), "{lake:?}");
}

/// A record of a mebibyte.
fn long(id: u32) -> String {
    record(id).replace(&format!("agent {id}"), &"x".repeat(1 << 20))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_object_is_read_range_by_range() {
    let server = Server::start();
    let key = key(ACCOUNT, "eu-west-1", 1, 0);
    let records: BTreeMap<String, String> =
        (0..20).map(|id| (format!("id-{id}"), long(id))).collect();
    let texts: Vec<String> = (0..20).map(long).collect();
    let text = format!("{{\"Records\":[{}]}}", texts.join(","));
    server.put(&format!("trail/{key}"), text);
    // Memory for a mebibyte of it.
    let little = |s3: S3| Options {
        memory: 1 << 20,
        threads: 2,
        s3,
        ..Options::default()
    };
    let mut settings = settings(&server);
    settings.retries = 2;
    let s3 = S3::new(settings);

    // What fails for good fails the object, though some of it is read: it is tried again by the next ingest.
    let request = format!("GET trail/{key}");
    let (_folder, lake) = local().await;
    server.fail(&request, usize::MAX, Fault::Cut);
    let report = ingest(&["s3://trail"], &lake, &little(s3.clone())).await;
    assert_eq!((report.objects.failed, report.records.written), (1, 0));
    let reason = report.problems[0].reason;
    assert_eq!(reason, Reason::Refused(Refusal::Unreachable));

    server.mend();
    server.fail(&request, 2, Fault::CutShort);
    server.log();
    let report = ingest(&["s3://trail"], &lake, &little(s3.clone())).await;
    assert_eq!(report.problems, []);
    assert_eq!((report.objects.read, report.records.written), (1, 20));
    assert!(report.versions.len() > 1, "it was one batch");
    assert!(contents(&lake).await == records);
    // Its head, three ranges of 8 MiB and what was cut.
    let requests = reads(&server.log(), &key);
    assert!((4..=8).contains(&requests), "{requests}");
    let source = [PathBuf::from("s3://trail")];
    let verified = verify(&source, &lake, &little(s3.clone()), ingest::quiet()).await;
    let verified = verified.expect("verified");
    assert!(verified.is_sound(), "{verified:?}");
    assert_eq!(verified.records.found, 20);

    // The ledger has one row, of the whole object; and knows it.
    let ledger = lake.folder().with_file_name("sources");
    let files = std::fs::read_dir(ledger).expect("a ledger");
    let paths = files.map(|entry| entry.expect("an entry").path());
    let mut rows = Vec::new();
    for path in paths.filter(|path| path.is_file()) {
        let file = std::fs::File::open(path).expect("a file");
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).expect("Parquet");
        for batch in reader.build().expect("a reader") {
            let batch = batch.expect("a batch");
            let long = |name: &str| {
                let column = batch.column_by_name(name).expect("a column");
                column.as_primitive::<Int64Type>().value(0)
            };
            assert_eq!(batch.num_rows(), 1);
            rows.push(["records", "written", "folded", "rejected"].map(long));
        }
    }
    assert_eq!(rows, [[20, 20, 0, 0]]);
    let report = ingest(&["s3://trail"], &lake, &little(s3)).await;
    assert_eq!((report.objects.known, report.objects.read), (1, 0));
}
