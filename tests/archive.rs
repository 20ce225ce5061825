//! Queries straight over archives give what they give over a lake of them.

use std::fs;
use std::path::{Path, PathBuf};

use engine::{Engine, Now, QueryOptions, Settings, Timeframe, Value};
use lake::Lake;

use crate::check::{TestLake, ask, ask_archives, latest, same_rows, wait, workspace};
use crate::differential::archive::Archive;
use crate::differential::ask::query;
use crate::differential::dice::Dice;
use crate::differential::interpret::ends;
use crate::differential::query::{Last, now};
use crate::naive::tutorial::QUERIES;

/// Seeds that every run tries; `PROPTEST_CASES` says another number, `DIFFERENTIAL_SEED` where they begin.
const CASES: u64 = 12;

/// Queries of many kinds: what columns answer, what texts do, joins of two passes, what the records themselves are asked
/// for before, order.
const OTHERS: &[&str] = &[
    "fetch logs | summarize count(), by: {aws.account.id, aws.region, dt.system.bucket, log.source}",
    "fetch logs | fields timestamp, content, log.source",
    "fetch cloudtrail | fields eventID, eventTime, readOnly, sourceIPAddress, userIdentity, requestParameters",
    "fetch cloudtrail | summarize count(), countDistinct(eventID), min(timestamp), max(timestamp), by: {eventName}",
    "fetch logs | parse content, \"JSON:e\" | fields a = e[eventTime], b = e[readOnly], c = e[userIdentity][arn], d = e[eventVersion]",
    "fetch logs | parse content, \"JSON:e\" | filter isNull(e[errorCode]) | summarize n = count(), by: {e[eventSource], toString(e[managementEvent])}",
    "fetch cloudtrail | sort timestamp desc, eventID | limit 20 | fields timestamp, eventID",
    "fetch cloudtrail | filter contains(eventName, \"Get\") | dedup eventName | fields eventName",
    "fetch cloudtrail | summarize a = count(), by: {eventName} | lookup [fetch cloudtrail | filter isNotNull(errorCode) | summarize b = count(), by: {eventName}], sourceField: eventName, lookupField: eventName",
    "fetch cloudtrail | filter eventName in [fetch cloudtrail | filter isNotNull(errorCode) | fields eventName] | summarize count()",
    "fetch cloudtrail | fields x = requestParameters | fieldsFlatten x | fieldsRemove x | summarize count()",
    "fetch logs | append [fetch logs, from: \"2024-11-27T00:00:00Z\", to: \"2024-11-28T00:00:00Z\"] | summarize count()",
    "fetch logs | makeTimeseries count(), by: {aws.region}, interval: 6h, from: \"2024-11-24T00:00:00Z\", to: \"2024-11-28T00:00:00Z\"",
    "fetch logs, samplingRatio: 10 | summarize count()",
    "fetch logs, bucket: \"my_*\" | search \"secret\" | summarize count()",
    "fetch cloudtrail, from: \"2024-11-25T10:00:00Z\", to: \"2024-11-25T22:00:00Z\" | summarize count(), by: {awsRegion}",
];

fn tutorial(name: &str) -> String {
    let path = workspace("data/queries/tutorial").join(name);
    fs::read_to_string(path.with_extension("dql")).unwrap()
}

/// The options of a query at noon behind the sample archive, so that nothing has to be read for `now()`.
fn at_noon() -> QueryOptions {
    QueryOptions {
        // 2024-11-27T17:43:28Z
        now: Some(Now::At(1_732_729_408_000_000_000)),
        ..QueryOptions::default()
    }
}

/// The records of a batch: all, or few, so that repeats of other batches are known by their ids alone.
fn batch(place: usize) -> u64 {
    [1 << 20, 300, 40][place % 3]
}

/// Holds the answer over an archive against that over its lake; gives how many rows there are.
fn same(query: &str, lake: &Path, archive: &Path, records: u64) -> usize {
    let over_lake = ask(Some(lake), query, &at_noon());
    let over_archive = ask_archives(&[archive.to_owned()], records, query, &at_noon());
    assert_eq!(over_archive.fields, over_lake.fields, "{query}");
    let rows = over_lake.rows.len();
    same_rows(query, over_archive.rows, over_lake.rows);
    rows
}

