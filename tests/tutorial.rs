//! Every query of the tutorials, word for word, over the sample archive: the engine's answer is that of the naive
//! evaluator, which walks the raw JSON.

use std::sync::OnceLock;

use engine::QueryOptions;

use crate::check::{TestLake, latest, same_rows, workspace};
use crate::naive::Row;
use crate::naive::archive::{Record, delivered, read};
use crate::naive::logic::get;
use crate::naive::tutorial::{QUERIES, Window, answer};

fn lake() -> &'static TestLake {
    static LAKE: OnceLock<TestLake> = OnceLock::new();
    LAKE.get_or_init(|| TestLake::of(&workspace("data/cloudtrail")))
}

fn records() -> &'static [Record] {
    static RECORDS: OnceLock<Vec<Record>> = OnceLock::new();
    RECORDS.get_or_init(|| read(&workspace("data/cloudtrail")).unwrap())
}

/// One second behind the newest event, as `--now latest` has it.
fn now() -> i128 {
    records()
        .iter()
        .filter_map(|record| record.time)
        .max()
        .unwrap()
        + 1_000_000_000
}

fn text(query: &str) -> String {
    let path = workspace("data/queries/tutorial")
        .join(query)
        .with_extension("dql");
    std::fs::read_to_string(path).unwrap()
}

/// The object of a record that was delivered twice may be either, so it is left out.
fn without_source(rows: Vec<Row>) -> Vec<Row> {
    rows.into_iter()
        .map(|mut row| {
            row.remove("log.source");
            row
        })
        .collect()
}

#[test]
fn the_ingest_accounts_for_every_record() {
    let report = &lake().report;
    let raw = delivered(&workspace("data/cloudtrail")).unwrap().len() as u64;
    assert_eq!(report.records.read, raw);
    assert_eq!(report.records.written, records().len() as u64);
    assert_eq!(report.records.folded, raw - report.records.written);
    assert_eq!(report.records.rejected, 0);
}

#[test]
fn every_query_gives_the_planted_answer() {
    for query in QUERIES {
        let answered = lake().ask(&text(query), &latest());
        let expected = answer(query, records(), Window::half_an_hour(now())).unwrap();
        assert!(!expected.is_empty(), "{query} has no planted answer");
        same_rows(query, without_source(answered.rows), expected);
    }
}

#[test]
fn columns_answer_without_parsing_json() {
    // A key whose origin is a number is the one value that its column can't hold: that record's text is read.
    let odd_origin = |record: &&Record| {
        let origin = get(&record.json, &["requestParameters", "origin"]);
        origin.is_some_and(|origin| !origin.is_string())
    };
    let odd: usize = records()
        .iter()
        .filter(odd_origin)
        .map(|record| record.content.len())
        .sum();
    assert!(odd > 0);
    for query in QUERIES.iter().filter(|query| **query != "parse-event") {
        let answered = lake().ask(&text(query), &latest());
        let expected = if *query == "external-keys" { odd } else { 0 };
        assert_eq!(
            answered.figures.json_bytes_parsed, expected as u64,
            "{query}"
        );
    }
}

/// Declared members are columns as the places of `JSON:event` are; what no column holds is read from text, and counted.
#[test]
fn declared_members_answer_without_parsing_json() {
    let members = "JSON{STRING:eventName, BOOLEAN:readOnly, JSON{STRING:arn}:userIdentity}";
    for (pattern, question) in [
        (
            "(flat=true)",
            "filter userIdentity[arn] != \"x\" | summarize count(), by: {eventName, readOnly}",
        ),
        (
            ":e",
            "filter e[userIdentity][arn] != \"x\" | summarize count(), by: {e[eventName], e[readOnly]}",
        ),
    ] {
        let query = format!("fetch logs | parse content, \"{members}{pattern}\" | {question}");
        let answered = lake().ask(&query, &latest());
        assert!(answered.rows.len() > 10, "{query}");
        assert_eq!(answered.figures.json_bytes_parsed, 0, "{query}");
    }
    let whole = format!("fetch logs | parse content, \"{members}:e\" | fields e");
    let answered = lake().ask(&whole, &latest());
    let bytes: usize = records().iter().map(|record| record.content.len()).sum();
    assert!(answered.figures.json_bytes_parsed >= bytes as u64);
}

#[test]
fn the_text_gives_the_same_answer() {
    let text_only = QueryOptions {
        eliminate: false,
        ..latest()
    };
    for query in QUERIES {
        let answered = lake().ask(&text(query), &text_only);
        let expected = answer(query, records(), Window::half_an_hour(now())).unwrap();
        same_rows(query, without_source(answered.rows), expected);
    }
}

#[test]
fn sorted_answers_are_sorted() {
    let answered = lake().ask(&text("secrets-unknown"), &latest());
    let counts: Vec<i64> = answered
        .rows
        .iter()
        .map(|row| row["distinct_secrets"].as_i64().unwrap())
        .collect();
    assert!(counts.len() > 1, "one row shows no order");
    assert!(counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
}
