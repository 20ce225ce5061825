//! Lakes held against their sources: sound ones, and ones that lost or changed something.

mod large;

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringViewArray};
use flate2::{Compression, write::GzEncoder};
use ingest::Options;
use ingest::verify::{Compared, Finding, Place, Verification, What, verify};
use lake::Lake;
use lake::cloudtrail::house;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use proptest::prelude::*;
use serde_json::Value;

/// An archive and a lake in a folder of their own.
struct Pair {
    folder: tempfile::TempDir,
}

impl Pair {
    fn new() -> Pair {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("archive")).expect("made");
        Pair { folder }
    }

    fn archive(&self) -> PathBuf {
        self.folder.path().join("archive")
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        fs::write(self.archive().join(name), bytes).expect("written");
    }

    async fn lake(&self) -> Lake {
        let path = self.folder.path().join("lake");
        let opened = Lake::open_or_create(path.to_str().expect("a name")).await;
        opened.expect("a lake")
    }

    async fn ingest(&self) -> ingest::Report {
        // Read again what was read before: to be folded, or set aside once more.
        let options = Options {
            again: true,
            ..Options::default()
        };
        let lake = self.lake().await;
        let report = ingest::ingest(&[self.archive()], &lake, &options, ingest::quiet()).await;
        report.expect("ingested")
    }

    async fn verify_with(&self, options: &Options) -> Verification {
        let lake = self.lake().await;
        let report = verify(&[self.archive()], &lake, options, ingest::quiet()).await;
        let report = report.expect("verified");
        let Compared {
            read,
            found,
            folded,
            set_aside,
            missing,
        } = report.records;
        assert_eq!(read, found + folded + set_aside + missing);
        let columns = report.columns;
        assert_eq!(columns.made, columns.equal + columns.different);
        report
    }

    async fn verify(&self) -> Verification {
        self.verify_with(&Options::default()).await
    }

    async fn rows(&self) -> Vec<RecordBatch> {
        let mut all = Vec::new();
        for path in self.files().await {
            all.extend(read(&path));
        }
        all
    }

    async fn files(&self) -> Vec<PathBuf> {
        let lake = self.lake().await;
        let files = lake.snapshot().await.expect("a snapshot").files;
        let path = |file: &lake::File| lake.folder().join(&file.path);
        files.iter().map(path).collect()
    }

    /// Writes a text column of all files anew.
    async fn change(&self, column: &str, change: impl Fn(Option<&str>) -> Option<String>) {
        for path in self.files().await {
            let batches = read(&path);
            let schema = batches[0].schema();
            let place = schema.index_of(column).expect("a column");
            let file = File::create(&path).expect("a file");
            let mut writer = ArrowWriter::try_new(file, schema.clone(), None).expect("a writer");
            for batch in batches {
                let mut arrays = batch.columns().to_vec();
                let values = arrays[place].as_string_view();
                let values = values.iter().map(&change).collect::<StringViewArray>();
                arrays[place] = Arc::new(values) as ArrayRef;
                let batch = RecordBatch::try_new(schema.clone(), arrays).expect("a batch");
                writer.write(&batch).expect("written");
            }
            writer.close().expect("closed");
        }
    }

    fn finding(&self, name: &str, index: u64, what: What) -> Finding {
        Finding {
            object: self.archive().join(name).to_string_lossy().into_owned(),
            place: Place::Index(index),
            what,
        }
    }
}

fn read(path: &PathBuf) -> Vec<RecordBatch> {
    let file = File::open(path).expect("a file");
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).expect("Parquet");
    let reader = builder.build().expect("a reader");
    reader.map(|batch| batch.expect("a batch")).collect()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).expect("packed");
    encoder.finish().expect("packed")
}

fn log(records: &[String]) -> String {
    format!("{{\"Records\":[{}]}}", records.join(","))
}