#[test]
fn the_sample_archive() {
    let archive = workspace("data/cloudtrail");
    let lake = TestLake::of(&archive);
    let tutorials = QUERIES.iter().map(|name| tutorial(name));
    let others = OTHERS.iter().map(|query| (*query).to_owned());
    for (place, query) in tutorials.chain(others).enumerate() {
        let rows = same(&query, &lake.path(), &archive, batch(place));
        assert!(rows > 0, "nothing was asked: {query}");
    }
}

/// What is broken, foreign, odd or sent again stands in it beside what was generated.
#[test]
fn generated_archives_with_damage() {
    for seed in 0..3 {
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("archive");
        let options = generate::Options {
            seed,
            events: 900,
            duplicates: 0.3,
            errors: 0.2,
            ..generate::Options::default()
        };
        generate::archive(&archive, &options).unwrap();
        damage(&archive, seed);
        let lake = TestLake::of(&archive);
        let report = &lake.report;
        assert!(
            report.records.rejected > 0 && report.objects.broken > 0,
            "{report:?}"
        );
        assert!(
            report.records.folded > 100 && report.objects.skipped > 0,
            "{report:?}"
        );
        let queries = QUERIES.iter().map(|name| tutorial(name));
        let others = OTHERS.iter().map(|query| (*query).to_owned());
        for (place, query) in queries.chain(others).enumerate() {
            same(&query, &lake.path(), &archive, batch(place));
        }
    }
}

/// Cuts objects off, writes some anew in other bytes, and puts odd ones beside them.
fn damage(archive: &Path, seed: u64) {
    let mut paths = Vec::new();
    let mut folders = vec![archive.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => paths.push(path),
            }
        }
    }
    paths.sort();
    for (place, path) in paths.iter().enumerate() {
        let bytes = fs::read(path).unwrap();
        match (place as u64 + seed) % 9 {
            0 => fs::write(path, &bytes[..bytes.len() / 2]).unwrap(),
            1 => {
                let mut text = String::new();
                let mut packed = flate2::read::MultiGzDecoder::new(bytes.as_slice());
                std::io::Read::read_to_string(&mut packed, &mut text).unwrap();
                let other = text.replace("\",\"", "\" ,\t\"");
                let name = format!("copy-{place}.json");
                fs::write(path.with_file_name(name), other).unwrap();
            }
            _ => {}
        }
    }
    let odd = r#"{"Records":[
        {"eventID":"o1","eventTime":"2024-11-26T10:00:00.5Z","eventName":7,"readOnly":"no","userIdentity":"root"},
        {"eventID":"o2","eventTime":1732615200,"errorCode":{"a":1},"requestParameters":[1,2]},
        {"eventID":"o1","eventTime":"2024-11-26T10:00:00.5Z","eventName":8},
        {"eventTime":"2024-11-26T10:00:00Z","eventName":"\u0047et"},
        {"eventTime":"2024-11-26T10:00:00Z","eventName":"\u0047et"},
        5, {"eventID":"o3","eventTime":"2024-11-26T1"#;
    fs::write(archive.join("odd.json"), odd).unwrap();
    fs::write(
        archive.join("broken.json"),
        "{\"Records\":[{\"a\":1},{\"a\":tru}]}",
    )
    .unwrap();
    fs::write(archive.join("readme.txt"), "no log").unwrap();
    fs::write(archive.join("other.json"), "{\"other\":true}").unwrap();
}

#[test]
fn random_archives() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let first: u64 = number("DIFFERENTIAL_SEED").unwrap_or(0);
    let cases = number("PROPTEST_CASES").unwrap_or(CASES);
    for seed in first..first + cases {
        let mut dice = Dice::new(seed);
        let archive = Archive::random(&mut dice);
        let records = archive.records();
        let folder = tempfile::tempdir().unwrap();
        let lake = archive.lake(folder.path());
        let sources: Vec<PathBuf> = ["early", "late"]
            .iter()
            .map(|name| folder.path().join(name))
            .filter(|source| source.exists())
            .collect();
        for place in 0..4 {
            let query = query(&mut dice, &records);
            // Which of those that sort alike are within a limit is nobody's to say.
            if matches!(query.last, Last::Sorted { .. }) {
                continue;
            }
            let options = QueryOptions {
                now: Some(Now::At(now() as i64)),
                ..QueryOptions::default()
            };
            let text = query.to_string();
            // Objects are chosen by the day of delivery, as an ingest of that time does it.
            let chosen = ends(&query).map(|(from, to)| {
                let lake = folder.path().join(format!("chosen-{place}"));
                select(&sources, &lake, from, to);
                lake
            });
            let over_lake = ask(Some(chosen.as_ref().unwrap_or(&lake)), &text, &options);
            let over_archive = ask_archives(&sources, 1 << (seed % 8), &text, &options);
            assert_eq!(over_archive.fields, over_lake.fields, "seed {seed}\n{text}");
            same_rows(
                &format!("seed {seed}\n{text}"),
                over_archive.rows,
                over_lake.rows,
            );
        }
    }
}

