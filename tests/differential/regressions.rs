//! What the differential test found, case by case, with answers worked out by hand.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::archive::{Archive, Object};
use crate::check::{Answered, ask};
use crate::naive::archive::JSON_LIMIT;
use engine::QueryOptions;

/// A lake of these records, in this folder.
fn lake_of(folder: &Path, records: &[&str]) -> PathBuf {
    let archive = Archive {
        objects: vec![Object {
            account: None,
            packed: false,
            late: false,
            records: records.iter().map(|record| (*record).to_owned()).collect(),
        }],
        row_group_rows: 1_000,
        memory: 64 << 20,
    };
    archive.lake(folder)
}

/// The values of the first field over a lake of these records, from columns and from text, which have to agree.
#[track_caller]
fn first_field(records: &[&str], query: &str) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake_of(folder.path(), records);
    let [columns, text] = [true, false].map(|eliminate| {
        let options = QueryOptions {
            eliminate,
            ..QueryOptions::default()
        };
        let answered: Answered = ask(Some(&lake), query, &options);
        let errors = answered.diagnostics.iter().filter(|one| one.is_error());
        assert_eq!(errors.count(), 0, "{:?}", answered.diagnostics);
        let first = &answered.fields[0];
        let values = answered.rows.iter().map(|row| row[first].clone());
        let mut values: Vec<Value> = values.collect();
        values.sort_by_key(Value::to_string);
        values
    });
    assert_eq!(columns, text);
    columns
}

/// That a column holds one type today is no reason to refuse a query: the next record may hold another.
#[test]
fn no_query_is_wrong_by_what_the_lake_holds() {
    let record =
        r#"{"eventTime":"2024-05-02T12:00:00Z","eventID":"1","eventName":"true","readOnly":true}"#;
    for (query, expected) in [
        (
            "fetch cloudtrail | filter eventName | fields eventID",
            vec![],
        ),
        (
            "fetch cloudtrail | filterOut eventName | fields eventID",
            vec![json!("1")],
        ),
        (
            "fetch cloudtrail | fields a = not eventName",
            vec![json!(null)],
        ),
        (
            "fetch cloudtrail | fields a = eventName or true",
            vec![json!(true)],
        ),
        (
            "fetch cloudtrail | summarize a = countIf(eventName)",
            vec![json!(0)],
        ),
        (
            "fetch cloudtrail | summarize a = sum(eventName)",
            vec![json!(null)],
        ),
        (
            "fetch cloudtrail | fields a = startsWith(readOnly, \"t\")",
            vec![json!(null)],
        ),
        (
            "fetch cloudtrail | fields a = lower(readOnly)",
            vec![json!(null)],
        ),
        (
            "fetch cloudtrail | fields a = if(eventName, 1, else: 2)",
            vec![json!(2)],
        ),
        (
            "fetch cloudtrail | fields a = bin(eventName, 5)",
            vec![json!(null)],
        ),
        (
            "fetch cloudtrail | parse readOnly, \"LD:a\" | fields a",
            vec![json!(null)],
        ),
    ] {
        assert_eq!(first_field(&[record], query), expected, "{query}");
    }
}

/// The test for odd records, below an aggregation, made a plan that did not run.
#[test]
fn an_aggregation_over_an_odd_record_runs() {
    let records = [
        r#"{"eventTime":"2024-05-02T12:00:01Z","eventID":"1","eventName":"5"}"#,
        r#"{"eventTime":"2024-05-02T13:07:41Z","eventID":"2","eventName":[[[null],false,0.1]]}"#,
    ];
    let query = "fetch cloudtrail, from: \"2024-05-02T12:00:00Z\", to: \"2024-05-02T14:00:00Z\" \
                 | makeTimeseries a0 = countIf(false == eventName), interval: 60m | fields a0";
    assert_eq!(first_field(&records, query), [json!([0.0, 0.0])]);
    let query = "fetch logs | parse content, \"JSON:event\" \
                 | summarize a0 = countIf(event[eventName] != \"5\"), by: {event[eventSource], event[eventTime][0]} \
                 | fields a0";
    assert_eq!(first_field(&records, query), [json!(1)]);
}

/// With a record over the JSON limit in the lake, a column of texts was compared with a boolean.
#[test]
fn a_boolean_beside_a_column_of_texts() {
    let long = format!(
        r#"{{"eventID":"3","eventSource":"true","padding":"{}"}}"#,
        "x".repeat(JSON_LIMIT)
    );
    let records = [
        r#"{"eventTime":"2024-05-02T12:00:01Z","eventID":"1","eventSource":true}"#,
        r#"{"eventTime":"2024-05-02T12:00:02Z","eventID":"2","eventSource":"true"}"#,
        &long,
    ];
    for condition in [
        "event[eventSource] == true",
        "in(event[eventSource], {true})",
    ] {
        let query = format!(
            "fetch logs | parse content, \"JSON:event\" | filter {condition} | fields event[eventID]"
        );
        assert_eq!(first_field(&records, &query), [json!("1")], "{condition}");
    }
}

