//! Members that a pattern declares: the columns that stand in for them and the pattern itself give one answer, and so do
//! filters with a cheap test in front of them.

use engine::{Now, QueryOptions};

use super::archive::Archive;
use super::dice::Dice;
use super::in_any_order;
use crate::check::ask;

/// Fields of a record or of their own, from columns of every form and from none; renamed, hidden, and of types that the
/// records rarely have.
const PATTERNS: &[&str] = &[
    "JSON{STRING:eventName, STRING:eventTime, STRING:readOnly, STRING:eventSource:\\\"timestamp\\\"}(flat=true)",
    "JSON{BOOLEAN:readOnly, LONG:eventVersion, INT:eventName, ISO8601:eventTime, IP:sourceIPAddress}(flat=true)",
    "JSON{STRING:eventName, STRING:awsRegion:where, STRING:none, BOOLEAN:readOnly, STRING:eventID:null}:e",
    "JSON{ISO8601:eventTime, BOOLEAN:managementEvent, JSON:userIdentity, STRING:errorCode}:e",
    "JSON{STRING+:eventName, STRING:awsRegion}(flat=true)",
    "JSON{STRING:eventName}(flat=true, greedy='more')",
    "JSON{STRING:eventName, JSON{STRING:arn, STRING:type:errorCode, JSON{STRING:none}:deeper}:userIdentity}:e",
    "JSON{JSON{STRING:arn, STRING:accountId}:userIdentity:e, JSON{STRING:userName:who}(flat=true):userIdentity}(flat=true)",
    "JSON{JSON{STRING+:arn}:userIdentity:e, STRING:eventName}(flat=true)",
];

/// What is asked of the fields.
const QUESTIONS: &[&str] = &[
    "fieldsRemove content",
    "filter isNotNull(eventName) | fieldsRemove content",
    "filter eventName == \"GetObject\" or readOnly == false | fieldsRemove content",
    "filter e[eventName] != \"x\" | fields e, e[eventName], e[where], e[awsRegion]",
    "summarize count(), by: {e[readOnly], e[errorCode], e[userIdentity][arn], e[arn]}",
    "filter e[userIdentity][errorCode] == \"IAMUser\" or isNotNull(e[accountId]) | fields e, who",
    "fields x = isNull(e), y = isNull(e[eventName]), z = startsWith(e[eventName], \"G\")",
];

/// Archives that every run tries; `PROPTEST_CASES` asks for another number.
const SEEDS: u64 = 3;

#[test]
fn declared_members_are_the_same_from_columns_and_from_text() {
    let seeds = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|text| text.parse().ok());
    let mut rows = 0;
    for seed in 0..seeds.unwrap_or(SEEDS) {
        let archive = Archive::random(&mut Dice::new(seed));
        let folder = tempfile::tempdir().unwrap();
        let lake = archive.lake(folder.path());
        for pattern in PATTERNS {
            for question in QUESTIONS {
                let query = format!("fetch logs | parse content, \"{pattern}\" | {question}");
                let answers = [true, false].map(|eliminate| {
                    let options = QueryOptions {
                        now: Some(Now::At(super::query::now() as i64)),
                        eliminate,
                        ..QueryOptions::default()
                    };
                    let answered = ask(Some(&lake), &query, &options);
                    let mut said = answered.diagnostics.iter();
                    assert!(
                        !said.any(|said| said.is_error()),
                        "{query}\n{:?}",
                        answered.diagnostics
                    );
                    answered.rows
                });
                let [columns, text] = answers;
                rows += text.len();
                if let Some(difference) = in_any_order(columns, &text) {
                    panic!("seed {seed}\n{query}\n{difference}\n{archive}");
                }
            }
        }
    }
    assert!(rows > 500, "only {rows} rows");
}