/// Ingests what of the sources was delivered in a timeframe, in nanoseconds, or on the day after it.
fn select(sources: &[PathBuf], lake: &Path, from: Option<i128>, to: i128) {
    let micros = |nanos: i128| i64::try_from(nanos.div_euclid(1_000)).unwrap();
    let options = ingest::Options {
        selection: ingest::Selection {
            from: from.map(micros),
            to: Some(micros(to + 999)),
            ..ingest::Selection::default()
        },
        ..ingest::Options::default()
    };
    let (sources, lake) = (sources.to_vec(), lake.to_str().unwrap().to_owned());
    wait(async move {
        let lake = Lake::open_or_create(&lake).await.unwrap();
        ingest::ingest(&sources, &lake, &options, ingest::quiet())
            .await
            .unwrap()
    });
}

/// `now` is one second behind the newest event, for which the archive is read first.
#[test]
fn the_newest_event() {
    let archive = workspace("data/cloudtrail");
    let query = "fetch logs, from: -30min | summarize n = count(), a = takeAny(now())";
    let lake = TestLake::of(&archive).ask(query, &latest());
    let found = ask_archives(&[archive], 1_000, query, &latest());
    assert!(lake.rows[0]["n"].as_i64() > Some(0));
    assert_eq!(found.rows, lake.rows);
}

/// SQL sees the same table, to the last column and its type.
#[test]
fn sql_reads_the_same_table() {
    let archive = workspace("data/cloudtrail");
    let lake = TestLake::of(&archive);
    let path = lake.path();
    wait(async move {
        let over_lake = Engine::open(path.to_str().unwrap(), Default::default())
            .await
            .unwrap();
        let over_archive = crate::check::over_archive(archive, Default::default())
            .await
            .unwrap();
        let bounded = QueryOptions {
            timeframe: Timeframe {
                from: Some(1_732_579_200_000_000_000),
                to: Some(1_732_622_400_000_000_000),
            },
            ..QueryOptions::default()
        };
        for (statement, options) in [
            (
                "SELECT * FROM cloudtrail ORDER BY source, source_index",
                QueryOptions::default(),
            ),
            (
                "SELECT event_date, mistyped, count(*) AS n FROM cloudtrail GROUP BY 1, 2 ORDER BY 1, 2",
                QueryOptions::default(),
            ),
            (
                "SELECT event_name, conflict FROM cloudtrail ORDER BY event_time, event_id, source_index",
                bounded,
            ),
        ] {
            let mut expected = over_lake.sql(statement, &options).await.unwrap();
            let mut found = over_archive.sql(statement, &options).await.unwrap();
            let names = |answer: &engine::Answer| -> Vec<_> {
                let fields = answer.fields.iter();
                fields
                    .map(|field| (field.name.clone(), field.ty.clone()))
                    .collect()
            };
            assert_eq!(names(&found), names(&expected));
            let rows = expected.rows().await.unwrap();
            assert!(rows.len() > 3);
            assert!(found.rows().await.unwrap() == rows, "{statement}");
        }
    });
}