/// The tutorials' query for keys of others' stores does not see a record that somebody made long.
#[test]
fn records_that_json_does_not_read_are_warned_of() {
    let long = format!(
        r#"{{"eventTime":"2024-05-02T12:00:01Z","eventID":"1","eventName":"CreateKey","padding":"{}"}}"#,
        "x".repeat(JSON_LIMIT)
    );
    let records = [
        r#"{"eventTime":"2024-05-02T12:00:01Z","eventID":"2","eventName":"CreateKey"}"#,
        &long,
    ];
    let folder = tempfile::tempdir().unwrap();
    let lake = lake_of(folder.path(), &records);
    let asked = |query: &str| {
        let answered = ask(Some(&lake), query, &QueryOptions::default());
        let mut warned = answered.diagnostics.iter();
        let warned = warned.find(|diagnostic| diagnostic.code == syntax::Code::OverLimit);
        (answered.rows.len(), warned.map(|one| one.message.clone()))
    };
    let query =
        "fetch logs | parse content, \"JSON:event\" | filter event[eventName] == \"CreateKey\"";
    let message = "1 record of the data read has more than 128000 bytes, which `JSON` does not read: there `event` is null";
    assert_eq!(asked(query), (1, Some(message.to_owned())));
    let query = "fetch cloudtrail | filter eventName == \"CreateKey\"";
    assert_eq!(asked(query), (2, None));
}

/// `in` looks into the arrays that records hold, whichever side they are on.
#[test]
fn in_looks_into_arrays() {
    let records = [
        r#"{"eventTime":"2024-05-02T12:00:01Z","eventID":"1","eventName":["Get","Put",null],"x":["Get"]}"#,
        r#"{"eventTime":"2024-05-02T12:00:02Z","eventID":"2","eventName":"Get","x":[5.0]}"#,
        r#"{"eventTime":"2024-05-02T12:00:03Z","eventID":"3","eventName":"get","x":"5"}"#,
        r#"{"eventTime":"2024-05-02T12:00:04Z","eventID":"4","eventName":[["Get"]],"x":[]}"#,
        r#"{"eventTime":"2024-05-02T12:00:05Z","eventID":"5"}"#,
    ];
    for (condition, expected) in [
        ("in(event[eventName], {\"Get\"})", vec!["1", "2"]),
        ("in(event[eventName], {\"Put\", \"List\"})", vec!["1"]),
        ("not in(event[eventName], {\"Get\"})", vec!["3", "4"]),
        ("in(event[x], {5, \"Get\"})", vec!["1", "2"]),
        ("in(\"Get\", event[x], event[eventName])", vec!["1", "2"]),
    ] {
        let query = format!(
            "fetch logs | parse content, \"JSON:event\" | filter {condition} | fields event[eventID]"
        );
        assert_eq!(first_field(&records, &query), expected, "{condition}");
    }
}

/// DataFusion did not recognise a sort by these keys as the one that it had asked for.
#[test]
fn files_are_merged_by_computed_keys() {
    let records = [
        r#"{"eventTime":"2024-05-01T12:00:00Z","eventID":"1","awsRegion":"b","x":["b"]}"#,
        r#"{"eventTime":"2024-05-02T12:00:00Z","eventID":"2","awsRegion":"a","x":["b"]}"#,
        r#"{"eventTime":"2024-05-03T12:00:00Z","eventID":"3","x":["A"]}"#,
    ];
    let query = "fetch logs, from: \"2024-04-30T22:00:00Z\" | parse content, \"JSON:event\" \
                 | sort if(event[x][0] <= \"a\", event[x][0], else: event[awsRegion]) desc, event[errorCode] \
                 | limit 2 | fields event[eventID]";
    assert_eq!(first_field(&records, query), ["1", "2"]);
}

/// Longs that are one as doubles have their order all the same.
#[test]
fn great_longs_are_sorted_exactly() {
    let records = [
        r#"{"eventID":"1","x":9007199254740993}"#,
        r#"{"eventID":"2","x":9007199254740992.0}"#,
        r#"{"eventID":"3","x":9007199254740994}"#,
    ];
    for (query, expected) in [
        ("sort x | limit 1 | fields eventID", json!("2")),
        ("sort x desc | limit 1 | fields eventID", json!("3")),
        (
            "filter eventID != \"2\" | summarize a = min(x)",
            json!(9_007_199_254_740_993_i64),
        ),
    ] {
        let query = format!("fetch cloudtrail | {query}");
        assert_eq!(first_field(&records, &query), [expected], "{query}");
    }
}
