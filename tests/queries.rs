//! Rules in DQL, which share a scan: each finds what its query gives by itself, names the events that its records were
//! made of, and sees none that an exception leaves out.
//!
//! Each seed makes an archive of records of any shape. `PROPTEST_CASES` says how many seeds are tried, `QUERIES_SEED`
//! where they begin.

use std::path::{Path, PathBuf};

use engine::detect::{Alert, DetectOptions, Detection};
use engine::{Engine, Now, QueryOptions, Settings, Value};
use rules::Condition;
use rules::load::LoadedRule;
use rules::rule::{Body, Query};

use crate::check::{over_archive, wait};
use crate::detection::{condition, expected, loaded};
use crate::differential::archive::Archive;
use crate::differential::ask;
use crate::differential::dice::Dice;
use crate::differential::query::now;

/// Seeds that every run tries.
const CASES: u64 = 8;

/// Queries on each archive.
const QUERIES: usize = 10;

fn seeds() -> std::ops::Range<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let first: u64 = number("QUERIES_SEED").unwrap_or(0);
    first..first + number("PROPTEST_CASES").unwrap_or(CASES)
}

fn rule((number, text): (usize, &String)) -> LoadedRule {
    loaded(number, "dql", Body::Query(Query::each(text)))
}

fn options() -> DetectOptions {
    DetectOptions {
        query: QueryOptions {
            now: Some(Now::At(i64::try_from(now()).unwrap())),
            ..QueryOptions::default()
        },
        events: 1_000,
        ..DetectOptions::default()
    }
}

async fn open(lake: &Path) -> Engine {
    let lake = lake.to_str().unwrap();
    Engine::open(lake, Settings::default()).await.unwrap()
}

/// The alerts of each rule.
async fn alerts(engine: &Engine, queries: &[String], options: &DetectOptions) -> Vec<Vec<Alert>> {
    let rules: Vec<LoadedRule> = queries.iter().enumerate().map(rule).collect();
    let detection: Detection<'_> = engine.detect(&rules, options, &|_, _| {}).await.unwrap();
    let outcomes = detection.outcomes.into_iter().zip(queries);
    outcomes
        .map(|(outcome, query)| match outcome.alerts {
            Ok(alerts) => {
                let alerts = alerts.iter().map(|alert| alert.unwrap().into_owned());
                alerts.collect()
            }
            Err(error) => panic!("{error}\n{query}"),
        })
        .collect()
}

/// Records in an order that means nothing.
fn shuffled(records: impl Iterator<Item = Vec<Value>>) -> Vec<String> {
    let mut all: Vec<String> = records.map(|record| format!("{record:?}")).collect();
    all.sort_unstable();
    all
}

#[test]
fn together_each_query_gives_what_it_gives_alone() {
    let mut found = 0;
    for seed in seeds() {
        let dice = &mut Dice::new(seed);
        let archive = Archive::random(dice);
        let records = archive.records();
        let queries: Vec<String> = (0..QUERIES)
            .map(|_| ask::query(dice, &records).to_string())
            .collect();
        let folder = tempfile::tempdir().unwrap();
        let lake = archive.lake(folder.path());
        let written = format!("seed {seed}\n{archive}");
        let objects = folder.path().join("early");
        found += wait(async move {
            let mut engines = vec![open(&lake).await];
            // What was delivered late is not among the objects.
            if objects.exists() {
                engines.push(over_archive(objects, Settings::default()).await.unwrap());
            }
            let options = options();
            let mut found = 0;
            for engine in engines {
                let together = alerts(&engine, &queries, &options).await;
                for (query, alerts) in queries.iter().zip(together) {
                    let mut answer = engine.query(query, &options.query).await.unwrap();
                    let alone = shuffled(answer.rows().await.unwrap().into_iter());
                    let together = shuffled(alerts.into_iter().map(|alert| alert.record));
                    assert_eq!(together, alone, "{written}\n{query}");
                    found += alone.len();
                }
            }
            found
        });
    }
    assert!(found as u64 > seeds().count() as u64 * QUERIES as u64);
}