fn record(id: u32) -> String {
    format!(
        r#"{{"eventVersion":"1.08","eventTime":"2024-01-{:02}T{:02}:00:07Z","eventID":"id-{id}","eventName":"GetObject","eventSource":"s3.amazonaws.com","recipientAccountId":"123456789012","userIdentity":{{"type":"Root","arn":"arn:aws:iam::123456789012:root"}},"readOnly":{},"requestParameters":{{ "bucketName": "b\u00e9","key":1.50 }}}}"#,
        id % 3 + 1,
        id % 24,
        if id.is_multiple_of(5) {
            "\"yes\""
        } else {
            "true"
        },
    )
}

fn records(ids: std::ops::Range<u32>) -> Vec<String> {
    ids.map(record).collect()
}

fn counts(found: u64, folded: u64, set_aside: u64, missing: u64) -> Compared {
    Compared {
        read: found + folded + set_aside + missing,
        found,
        folded,
        set_aside,
        missing,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_lake_is_proved_sound() {
    let pair = Pair::new();
    let spaced: Vec<_> = records(10..20)
        .iter()
        .map(|record| record.replace("\":", "\" : "))
        .collect();
    let nameless = r#"{"eventVersion":"1.01","eventName":"Old","eventTime":"never"}"#.to_owned();
    pair.put("a.json.gz", &gzip(&log(&records(0..200))));
    pair.put(
        "b.json",
        log(&[records(150..300), spaced].concat()).as_bytes(),
    );
    pair.put("c.json", format!("{nameless}\n{nameless}\n").as_bytes());
    pair.ingest().await;
    let lines = [records(0..300), vec![nameless]].concat();
    let bytes: usize = lines.iter().map(String::len).sum();

    // However many batches it takes.
    for memory in [1 << 30, 1] {
        let options = Options {
            memory,
            ..Options::default()
        };
        let report = pair.verify_with(&options).await;
        assert!(report.is_sound(), "{report:?}");
        assert_eq!(report.records, counts(301, 61, 0, 0));
        assert_eq!((report.bytes, report.others), (bytes as u64, 0));
        assert_eq!(report.columns.rows, 301);
        let each = lake::cloudtrail::columns().len() as u64 + 3;
        assert_eq!(report.columns.equal, 301 * each);
    }

    // A part of the sources says of the rest that it is not theirs; a copy elsewhere is as good.
    fs::remove_file(pair.archive().join("a.json.gz")).expect("removed");
    fs::rename(pair.archive().join("b.json"), pair.archive().join("copy")).expect("renamed");
    let report = pair.verify().await;
    assert!(report.is_sound());
    assert_eq!(report.records, counts(151, 11, 0, 0));
    assert_eq!(report.others, 150);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_lake_does_not_have_is_named() {
    let pair = Pair::new();
    pair.put("a.json", log(&records(0..30)).as_bytes());
    pair.ingest().await;
    let altered = record(7).replace("GetObject", "PutObject");
    let more = [records(28..31), vec![altered]].concat();
    pair.put("b.json.gz", &gzip(&log(&more)));
    let report = pair.verify().await;
    assert!(!report.is_sound());
    assert_eq!(report.records, counts(30, 2, 0, 2));
    assert_eq!(
        report.findings,
        [
            pair.finding("b.json.gz", 2, What::Missing),
            pair.finding("b.json.gz", 3, What::Missing)
        ]
    );
    pair.ingest().await;
    assert!(pair.verify().await.is_sound());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_column_is_named() {
    let columns = [
        "event_name",
        "error_code",
        "request_parameters",
        "user_identity_arn",
        house::MISTYPED,
        house::ACCOUNT_ID,
    ];
    for column in columns {
        let pair = Pair::new();
        pair.put("a.json", log(&records(0..1)).as_bytes());
        pair.ingest().await;
        pair.change(column, |value| match value {
            Some(value) => Some(value.to_uppercase() + " "),
            None => Some("x".to_owned()),
        })
        .await;
        let report = pair.verify().await;
        assert!(!report.is_sound(), "{column}");
        let what = What::Different {
            column: column.to_owned(),
        };
        assert_eq!(report.findings, [pair.finding("a.json", 0, what)]);
        assert_eq!(report.records, counts(1, 0, 0, 0));
        assert_eq!(report.columns.different, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_record_is_missing() {
    let pair = Pair::new();
    pair.put("a.json", log(&records(0..2)).as_bytes());
    pair.ingest().await;
    pair.change(house::CONTENT, |value| {
        Some(value?.replace("id-1\",\"eventName\":\"Get", "id-1\",\"eventName\":\"Put"))
    })
    .await;
    let report = pair.verify().await;
    assert_eq!(report.records, counts(1, 0, 0, 1));
    let missing = pair.finding("a.json", 1, What::Missing);
    assert_eq!(report.findings, [missing]);
    assert_eq!(report.others, 1);
}

/// Any value, told as text: numbers beyond all types, strings with every escape, names that are declared or nearly so.
fn any_value() -> impl Strategy<Value = String> {
    let string = prop_oneof![
        Just(r#""2024-02-29T23:59:59Z""#.to_owned()),
        Just(r#""2024-02-29T23:59:59.5+01:00""#.to_owned()),
        Just(r#""\ud83d\ude00 \u0000 \/""#.to_owned()),
        Just(r#""\ud83d lone""#.to_owned()),
        any::<String>().prop_map(|text| Value::from(text).to_string()),
    ];
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<i64>().prop_map(|value| value.to_string()),
        any::<f64>()
            .prop_filter("JSON has none", |value| value.is_finite())
            .prop_map(|value| format!("{value:e}")),
        Just("-0".to_owned()),
        Just("1e999".to_owned()),
        Just("123456789012345678901234567890.0".to_owned()),
        string,
    ];
    leaf.prop_recursive(4, 24, 4, |value| {
        prop_oneof![
            proptest::collection::vec(value.clone(), 0..4)
                .prop_map(|values| format!("[{}]", values.join(" ,\t"))),
            proptest::collection::vec((any_key(), value), 0..5).prop_map(object),
        ]
    })
}

fn object(members: Vec<(String, String)>) -> String {
    let member = |(key, value): (String, String)| format!("{} : {value}", Value::from(key));
    let members: Vec<_> = members.into_iter().map(member).collect();
    format!("{{{}}}", members.join(", "))
}

/// Keys of declared paths, others that differ from them by case, and any.
fn any_key() -> impl Strategy<Value = String> {
    let mut keys: Vec<String> = lake::cloudtrail::columns()
        .into_iter()
        .flat_map(|column| column.path)
        .collect();
    keys.sort();
    keys.dedup();
    prop_oneof![
        8 => proptest::sample::select(keys.clone()),
        2 => proptest::sample::select(keys).prop_map(|key| key.to_uppercase()),
        1 => any::<String>(),
        1 => Just(String::new()),
    ]
}

fn any_record() -> impl Strategy<Value = String> {
    let second = 0_u32..172_800;
    let known = (second, 0_u32..6).prop_map(|(second, id)| {
        let (day, hour, minute) = (second / 86_400 + 1, second / 3_600 % 24, second / 60 % 60);
        let time = format!(
            "\"2024-01-{day:02}T{hour:02}:{minute:02}:{:02}Z\"",
            second % 60
        );
        [
            ("eventVersion", "\"1.08\"".to_owned()),
            ("eventID", format!("\"{id}\"")),
            ("eventTime", time),
        ]
        .map(|(key, value)| (key.to_owned(), value))
    });
    (
        known,
        proptest::collection::vec((any_key(), any_value()), 0..12),
    )
        .prop_map(|(known, members)| object(known.into_iter().chain(members).collect()))
}

/// The bytes of an object that holds these records.
fn contained(form: u8, records: &[String]) -> Vec<u8> {
    let texts = |field: &str| {
        let text = |record: &String| format!("{{\"{field}\":{}}}", Value::from(&**record));
        records.iter().map(text).collect::<Vec<_>>()
    };
    match form % 7 {
        0 => log(records).into_bytes(),
        1 => gzip(&log(records)),
        2 => format!("\u{feff}[{}]", records.join(",")).into_bytes(),
        3 => records.join("\n").into_bytes(),
        4 => texts("_raw").join("\n").into_bytes(),
        5 => format!("{{\"Events\":[{}]}}", texts("CloudTrailEvent").join(",")).into_bytes(),
        _ => {
            let message = format!(
                "{{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[{}]}}",
                texts("message").join(",")
            );
            gzip(&message)
        }
    }
}

/// The value at a path by serde_json's own tree; of members with one name the last.
fn at<'a>(tree: &'a Value, path: &[String]) -> Option<&'a Value> {
    let found = path.iter().try_fold(tree, |value, key| value.get(key));
    found.filter(|value| !value.is_null())
}

/// Whether an array stands on the way to a value.
fn through_array(tree: &Value, path: &[String]) -> bool {
    let ways = (1..path.len()).filter_map(|length| at(tree, &path[..length]));
    ways.into_iter().any(Value::is_array)
}

/// Holds the columns of a row against serde_json's tree of its record, where serde_json takes the record at all.
fn check_columns(rows: &RecordBatch, row: usize) {
    let text = |column: &str| {
        let array = rows.column_by_name(column).expect(column).as_string_view();
        array.is_valid(row).then(|| array.value(row))
    };
    let content = text(house::CONTENT).expect("a record");
    let Ok(tree) = serde_json::from_str::<Value>(content) else {
        return;
    };
    let mistyped = text(house::MISTYPED).unwrap_or_default();
    for column in lake::cloudtrail::columns() {
        let due = at(&tree, &column.path);
        let listed = mistyped.split(',').any(|name| name == column.name);
        match (column.kind, due) {
            (lake::Kind::Timestamp, _) => {}
            (lake::Kind::Text, Some(Value::String(due))) => {
                assert_eq!((text(&column.name), listed), (Some(&**due), false));
            }
            (lake::Kind::Boolean, Some(Value::Bool(due))) => {
                let array = rows.column_by_name(&column.name).expect("a column");
                let array = array.as_boolean();
                assert!(array.is_valid(row) && array.value(row) == *due && !listed);
            }
            (lake::Kind::Json, Some(due)) => {
                let stored = text(&column.name).expect("a value");
                assert!(content.contains(stored) && !listed);
                assert_eq!(
                    serde_json::from_str::<Value>(stored).ok().as_ref(),
                    Some(due)
                );
            }
            (_, due) => {
                let array = rows.column_by_name(&column.name).expect("a column");
                assert!(array.is_null(row), "{}", column.name);
                let other = due.is_some() || through_array(&tree, &column.path);
                assert_eq!(other, listed, "{}", column.name);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    /// Whatever records hold and whatever they come in: nothing is lost, and the columns say what the text says.
    #[test]
    fn any_records_in_any_containers_are_kept(
        objects in proptest::collection::vec((any::<u8>(), proptest::collection::vec(any_record(), 1..6)), 1..5)
    ) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let pair = Pair::new();
            let mut given = 0;
            for (place, (form, records)) in objects.iter().enumerate() {
                given += records.len() as u64;
                pair.put(&format!("{place}"), &contained(*form, records));
            }
            let ingested = pair.ingest().await.records;
            assert_eq!((ingested.read, ingested.rejected), (given, 0));
            let report = pair.verify().await;
            assert!(report.is_sound(), "{report:?}");
            assert_eq!(report.records.read, given);
            assert_eq!((report.records.found, report.others), (ingested.written, 0));
            for rows in pair.rows().await {
                (0..rows.num_rows()).for_each(|row| check_columns(&rows, row));
            }
        });
    }
}

/// All that was set aside: object, place, count, bytes.
async fn set_aside(lake: &Lake) -> Vec<(u64, u64, u64, Vec<u8>)> {
    let mut all = Vec::new();
    let taken = lake.rejected(|rejected| {
        let lake::Rejected {
            at,
            index,
            count,
            bytes,
            ..
        } = rejected;
        all.push((at, index, count, bytes));
    });
    taken.await.expect("read");
    all.sort();
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_a_row_is_set_aside_once() {
    let pair = Pair::new();
    let good = record(1);
    let deep = format!("{}{}", "[".repeat(2_000), "]".repeat(2_000));
    let deep = format!("{{\"eventName\":{deep}}}");
    let large = format!("{{\"eventName\":\"{}\" 1}}", "x".repeat(2 << 20));
    let bad: [&[u8]; 5] = [
        b"{\"eventName\":\"\xff\"}",
        deep.as_bytes(),
        b"17",
        b"18",
        large.as_bytes(),
    ];
    let mut object = b"{\"Records\":[".to_vec();
    let mut places = Vec::new();
    for one in bad {
        object.extend_from_slice(good.as_bytes());
        object.push(b',');
        places.push(object.len() as u64);
        object.extend_from_slice(one);
        object.push(b',');
    }
    // Two that stand side by side and have the same fault are kept as one.
    object.extend_from_slice(b" 1, 2]}");
    pair.put("a.json", &object);
    let report = pair.ingest().await.records;
    assert_eq!((report.read, report.rejected), (12, 7));
    let mut expected: Vec<_> = bad
        .iter()
        .zip(&places)
        .enumerate()
        .map(|(place, (bytes, at))| (*at, place as u64 * 2 + 1, 1, bytes.to_vec()))
        .collect();
    let last = object.len() as u64 - 6;
    expected.push((last, 10, 2, b"1, 2".to_vec()));
    assert_eq!(set_aside(&pair.lake().await).await, expected);

    let verified = pair.verify().await;
    assert!(verified.is_sound(), "{verified:?}");
    assert_eq!(verified.records, counts(1, 4, 7, 0));

    // A second time, and from an object that has one more.
    pair.ingest().await;
    pair.put("b.json", b"{\"Records\":[{\"eventName\":x}]}");
    assert_eq!(pair.verify().await.records, counts(1, 4, 7, 1));
    pair.ingest().await;
    assert_eq!(set_aside(&pair.lake().await).await.len(), 7);
    assert_eq!(pair.lake().await.count_rejected().await.expect("read"), 8);
    assert!(pair.verify().await.is_sound());

    let folder = pair.folder.path().join("lake/rejected");
    #[cfg(unix)]
    for entry in fs::read_dir(&folder).expect("a folder") {
        use std::os::unix::fs::PermissionsExt;
        let mode = entry
            .expect("an entry")
            .metadata()
            .expect("there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0);
    }
    fs::remove_dir_all(folder).expect("removed");
    assert_eq!(pair.verify().await.records, counts(1, 4, 0, 8));
}

/// A column that a lake declared is compared in the files that have it, before and after a compaction fills it in.
#[tokio::test(flavor = "multi_thread")]
async fn a_column_of_the_lakes_own_is_compared_where_files_have_it() {
    let noted = |id: u32| record(id).replace("\"key\":1.50", &format!("\"note\":\"n{id}\""));
    let all: Vec<String> = (0..12).map(noted).collect();
    let pair = Pair::new();
    pair.put("a.json", log(&all[..6]).as_bytes());
    pair.ingest().await;
    let before = pair.verify().await.columns;
    assert_eq!((before.rows, before.different), (6, 0));
    let lake = pair.lake().await;
    let path = lake::parse_path("requestParameters.note").expect("a path");
    let declared = lake.declare(&path, lake::Kind::Text).await;
    let name = declared.expect("declared").name;
    assert_eq!(pair.verify().await.columns, before);

    pair.put("b.json", log(&all[6..]).as_bytes());
    pair.ingest().await;
    let after = pair.verify().await;
    assert!(after.is_sound(), "{after:?}");
    // Six rows with a column more.
    assert_eq!(after.columns.made, 2 * before.made + 6);
    let options = ingest::compact::Options::default();
    let compacted = ingest::compact::compact(&lake, &options, Arc::new(())).await;
    assert_eq!(compacted.expect("compacted").days.len(), 3);
    let compacted = pair.verify().await;
    assert!(compacted.is_sound(), "{compacted:?}");
    assert_eq!(compacted.columns.made, 2 * before.made + 12);

    pair.change(&name, |value| match value {
        Some("n7") => Some("n8".to_owned()),
        value => value.map(str::to_owned),
    })
    .await;
    let what = What::Different { column: name };
    let changed = pair.verify().await;
    assert_eq!(changed.findings, [pair.finding("b.json", 1, what)]);
}
