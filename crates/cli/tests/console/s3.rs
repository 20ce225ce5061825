//! The binary at an S3 on loopback: archives and lakes there, and what is said where that fails.

use crate::run::{Ended, Folder, log, record};
use crate::server::{Fault, KEY, Server};

/// Runs the binary with this server as its S3.
fn run(folder: &Folder, server: &Server, arguments: &[&str]) -> Ended {
    let variables = [
        ("AWS_ENDPOINT_URL", server.url.as_str()),
        ("AWS_ACCESS_KEY_ID", KEY.0),
        ("AWS_SECRET_ACCESS_KEY", KEY.1),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ];
    folder.run_with(arguments, &variables, "")
}

/// Three logs of two days and two regions; one event of each repeats in the next.
pub(crate) fn archive(put: impl Fn(&str, &[u8])) {
    for (place, (region, day)) in [("eu-west-1", 9), ("eu-west-1", 10), ("us-east-1", 10)]
        .into_iter()
        .enumerate()
    {
        let records: Vec<String> = (place..place + 3)
            .map(|id| {
                let source =
                    format!("\"awsRegion\":\"{region}\",\"sourceIPAddress\":\"10.0.0.{id}\"");
                record(
                    &format!("e-{place}-{id}"),
                    &format!("2024-03-{day:02}T08:0{id}:00Z"),
                    &source,
                )
            })
            .collect();
        let records: Vec<&str> = records.iter().map(String::as_str).collect();
        let key = format!(
            "AWSLogs/111122223333/CloudTrail/{region}/2024/03/{day:02}/111122223333_CloudTrail_{region}_202403{day:02}T0810Z_x.json"
        );
        put(&key, log(&records).as_bytes());
    }
}