/// A query that needs few records reads few objects, and one of some hours those of two days.
#[test]
fn not_everything_is_read() {
    let archive = workspace("data/cloudtrail");
    wait(async move {
        let engine = crate::check::over_archive(archive, Default::default())
            .await
            .unwrap();
        let read = async |text: &str| {
            let mut answer = engine.query(text, &at_noon()).await.unwrap();
            answer.rows().await.unwrap();
            let readings = answer.readings();
            let report = readings.report().unwrap();
            (readings.objects().unwrap(), report.objects, report.records)
        };
        let ((all, found), objects, records) = read("fetch logs | summarize count()").await;
        assert_eq!((all, objects.read), (found, found));
        assert_eq!(records.read, records.written + records.folded);
        let ((some, of), objects, _) =
            read("fetch logs, from: \"2024-11-25T01:00:00Z\", to: \"2024-11-25T02:00:00Z\" | summarize count()").await;
        assert_eq!((of, objects.read), (found, some));
        assert!(some > 0 && some < all * 9 / 10, "{some} of {all}");
        let (_, objects, _) = read("fetch logs | limit 3").await;
        assert!(objects.read < all, "{objects:?}");
        let ((none, _), objects, _) =
            read("fetch logs, from: \"2020-01-01T00:00:00Z\", to: \"2020-01-02T00:00:00Z\"").await;
        assert_eq!((none, objects.read), (0, 0));
    });
}

/// Ids are not spilled: what is beyond the memory for them is refused.
#[test]
fn ids_beyond_the_memory() {
    let folder = tempfile::tempdir().unwrap();
    for object in 0..40 {
        let record = |place| format!("{{\"eventID\":\"{object}-{place}\"}}");
        let records: Vec<String> = (0..50).map(record).collect();
        let text = format!("{{\"Records\":[{}]}}", records.join(","));
        fs::write(folder.path().join(format!("{object}.json")), text).unwrap();
    }
    let path = folder.path().to_owned();
    wait(async move {
        let ask = async |memory: usize, query: &str| {
            let settings = Settings {
                memory: Some(memory),
                threads: 1,
                ..Settings::default()
            };
            let archive = engine::Archive {
                batch_records: 100,
                ..engine::Archive::of(vec![path.clone()])
            };
            let engine = Engine::over_archive(archive, settings).await.unwrap();
            let mut answer = engine.query(query, &at_noon()).await.unwrap();
            let rows = answer.rows().await;
            assert!(rows.is_err() || answer.figures().rows_scanned == 2_000);
            rows
        };
        let once = "fetch logs | summarize n = count()";
        let rows = ask(800_000, once).await.unwrap();
        assert_eq!(rows, [[Value::Long(2_000)]]);
        // Passes share the memory.
        let twice = "fetch logs | append [fetch logs] | summarize n = count()";
        assert!(ask(800_000, twice).await.is_err());
        let rows = ask(1_600_000, twice).await.unwrap();
        assert_eq!(rows, [[Value::Long(4_000)]]);
        let error = ask(200_000, once).await.unwrap_err();
        let said = error.to_string();
        assert!(matches!(error, engine::Error::Archive(_)), "{said}");
        assert!(
            said.contains("the ids of ") && said.contains("trailsift ingest"),
            "{said}"
        );
    });
}

#[test]
fn nothing_is_written_beside_the_archive() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("archive");
    fs::create_dir(&archive).unwrap();
    fs::write(
        archive.join("a.json"),
        "{\"Records\":[{\"eventID\":\"1\"}, 7]}",
    )
    .unwrap();
    let sources = [archive.clone()];
    let answered = ask_archives(&sources, 1, "fetch logs | summarize n = count()", &latest());
    assert_eq!(answered.rows[0]["n"], 1);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    assert_eq!(fs::read_dir(&archive).unwrap().count(), 1);
    let opened = wait(async move { Lake::open(archive.to_str().unwrap()).await.is_ok() });
    assert!(!opened);
}

/// A text where the column is a boolean: the column itself answers nothing, and yet `mistyped` has to tell of it.
#[test]
fn what_is_mistyped_is_told_of_columns_that_are_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("archive");
    fs::create_dir(&archive).unwrap();
    let records =
        r#"{"Records":[{"eventID":"1","readOnly":"lines"},{"eventID":"2","readOnly":true}]}"#;
    fs::write(archive.join("a.json"), records).unwrap();
    let query = "fetch logs | parse content, \"JSON:e\" | filter startsWith(e[readOnly], \"line\") | summarize n = count()";
    let answered = ask_archives(&[archive], 10, query, &at_noon());
    assert_eq!(answered.rows[0]["n"], 1);
}
