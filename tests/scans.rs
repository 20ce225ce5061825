//! What scans read: no more than the question needs, whatever a few odd records hold.

use std::collections::BTreeMap;
use std::fmt::Write;

use engine::QueryOptions;

use crate::check::{TestLake, ask};

const RECORDS: u64 = 70_000;
/// The record whose agent is a number.
const ODD: u64 = 32_345;

fn agent(number: u64) -> String {
    match number {
        ODD => "7".to_owned(),
        _ => format!("\"agent {}\"", number % 50),
    }
}

/// Texts that don't compress, so that who reads them is seen.
fn noise(number: u64) -> String {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut text = String::new();
    for _ in 0..16 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let _ = write!(text, "{state:016x}");
    }
    text
}

fn record(number: u64) -> String {
    format!(
        "{{\"eventVersion\":\"1.11\",\"eventTime\":\"2024-11-25T10:{:02}:00Z\",\"eventID\":\"{number:08}\",\
         \"userAgent\":{},\"requestParameters\":{{\"noise\":\"{}\"}}}}",
        number % 60,
        agent(number),
        noise(number)
    )
}

#[test]
fn one_odd_value_costs_one_text() {
    let folder = tempfile::tempdir().unwrap();
    let records: Vec<String> = (0..RECORDS).map(record).collect();
    std::fs::write(folder.path().join("all.json"), records.join("\n")).unwrap();
    let lake = TestLake::of(folder.path());
    assert_eq!(lake.report.records.written, RECORDS);
    let texts: usize = records.iter().map(String::len).sum();

    let mut expected: BTreeMap<String, u64> = BTreeMap::new();
    for number in 0..RECORDS {
        *expected.entry(agent(number)).or_default() += 1;
    }
    let group = "| summarize events = count(), by: {agent = event[userAgent]}";
    for (between, whole) in [
        ("", ""),
        (
            "| filter isNotNull(event[eventID]) ",
            ", from: \"2024-11-25T00:00:00Z\"",
        ),
    ] {
        let query = format!("fetch logs{whole} | parse content, \"JSON:event\" {between}{group}");
        for pushdown in [true, false] {
            let options = QueryOptions {
                pushdown,
                ..QueryOptions::default()
            };
            let answered = ask(Some(&lake.path()), &query, &options);
            let rows = answered.rows.iter().map(|row| {
                let events = row["events"].as_u64().unwrap();
                (row["agent"].to_string(), events)
            });
            assert_eq!(rows.collect::<BTreeMap<_, _>>(), expected, "{query}");
            if pushdown {
                let figures = &answered.figures;
                assert_eq!(
                    figures.json_bytes_parsed,
                    record(ODD).len() as u64,
                    "{query}"
                );
                // The texts of one of eight row groups, and the columns.
                assert!(figures.bytes_scanned < texts as u64 / 8, "{figures:?}");
            }
        }
    }
}