#[test]
fn a_lake_in_a_bucket_answers_as_one_on_disk() {
    let (folder, server) = (Folder::new(), Server::start());
    archive(|key, bytes| server.put(&format!("trail/{key}"), bytes));
    archive(|key, bytes| _ = folder.file(&format!("archive/{key}"), bytes));
    folder.run(&["ingest", "archive", "--lake", "lake"]).with(0);
    let there = "s3://house/lakes/one";
    run(
        &folder,
        &server,
        &["ingest", "s3://trail/AWSLogs", "--lake", there],
    )
    .with(0)
    .prints("")
    .says(&[
        "objects  3 found = 3 read\n",
        "events   9 read = 9 new + 0 folded + 0 rejected\n",
        "next: trailsift query 'fetch logs | limit 10' --lake s3://house/lakes/one",
    ]);
    for query in [
        "fetch logs | summarize n = count(), first = min(timestamp), by: {aws.region}",
        "fetch logs | parse content, \"JSON:event\" | filter event[sourceIPAddress] == \"10.0.0.3\" | fields event[eventID], content",
        "fetch logs | sort timestamp | fields timestamp, aws.region, aws.account.id",
        "fetch cloudtrail, from: \"2024-03-10T00:00:00Z\", to: \"2024-03-11T00:00:00Z\" | fields eventID, awsRegion | sort eventID",
    ] {
        let query = |lake| run(&folder, &server, &["query", query, "--lake", lake]).with(0);
        let (disk, bucket) = (query("lake"), query(there));
        assert!(disk.out.lines().count() > 0, "{disk:?}");
        assert_eq!(disk.out, bucket.out);
    }
    let info = |lake| {
        let ended = run(&folder, &server, &["lake", "info", "--lake", lake]).with(0);
        let events = ended
            .out
            .lines()
            .filter(|line| line.contains("events") || line.contains("time"));
        events.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(info("lake"), info(there));
    let detect = |lake| {
        let arguments = [
            "detect", "--lake", lake, "--now", "latest", "--format", "ndjson",
        ];
        run(&folder, &server, &arguments).with(0).out
    };
    assert_eq!(detect("lake"), detect(there));
    let bench = |lake, cold: &str| {
        let arguments = [
            "bench",
            "--lake",
            lake,
            "--rounds",
            "1",
            "--only",
            "count,needle-address,top-errors",
            "--format",
            "json",
        ];
        let out = run(&folder, &server, &arguments).with(0).out;
        assert!(
            out.contains(&format!("\"cold_is\":\"cold: {cold}")),
            "{out}"
        );
        let answers = out.split("\"answer\":\"").skip(1);
        let answers: Vec<String> = answers.map(|rest| rest[..16].to_owned()).collect();
        assert_eq!(answers.len(), 3, "{out}");
        answers
    };
    assert_eq!(bench("lake", ""), bench(there, "the lake opened anew"));
    let lookup = "fetch logs | parse content, \"JSON:event\" | fieldsAdd ip = event[sourceIPAddress] \
                  | lookup [load \"/lookups/net/hosts\"], sourceField: ip, lookupField: ip, fields: {host} | filter isNotNull(host) \
                  | summarize n = count(), by: {host}";
    server.put(
        "house/lakes/one/lookups/net/hosts.csv",
        "ip,host\n10.0.0.2,printer\n",
    );
    server.put("house/lakes/one/lookups/other.csv", "a\n1\n");
    run(&folder, &server, &["query", lookup, "--lake", there])
        .with(0)
        .prints("{\"host\":\"printer\",\"n\":3}\n");
    run(
        &folder,
        &server,
        &["query", "load \"/lookups/none\"", "--lake", there],
    )
    .with(2)
    .says(&["there is no lookup table `/lookups/none`", "/lookups/other"]);
    // One thread waits for S3 and plans by itself.
    let keys = "fetch logs | parse content, \"JSON:event\" | fieldsFlatten event | fields event.eventID | sort event.eventID | limit 1";
    let one = ["query", keys, "--lake", there, "--threads", "1"];
    run(&folder, &server, &one)
        .with(0)
        .prints("{\"event.eventID\":\"e-0-0\"}\n");
}

#[test]
fn a_dry_run_tells_and_reads_nothing() {
    let (folder, server) = (Folder::new(), Server::start());
    archive(|key, bytes| server.put(&format!("trail/{key}"), bytes));
    let dry = ["ingest", "s3://trail", "--dry-run", "--from", "2024-03-10"];
    let ended = run(&folder, &server, &dry).with(0);
    let lines: Vec<Vec<&str>> = ended
        .out
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(
        lines[0],
        ["account", "region", "delivered", "objects", "bytes"]
    );
    assert_eq!(
        lines[1][..4],
        ["111122223333", "eu-west-1", "2024-03-10", "1"]
    );
    assert_eq!(
        lines[2][..4],
        ["111122223333", "us-east-1", "2024-03-10", "1"]
    );
    assert_eq!(lines[3][..2], ["all", "2"]);
    assert!(
        !server.log().iter().any(|request| request.contains(".json")),
        "an object was read"
    );
    // The same of the same archive on disk, as JSON.
    archive(|key, bytes| _ = folder.file(&format!("archive/{key}"), bytes));
    let json = |source: &str| {
        let arguments = [
            "ingest",
            source,
            "--dry-run",
            "--format",
            "json",
            "--region",
            "us-east-1",
        ];
        run(&folder, &server, &arguments).with(0).out
    };
    assert!(
        json("archive").starts_with("{\"objects\":1,\"bytes\":"),
        "{}",
        json("archive")
    );
    let parts = |text: String| {
        text.split_once("\"parts\"")
            .map(|(_, parts)| parts.to_owned())
    };
    assert_eq!(parts(json("archive")), parts(json("s3://trail")));
}

#[test]
fn what_s3_refuses_is_said_with_what_to_do() {
    let (folder, server) = (Folder::new(), Server::start());
    archive(|key, bytes| server.put(&format!("trail/{key}"), bytes));
    let archived = Fault::Refused(403, "InvalidObjectState", "");
    server.fail(
        "GET trail/AWSLogs/111122223333/CloudTrail/us-east-1",
        1,
        archived,
    );
    run(
        &folder,
        &server,
        &["ingest", "s3://trail", "--lake", "lake"],
    )
    .with(4)
    .says(&[
        "2 read + 1 failed",
        "events   6 read = 6 new",
        "archived in Glacier; restore it",
    ]);
    let denied = Fault::Refused(403, "AccessDenied", "");
    server.fail("GET trail", 1, denied);
    run(
        &folder,
        &server,
        &["ingest", "s3://trail", "--lake", "other"],
    )
    .with(3)
    .says(&["s3://trail/: S3 denies access", "s3:ListBucket"]);
    assert!(
        !folder.path("other").exists(),
        "a lake was made for nothing"
    );
    run(
        &folder,
        &server,
        &["query", "fetch logs", "--lake", "s3://house/none"],
    )
    .with(3)
    .says(&["there is no lake at s3://house/none"]);
    // A lake whose data files may be listed, and not read; and one that may not be written.
    let ingest = ["ingest", "s3://trail", "--lake", "s3://house/one"];
    run(&folder, &server, &ingest).with(0);
    let kms = "User: x is not authorized to perform: kms:Decrypt on resource: y";
    let key = Fault::Refused(403, "AccessDenied", kms);
    server.fail("GET house/one/cloudtrail/event_date", 1, key);
    let query = [
        "query",
        "fetch logs | fields content",
        "--lake",
        "s3://house/one",
    ];
    let ended = run(&folder, &server, &query)
        .with(3)
        .says(&["its KMS key can't be used"]);
    assert!(!ended.err.contains("<Error>"), "{}", ended.err);
    archive(|key, bytes| {
        let text = String::from_utf8_lossy(bytes).replace("e-", "f-");
        server.put(&format!("more/{key}"), text);
    });
    server.fail("PUT house/one/cloudtrail/_delta_log", 1, denied);
    let more = ["ingest", "s3://more", "--lake", "s3://house/one"];
    let ended = run(&folder, &server, &more).with(3).says(&[
        "s3://house/one/cloudtrail: S3 denies access",
        "s3:PutObject",
    ]);
    assert!(!ended.err.contains("<Error>"), "{}", ended.err);
    run(&folder, &server, &more)
        .with(0)
        .says(&["9 read = 9 new"]);
    let stranger = [
        ("AWS_ENDPOINT_URL", server.url.as_str()),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("HOME", "/nonexistent"),
    ];
    folder
        .run_with(&["ingest", "s3://trail", "--lake", "other"], &stranger, "")
        .with(3)
        .says(&["there are no AWS credentials"]);
}

/// Archives in a bucket are asked where they are: only folders of the timeframe are listed, and nothing is written.
#[test]
fn an_archive_in_a_bucket_is_asked_as_one_on_disk() {
    let (folder, server) = (Folder::new(), Server::start());
    archive(|key, bytes| server.put(&format!("trail/{key}"), bytes));
    archive(|key, bytes| _ = folder.file(&format!("archive/{key}"), bytes));
    let query = "fetch logs | fields timestamp, content, aws.region | sort timestamp, content";
    let over = |source: &str, times: &[&str]| {
        let arguments = [&["query", query, "--archive", source], times].concat();
        run(&folder, &server, &arguments).with(0)
    };
    for times in [
        &[][..],
        &["--from", "2024-03-10", "--to", "2024-03-11"],
        &["--from", "-2min", "--now", "latest"],
    ] {
        let (disk, bucket) = (over("archive", times), over("s3://trail/AWSLogs", times));
        assert!(disk.out.lines().count() > 1, "{disk:?}");
        assert_eq!(disk.out, bucket.out);
    }
    // What has no objects in the timeframe has no records in it.
    over(
        "s3://trail/AWSLogs",
        &["--from", "2023-03-10", "--to", "2023-03-11"],
    )
    .prints("");
    run(
        &folder,
        &server,
        &["query", query, "--archive", "s3://trail/nothing"],
    )
    .with(3)
    .says(&["there is nothing at s3://trail/nothing"]);
    run(
        &folder,
        &server,
        &["query", query, "--archive", "s3://missing"],
    )
    .with(3);
}
