//! Large objects, which are read piece by piece, and values that are larger than any row.

use std::fs::{self, File};
use std::path::PathBuf;

use ingest::Options;

use super::{Pair, counts, gzip, log, record, set_aside};

#[tokio::test(flavor = "multi_thread")]
async fn a_large_object_goes_in_piece_by_piece() {
    let fill = "y".repeat(3_000);
    let large: Vec<String> = (0..6_000)
        .map(|id| record(id).replace("b\\u00e9", &fill))
        .collect();
    let bad = "{\"eventName\":x}".to_owned();
    let all = [large.clone(), vec![bad]].concat();
    let lines = large.join("\n").into_bytes();
    // About 20 MB of text, with memory for less than one piece of it.
    let options = Options {
        memory: 1 << 20,
        threads: 2,
        ..Options::default()
    };
    for (bytes, rejected) in [(gzip(&log(&all)), 1), (lines, 0)] {
        let pair = Pair::new();
        pair.put("a.json", &bytes);
        pair.put("b.json", log(&large[..10]).as_bytes());
        let lake = pair.lake().await;
        let report = ingest::ingest(&[pair.archive()], &lake, &options, ingest::quiet()).await;
        let report = report.expect("ingested");
        assert!(report.versions.len() > 1);
        assert_eq!((report.objects.found, report.objects.read), (2, 2));
        let records = report.records;
        assert_eq!((records.read, records.written), (6_010 + rejected, 6_000));
        assert_eq!((records.folded, records.rejected), (10, rejected));
        let verified = pair.verify_with(&options).await;
        assert!(verified.is_sound(), "{verified:?}");
        assert_eq!(verified.records, counts(6_000, 10, rejected, 0));
        let aside = set_aside(&lake).await;
        let places: Vec<u64> = aside.iter().map(|aside| aside.1).collect();
        assert_eq!(places, vec![6_000; rejected as usize]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_beyond_all_bounds_is_set_aside_packed() {
    let pair = Pair::new();
    let huge = format!("{{\"eventName\":\"{}\"}}", "z".repeat(65 << 20));
    let text = log(&[record(0), huge.clone(), record(1)]);
    pair.put("a.json", text.as_bytes());
    for _ in 0..2 {
        let report = pair.ingest().await.records;
        assert_eq!((report.read, report.rejected), (3, 1));
    }
    let verified = pair.verify().await;
    assert!(verified.is_sound(), "{verified:?}");
    assert_eq!(verified.records, counts(2, 0, 1, 0));
    let folder = pair.folder.path().join("lake/rejected");
    let files = fs::read_dir(folder).expect("a folder");
    let paths = files.map(|entry| entry.expect("an entry").path());
    let packed: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|end| end == "zst"))
        .collect();
    assert_eq!(packed.len(), 1);
    let file = File::open(&packed[0]).expect("a file");
    assert!(zstd::decode_all(file).expect("packed") == huge.as_bytes());
    assert_eq!(pair.lake().await.count_rejected().await.expect("read"), 1);
}

/// What was set aside: places, counts and bytes, packed or not, of an archive that is ingested with so much memory.
async fn aside_with(
    object: &[u8],
    options: &Options,
) -> (ingest::Report, Vec<(u64, u64, Vec<u8>)>) {
    let pair = Pair::new();
    pair.put("a.json", object);
    let lake = pair.lake().await;
    let report = ingest::ingest(&[pair.archive()], &lake, options, ingest::quiet()).await;
    let report = report.expect("ingested");
    let verified = pair.verify_with(options).await;
    assert!(verified.is_sound(), "{verified:?}");
    assert_eq!(verified.records.set_aside, report.records.rejected);
    let folder = pair.folder.path().join("lake/rejected");
    let mut all = Vec::new();
    let taken = lake.rejected(|rejected| {
        let bytes = match rejected.file {
            Some(file) => {
                let file = File::open(folder.join(file)).expect("a file");
                zstd::decode_all(file).expect("packed")
            }
            None => rejected.bytes,
        };
        all.push((rejected.at, rejected.count, bytes));
    });
    taken.await.expect("read");
    all.sort();
    let left = fs::read_dir(&folder).into_iter().flatten();
    let left = left.filter(|entry| {
        let name = entry.as_ref().expect("an entry").file_name();
        name.to_string_lossy().ends_with(".tmp")
    });
    assert_eq!(left.count(), 0, "what is not needed is removed");
    (report, all)
}

/// Less memory than one object of these tests takes: it is read piece by piece.
fn little() -> Options {
    Options {
        memory: 1 << 20,
        threads: 1,
        ..Options::default()
    }
}

fn squeezed(parts: &[(u64, u64, Vec<u8>)]) -> Vec<u8> {
    let bytes = parts.iter().flat_map(|(.., bytes)| bytes);
    let is_between = |byte: &u8| b" \n,".contains(byte);
    bytes.copied().filter(|byte| !is_between(byte)).collect()
}

/// An object that is read in pieces may begin with many values that are no record: they count as they do in one that is
/// held whole, and are kept, however many they are.
#[tokio::test(flavor = "multi_thread")]
async fn what_stands_before_the_first_record_counts_in_pieces_too() {
    let records = [record(0), record(1)].join("\n");
    let value = format!("{{\"no\":\"{}\"}}", "n".repeat(1_000));
    let control = r#"{"messageType":"CONTROL_MESSAGE","logEvents":[]}"#;
    for (count, between) in [(2_000, "\n"), (6_000, "\n"), (5_000, control)] {
        let values = vec![value.as_str(); count];
        let object = format!("{}\n{records}\n", values.join(between));
        let (whole, aside) = aside_with(object.as_bytes(), &Options::default()).await;
        assert_eq!(whole.records.read, count as u64 + 2);
        assert_eq!(whole.records.rejected, count as u64);
        let (pieces, aside_of_pieces) = aside_with(object.as_bytes(), &little()).await;
        assert_eq!(pieces.records, whole.records);
        assert_eq!(pieces.objects, whole.objects);
        let counted: u64 = aside_of_pieces.iter().map(|(_, count, _)| count).sum();
        assert_eq!(counted, count as u64);
        assert_eq!(aside_of_pieces[0].0, 0);
        assert!(squeezed(&aside_of_pieces) == squeezed(&aside));
    }
}

/// Where nothing is a record, nothing is kept, and the object is named for what it is, in pieces as whole.
#[tokio::test(flavor = "multi_thread")]
async fn objects_without_records_are_named_alike_in_pieces() {
    let fill = "n".repeat(1_000);
    let value = format!("{{\"no\":\"{fill}\"}}\n");
    let digest = "{\"digestStartTime\":\"x\",\"logFiles\":[]}\n";
    for object in [
        value.repeat(6_000),
        value.repeat(3_000) + digest,
        value.repeat(3_000) + "{\"a\":",
        format!("{{\"a\":{}", value.repeat(3_000)),
        format!(
            "{{\"configurationItems\":[{}1]}}",
            value.replace('\n', ",").repeat(3_000)
        ),
    ] {
        let (whole, aside) = aside_with(object.as_bytes(), &Options::default()).await;
        assert!(aside.is_empty());
        assert_eq!(whole.objects.read, 0);
        let (pieces, aside) = aside_with(object.as_bytes(), &little()).await;
        assert!(aside.is_empty());
        assert_eq!(
            (pieces.records, pieces.objects),
            (whole.records, whole.objects)
        );
        let reasons = |report: &ingest::Report| -> Vec<String> {
            let problems = report.problems.iter();
            problems.map(|problem| problem.reason.to_string()).collect()
        };
        assert_eq!(reasons(&pieces), reasons(&whole), "{}", &object[..40]);
    }
}

/// Whatever stands in an object before its array of records hides none of them, and so it is with more than is ever held.
#[tokio::test(flavor = "multi_thread")]
async fn much_before_the_array_hides_no_record() {
    let records = format!("{},{}", record(0), record(1));
    let fill = "p".repeat(200);
    for bytes in [1 << 20, 66 << 20] {
        let elements = format!("{{\"Records\":[\"{fill}\"]}},").repeat(bytes / 200);
        for before in [
            format!("\"a\":\"{}\"", fill.repeat(bytes / 200)),
            format!("\"a\":[{elements}7],\"b\":1"),
        ] {
            let object = format!("{{{before},\"Records\":[{records}],\"c\":[]}}");
            let (report, aside) = aside_with(object.as_bytes(), &little()).await;
            assert_eq!((report.records.read, report.records.written), (2, 2));
            assert_eq!((report.objects.read, aside.len()), (1, 0));
        }
    }
    let behind = format!(
        "{{\"Records\":[{records}],\"c\":\"{}\"}}",
        fill.repeat(330_000)
    );
    let (report, aside) = aside_with(behind.as_bytes(), &little()).await;
    assert_eq!((report.records.read, report.records.written), (2, 2));
    assert_eq!((report.objects.read, aside.len()), (1, 0));
}

/// A line that is too large for a row is set aside, be it before the first record or behind it; where there are no
/// records, the object is left alone.
#[tokio::test(flavor = "multi_thread")]
async fn lines_beyond_all_bounds_are_set_aside_packed() {
    let huge = format!("{{\"eventName\":\"{}\"}}", "z".repeat(65 << 20));
    for lines in [
        vec![record(0), huge.clone(), record(1)],
        vec![huge.clone(), record(0), record(1)],
    ] {
        let (report, aside) = aside_with(lines.join("\n").as_bytes(), &little()).await;
        assert_eq!((report.records.read, report.records.rejected), (3, 1));
        assert_eq!((report.objects.read, aside.len()), (1, 1));
        assert!(aside[0].1 == 1 && aside[0].2 == huge.as_bytes());
        let place = aside[0].0 as usize;
        assert!(lines.join("\n")[place..].starts_with(&huge[..20]));
    }
    let (report, aside) = aside_with(format!("{huge}\n7").as_bytes(), &little()).await;
    assert_eq!((report.records.read, report.objects.skipped), (0, 1));
    assert!(aside.is_empty());
    // A line without an end takes those behind it along no further than the next line.
    let open = format!("{}\n{}\n{}", &huge[..huge.len() - 1], record(0), record(1));
    let (report, aside) = aside_with(open.as_bytes(), &little()).await;
    assert_eq!((report.records.read, report.records.written), (2, 2));
    assert_eq!((report.objects.broken, aside.len()), (1, 0));
}