/// Queries that say themselves by `ids` which events each of their records is made of.
const TELLING: &[&str] = &[
    "fetch cloudtrail | filter isNotNull(timestamp) | fields ids = array(eventID)",
    "fetch cloudtrail | filter isNotNull(timestamp) | sort eventName | fields ids = array(eventID) | limit 7",
    "fetch logs | filter isNotNull(timestamp) | parse content, \"JSON:event\" | filter isNotNull(event) | fields a = event[eventName], ids = array(event[eventID])",
    "fetch cloudtrail | filter isNotNull(timestamp) | summarize ids = collectArray(eventID)",
    "fetch cloudtrail | filter isNotNull(timestamp) | summarize ids = collectArray(eventID), by: {eventName, errorCode}",
    // Flattening takes ids apart that are arrays.
    "fetch cloudtrail | filter isNotNull(timestamp) | filter isNull(eventID) or startsWith(toString(eventID), \"id-\") | summarize part = collectArray(eventID), by: {eventName, errorCode} | summarize ids = arrayFlatten(collectArray(part)), by: {eventName}",
    "fetch cloudtrail | filter isNotNull(timestamp) | lookup [data record(eventName = \"x\", a = 1)], sourceField: eventName, lookupField: eventName | summarize ids = collectArray(eventID), by: {lookup.a}",
];

#[test]
fn alerts_name_the_events_that_their_records_were_made_of() {
    let mut named = 0;
    for seed in seeds() {
        let archive = Archive::random(&mut Dice::new(seed));
        let folder = tempfile::tempdir().unwrap();
        let lake = archive.lake(folder.path());
        let queries: Vec<String> = TELLING.iter().map(|text| (*text).to_owned()).collect();
        let written = format!("seed {seed}\n{archive}");
        named += wait(async move {
            let engine = open(&lake).await;
            let mut named = 0;
            let together = alerts(&engine, &queries, &options()).await;
            for (query, alerts) in queries.iter().zip(together) {
                for alert in alerts {
                    let Some(Value::Array(ids)) = alert.record.last() else {
                        panic!("{query} gives {:?}", alert.record);
                    };
                    let mut told: Vec<String> = ids
                        .iter()
                        .map(|id| match id {
                            Value::String(id) => id.clone(),
                            // What is no text is in no column.
                            _ => String::new(),
                        })
                        .collect();
                    let events = alert.events.iter();
                    let mut ids: Vec<String> = events
                        .map(|event| event.id.as_deref().unwrap_or_default().to_owned())
                        .collect();
                    told.sort_unstable();
                    ids.sort_unstable();
                    assert_eq!(ids, told, "{written}\n{query}");
                    assert!(alert.events.is_sorted_by_key(|event| event.time));
                    assert_eq!(alert.first, alert.events.first().map(|event| event.time));
                    named += ids.len();
                }
            }
            named
        });
    }
    assert!(named as u64 > seeds().count() as u64 * 20);
}

#[test]
fn of_many_events_the_oldest_are_named() {
    let archive = Archive::random(&mut Dice::new(3));
    let folder = tempfile::tempdir().unwrap();
    let lake = archive.lake(folder.path());
    let mut times: Vec<i64> = archive
        .records()
        .iter()
        .filter_map(|record| i64::try_from(record.time?).ok())
        .collect();
    times.sort_unstable();
    assert!(times.len() > 5);
    wait(async move {
        let engine = open(&lake).await;
        let query = "fetch cloudtrail | summarize count()".to_owned();
        let options = DetectOptions {
            events: 3,
            ..options()
        };
        let alerts = alerts(&engine, &[query], &options).await;
        let events = &alerts[0][0].events;
        let named: Vec<i64> = events.iter().map(|event| event.time).collect();
        assert_eq!(named, times[..3]);
    });
}

#[test]
fn queries_see_only_what_exceptions_leave() {
    let mut found = 0;
    for seed in seeds() {
        let dice = &mut Dice::new(seed);
        let archive = Archive::random(dice);
        let records = archive.records();
        let folder = tempfile::tempdir().unwrap();
        let lake = archive.lake(folder.path());
        for only in (0..4).map(|_| condition(dice, 2)) {
            let left: usize = expected(&records, &only).values().sum();
            let written = format!("seed {seed}\n{only:?}\n{archive}");
            found += left;
            let (lake, only): (PathBuf, Condition) = (lake.clone(), only);
            wait(async move {
                let engine = open(&lake).await;
                let queries = [
                    "fetch cloudtrail | filter isNotNull(timestamp) | fields eventID",
                    "fetch logs | filter isNotNull(timestamp) | summarize n = count()",
                ];
                let queries = queries.map(str::to_owned);
                let options = DetectOptions {
                    only: Some(only),
                    ..options()
                };
                let alerts = alerts(&engine, &queries, &options).await;
                assert_eq!(alerts[0].len(), left, "{written}");
                let counted = &alerts[1][0].record[0];
                let left = i64::try_from(left).unwrap();
                assert_eq!(counted, &Value::Long(left), "{written}");
            });
        }
    }
    assert!(found > 0);
}
