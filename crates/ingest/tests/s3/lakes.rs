//! Lakes in S3: written, read, raced for, and refused where the store can't keep writers apart.

use lake::{Error, Lake};

use crate::server::{Fault, Server};
use crate::{ACCOUNT, contents, ingest, key, lake, log, options, record, records, s3};

/// So many logs of 20 events each.
fn archive(server: &Server, logs: u32) {
    for place in 0..logs {
        let key = key(ACCOUNT, "eu-west-1", place % 3 + 1, place);
        server.put(&format!("trail/{key}"), log(place * 20..place * 20 + 20));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_goes_into_a_lake_in_another() {
    let server = Server::start();
    server.page(2);
    archive(&server, 6);
    let location = "s3://house/a lake/of=ours";
    let missing = Lake::open_with(location, &s3(&server)).await;
    assert!(matches!(missing, Err(Error::Missing { .. })), "{missing:?}");
    let lake = lake(location, &server).await;
    let report = ingest(&["s3://trail"], &lake, &options(&server)).await;
    assert_eq!((report.objects.read, report.records.written), (6, 120));
    assert_eq!(contents(&lake).await, records(0..120));
    let report = ingest(&["s3://trail"], &lake, &options(&server)).await;
    assert_eq!((report.records.written, report.records.folded), (0, 120));
    // Opened anew, it is the same; and nothing of it is outside its prefix.
    let again = Lake::open_with(location, &s3(&server))
        .await
        .expect("a lake");
    assert_eq!(contents(&again).await, records(0..120));
    let own: Vec<String> = ["cloudtrail", "sources"]
        .iter()
        .flat_map(|table| server.paths(&format!("house/a lake/of=ours/{table}/")))
        .collect();
    assert_eq!(server.paths("house/"), own);
    assert_eq!(server.uploads(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn ingests_at_once_double_nothing() {
    let server = Server::start();
    archive(&server, 12);
    let mut tasks = Vec::new();
    for part in 0..3 {
        let server = server.clone();
        tasks.push(tokio::spawn(async move {
            let lake = lake("s3://house/lake", &server).await;
            let mut options = options(&server);
            // Several batches each, so that commits meet.
            options.memory = 32 << 10;
            options.threads = part + 1;
            ingest(&["s3://trail"], &lake, &options).await
        }));
    }
    let (mut written, mut commits) = (0, 0);
    for task in tasks {
        let report = task.await.expect("ended");
        assert_eq!(report.records.read, 240);
        written += report.records.written;
        commits += report.versions.len();
    }
    assert_eq!(written, 240);
    assert!(commits > 1, "there was nothing to race for");
    assert_eq!(
        contents(&lake("s3://house/lake", &server).await).await,
        records(0..240)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_is_lost_stands_once() {
    let server = Server::start();
    archive(&server, 3);
    let lake = lake("s3://house", &server).await;
    server.fail(
        "PUT house/cloudtrail/_delta_log/00000000000000000001.json",
        1,
        Fault::Lost,
    );
    let slow = Fault::Refused(503, "SlowDown", "");
    server.fail("PUT house/cloudtrail/event_date=2024-01-02", 2, slow);
    let report = ingest(&["s3://trail"], &lake, &options(&server)).await;
    assert_eq!(
        (report.records.written, report.versions.as_slice()),
        (60, &[1][..])
    );
    assert_eq!(contents(&lake).await, records(0..60));
}

#[tokio::test(flavor = "multi_thread")]
async fn large_files_go_in_parts() {
    let server = Server::start();
    let mut state = 7u64;
    let mut noise = |length: usize| -> String {
        (0..length)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                char::from(b'0' + (state >> 58) as u8)
            })
            .map(|letter| if letter == '\\' { 'z' } else { letter })
            .collect()
    };
    let mut expected = records([]);
    let mut texts = Vec::new();
    for id in 0..50 {
        let text = format!(
            r#"{{"eventVersion":"1.08","eventTime":"2024-01-01T00:00:00Z","eventID":"id-{id}","eventName":"X","eventSource":"y","noise":"{}"}}"#,
            noise(300_000)
        );
        expected.insert(format!("id-{id}"), text.clone());
        texts.push(text);
    }
    server.put(
        "trail/log.json",
        format!("{{\"Records\":[{}]}}", texts.join(",")),
    );
    let lake = lake("s3://house/lake", &server).await;
    server.log();
    let part = Fault::Refused(503, "SlowDown", "");
    server.fail("PUT house/lake/cloudtrail/event_date", 2, part);
    let report = ingest(&["s3://trail"], &lake, &options(&server)).await;
    assert_eq!((report.records.written, report.files), (50, 1));
    let puts = server.log();
    let parts = puts
        .iter()
        .filter(|line| line.starts_with("PUT house/lake/cloudtrail/event_date"));
    assert!(parts.count() >= 2 + 2, "it went in one piece");
    assert_eq!(server.uploads(), 0);
    assert!(contents(&lake).await == expected, "not what went in");

    // A part that S3 refuses ends the ingest, and leaves nothing behind.
    server.put(
        "trail/log2.json",
        format!(
            "{{\"Records\":[{}]}}",
            texts.join(",").replace("id-", "jd-")
        ),
    );
    let denied = Fault::Refused(403, "AccessDenied", "");
    server.fail("PUT house/lake/cloudtrail/event_date", usize::MAX, denied);
    let sources = ["s3://trail".into()];
    let ended = ingest::ingest(&sources, &lake, &options(&server), ingest::quiet()).await;
    assert!(ended.is_err(), "{ended:?}");
    for _ in 0..100 {
        if server.uploads() == 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(server.uploads(), 0);
    assert_eq!(contents(&lake).await.len(), 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_overwrites_is_no_place_for_a_lake() {
    let server = Server::start();
    server.overwrites();
    let lake = Lake::open_or_create_with("s3://house/lake", &s3(&server)).await;
    assert!(matches!(lake, Err(Error::Unconditional { .. })), "{lake:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_keeps_there_is_left_alone() {
    let server = Server::start();
    server.put("house/notes/todo.txt", "x");
    for location in ["s3://house", "s3://house/notes"] {
        for made in [
            Lake::open_with(location, &s3(&server)).await,
            Lake::open_or_create_with(location, &s3(&server)).await,
        ] {
            assert!(matches!(made, Err(Error::Foreign { .. })), "{made:?}");
        }
    }
    assert_eq!(server.paths("house/"), ["house/notes/todo.txt"]);
}

/// What can't become a row is set aside in S3 too, whatever its size, and found there again.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_a_row_is_set_aside_beside_the_table() {
    let server = Server::start();
    let lake = lake("s3://lakes/a/b", &server).await;
    let huge = format!("{{\"eventID\":\"x\",\"a\":\"{}\"}}", "y".repeat(65 << 20));
    let large = [record(0), huge, record(1)].join(",");
    server.put("trail/large.json", format!("{{\"Records\":[{large}]}}"));
    let broken = [&record(2), "{\"eventID\":7e}", &record(3)].join(",");
    server.put("trail/broken.json", format!("{{\"Records\":[{broken}]}}"));
    let options = options(&server);
    let report = ingest(&["s3://trail"], &lake, &options).await;
    assert_eq!((report.records.written, report.records.rejected), (4, 2));
    assert_eq!(contents(&lake).await, records(0..4));
    let names = || {
        let paths = server.paths("lakes/a/b/rejected/");
        let mut ends: Vec<String> = paths
            .iter()
            .filter_map(|path| Some(path.rsplit_once('.')?.1.to_owned()))
            .collect();
        ends.sort();
        ends
    };
    assert!(names().contains(&"zst".to_owned()), "{:?}", names());
    assert_eq!(lake.count_rejected().await.expect("a count"), 2);
    let before = names();
    let again = ingest(&["s3://trail"], &lake, &options).await;
    assert_eq!((again.records.written, again.records.rejected), (0, 2));
    assert_eq!(names(), before);
    let sources = ["s3://trail".into()];
    let verified = ingest::verify::verify(&sources, &lake, &options, ingest::quiet()).await;
    let verified = verified.expect("verified");
    assert_eq!(
        (verified.records.found, verified.records.set_aside),
        (4, 2),
        "{verified:?}"
    );
}

/// The ledger of a lake in S3, over objects in S3: known by their ETags, without a request for each.
#[tokio::test(flavor = "multi_thread")]
async fn objects_that_have_not_changed_are_not_read_again() {
    let server = Server::start();
    archive(&server, 4);
    let lake = lake("s3://lakes/a", &server).await;
    let options = ingest::Options {
        again: false,
        ..options(&server)
    };
    let run = async || ingest(&["s3://trail"], &lake, &options).await.objects;
    assert_eq!((run().await.read, run().await.known), (4, 4));
    server.log();
    assert_eq!((run().await.read, run().await.known), (0, 4));
    let requests = server.log();
    let reads = requests
        .iter()
        .filter(|line| line.starts_with("GET trail/"));
    assert_eq!(reads.count(), 0, "{requests:?}");

    // Another content of the same size is another object.
    let key = key(ACCOUNT, "eu-west-1", 1, 0);
    server.put(&format!("trail/{key}"), log((0..20).map(|id| 19 - id)));
    let changed = run().await;
    assert_eq!((changed.read, changed.known), (1, 3));
    // A vacuum finds the ledger, and spares it.
    let vacuum = lake::VacuumOptions {
        keep: std::time::Duration::ZERO,
        force: true,
        dry_run: false,
    };
    let vacuumed = lake.vacuum(&vacuum).await.expect("vacuumed");
    let tables: Vec<&str> = vacuumed.iter().map(|table| table.table).collect();
    assert_eq!(tables, ["cloudtrail", "sources"]);
    assert_eq!(run().await.known, 4);
    assert_eq!(contents(&lake).await, records(0..80));
}
