//! The tutorials' queries, each as a function, named as its file in `data/queries/tutorial`.
//!
//! The filters for bucket and service hold for every record here: an archive is one bucket of CloudTrail. `log.source`
//! is left out of the rows of the plain queries, because a record that was delivered twice has two.

use std::cmp::Reverse;

use serde_json::{Value, json};

use super::archive::Record;
use super::logic::{
    and, count_distinct, equal, filter_out_keeps, get, group, is_in, keeps, starts_with,
};
use super::pattern::secret_id;
use super::series::{Buckets, average};
use super::time::{MINUTE, text};
use super::{Row, canonical, row};

/// The names of all queries.
pub const QUERIES: &[&str] = &[
    "fetch",
    "fetch-bucket",
    "parse-event",
    "sign-in-failures",
    "unauthorized-calls",
    "unauthorized-calls-by-user",
    "throttling",
    "external-keys",
    "secrets-without-kms",
    "secrets-unauthorized",
    "secrets-unknown",
];

/// A timeframe, nanoseconds: `from` is inside, `to` is not.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// The first moment inside.
    pub from: i128,
    /// The first moment after.
    pub to: i128,
}

impl Window {
    /// `from: -30min`, seen from `now`.
    pub fn half_an_hour(now: i128) -> Self {
        Self {
            from: now - 30 * MINUTE,
            to: now,
        }
    }

    /// The records inside. One without a time is in no window.
    fn of<'a>(&self, records: &'a [Record]) -> Vec<&'a Record> {
        let inside = |record: &&Record| {
            record
                .time
                .is_some_and(|time| (self.from..self.to).contains(&time))
        };
        records.iter().filter(inside).collect()
    }
}

/// The rows of a query over the records, in canonical order; none if there is no query of this name.
pub fn answer(query: &str, records: &[Record], window: Window) -> Option<Vec<Row>> {
    let all = window.of(records);
    let rows = match query {
        "fetch" | "fetch-bucket" => fetch(&all),
        "parse-event" => parse_event(&all),
        "sign-in-failures" => sign_in_failures(&all),
        "unauthorized-calls" => unauthorized_calls(&all, window),
        "unauthorized-calls-by-user" => unauthorized_calls_by_user(&all, window),
        "throttling" => throttling(&all, window),
        "external-keys" => external_keys(&all),
        "secrets-without-kms" => secrets_without_kms(&all),
        "secrets-unauthorized" => secrets_unauthorized(&all),
        "secrets-unknown" => secrets_unknown(&all),
        _ => return None,
    };
    Some(canonical(rows))
}

fn fetch(records: &[&Record]) -> Vec<Row> {
    records.iter().map(|record| log(record)).collect()
}

fn parse_event(records: &[&Record]) -> Vec<Row> {
    let with_event = |record: &&Record| {
        let mut row = log(record);
        row.insert(
            "event".to_owned(),
            record.event().cloned().unwrap_or_default(),
        );
        row
    };
    records.iter().map(with_event).collect()
}

fn sign_in_failures(records: &[&Record]) -> Vec<Row> {
    let found = filter(records, |event| {
        let source = is(event, &["eventSource"], "signin.amazonaws.com");
        let name = is(event, &["eventName"], "ConsoleLogin");
        and(
            and(source, name),
            is(event, &["responseElements", "ConsoleLogin"], "Failure"),
        )
    });
    let groups = group(&found, |record| {
        [
            field(record, &["sourceIPAddress"]),
            field(record, &["errorMessage"]),
            field(record, &["awsRegion"]),
            field(record, &["userIdentity", "arn"]),
            field(record, &["additionalEventData", "MFAUsed"]),
        ]
    });
    let columns = ["ipAddr", "reason", "region", "userARN", "MFAUsed"];
    groups
        .into_iter()
        .map(|(by, records)| grouped(columns, by, [("count()", records.len())]))
        .collect()
}

fn unauthorized_calls(records: &[&Record], window: Window) -> Vec<Row> {
    let buckets = Buckets::of(window.from, window.to);
    let found = unauthorized(records);
    let mut series: Vec<_> = group(&found, |record| [field(record, &["eventName"])])
        .into_iter()
        .map(|(by, records)| {
            (
                by,
                buckets.counts(records.iter().filter_map(|record| record.time)),
            )
        })
        .collect();
    // A tie at the tenth place would leave the choice open; whoever plants data avoids that.
    series.sort_by(|(_, a), (_, b)| average(b).total_cmp(&average(a)));
    series.truncate(10);
    series
        .into_iter()
        .map(|([name], counts)| buckets.row([("eventName", name)], "event_count", &counts))
        .collect()
}

fn unauthorized_calls_by_user(records: &[&Record], window: Window) -> Vec<Row> {
    let buckets = Buckets::of(window.from, window.to);
    let found = unauthorized(records);
    group(&found, |record| {
        [
            field(record, &["userIdentity", "arn"]),
            field(record, &["eventName"]),
        ]
    })
    .into_iter()
    .map(|([user, name], records)| {
        let counts = buckets.counts(records.iter().filter_map(|record| record.time));
        buckets.row([("user", user), ("eventName", name)], "count()", &counts)
    })
    .collect()
}

fn throttling(records: &[&Record], window: Window) -> Vec<Row> {
    let buckets = Buckets::of(window.from, window.to);
    let found = filter(records, |event| {
        is(event, &["errorCode"], "Client.RequestLimitExceeded")
    });
    group(&found, |record| [field(record, &["eventName"])])
        .into_iter()
        .map(|([name], records)| {
            let counts = buckets.counts(records.iter().filter_map(|record| record.time));
            buckets.row([("eventName", name)], "count()", &counts)
        })
        .collect()
}

fn external_keys(records: &[&Record]) -> Vec<Row> {
    filter(records, |event| is(event, &["eventName"], "CreateKey"))
        .into_iter()
        .filter(|record| {
            filter_out_keeps(starts_with(
                field(record, &["requestParameters", "origin"]),
                "AWS_",
            ))
        })
        .map(|record| {
            let of = |path: &[&str]| field(record, path).cloned().unwrap_or_default();
            row([
                ("eventName", of(&["eventName"])),
                ("origin", of(&["requestParameters", "origin"])),
                (
                    "keyUsage",
                    of(&["responseElements", "keyMetadata", "keyUsage"]),
                ),
                ("region", of(&["awsRegion"])),
                ("userARN", of(&["userIdentity", "arn"])),
                ("keyId", of(&["responseElements", "keyMetadata", "keyId"])),
            ])
        })
        .collect()
}

fn secrets_without_kms(records: &[&Record]) -> Vec<Row> {
    let found = filter(records, |event| {
        let refused = and(
            is(event, &["eventName"], "GetSecretValue"),
            is(event, &["errorCode"], "AccessDenied"),
        );
        and(
            refused,
            is(event, &["errorMessage"], "Access to KMS is not allowed"),
        )
    });
    group(&found, |record| caller(record))
        .into_iter()
        .map(|(by, records)| grouped(CALLER, by, [("event_count", records.len())]))
        .collect()
}

fn secrets_unauthorized(records: &[&Record]) -> Vec<Row> {
    let found = filter(records, |event| {
        and(
            is(event, &["eventName"], "GetSecretValue"),
            is(event, &["errorCode"], "AccessDenied"),
        )
    });
    let parsed: Vec<(&Record, Value)> = found
        .into_iter()
        .filter_map(|record| {
            Some((
                record,
                json!(secret_id(field(record, &["errorMessage"])?.as_str()?)?),
            ))
        })
        .collect();
    group(&parsed, |(record, secret)| {
        let [address, region, user] = caller(record);
        [address, region, user, Some(secret)]
    })
    .into_iter()
    .map(|(by, records)| {
        let [address, region, user] = CALLER;
        grouped(
            [address, region, user, "secretId"],
            by,
            [("count()", records.len())],
        )
    })
    .collect()
}

fn secrets_unknown(records: &[&Record]) -> Vec<Row> {
    let found = filter(records, |event| {
        and(
            is(event, &["eventName"], "GetSecretValue"),
            is(event, &["errorCode"], "ResourceNotFoundException"),
        )
    });
    let mut groups: Vec<_> = group(&found, |record| caller(record))
        .into_iter()
        .map(|(by, records)| {
            let secrets = records
                .iter()
                .map(|record| field(record, &["requestParameters", "secretId"]));
            (by, records.len(), count_distinct(secrets))
        })
        .collect();
    groups.sort_by_key(|(_, _, distinct)| Reverse(*distinct));
    groups
        .into_iter()
        .map(|(by, events, distinct)| {
            grouped(
                CALLER,
                by,
                [("event_count", events), ("distinct_secrets", distinct)],
            )
        })
        .collect()
}

fn unauthorized<'a>(records: &[&'a Record]) -> Vec<&'a Record> {
    filter(records, |event| {
        is_in(
            get(event, &["errorCode"]),
            &[json!("AccessDenied"), json!("UnauthorizedOperation")],
        )
    })
}

/// The columns by which the questions for secrets group.
const CALLER: [&str; 3] = ["sourceIPAddress", "awsRegion", "userARN"];

fn caller(record: &Record) -> [Option<&Value>; 3] {
    [
        field(record, &["sourceIPAddress"]),
        field(record, &["awsRegion"]),
        field(record, &["userIdentity", "arn"]),
    ]
}

/// The records for which a condition on `event` is true; a null event makes every condition null.
fn filter<'a>(
    records: &[&'a Record],
    condition: impl Fn(&Value) -> Option<bool>,
) -> Vec<&'a Record> {
    records
        .iter()
        .filter(|record| keeps(record.event().and_then(&condition)))
        .copied()
        .collect()
}

/// `event[…] == "text"`.
fn is(event: &Value, path: &[&str], expected: &str) -> Option<bool> {
    equal(get(event, path), Some(&json!(expected)))
}

/// `event[…]`.
fn field<'a>(record: &'a Record, path: &[&str]) -> Option<&'a Value> {
    get(record.event()?, path)
}

/// A row of groups and counts.
fn grouped<const N: usize, const M: usize>(
    columns: [&str; N],
    by: [Option<&Value>; N],
    counts: [(&str, usize); M],
) -> Row {
    let by = columns
        .into_iter()
        .zip(by)
        .map(|(name, value)| (name.to_owned(), value.cloned().unwrap_or_default()));
    by.chain(counts.map(|(name, count)| (name.to_owned(), json!(count))))
        .collect()
}

/// The fields that `fetch logs` gives to a record.
fn log(record: &Record) -> Row {
    let account = get(&record.json, &["recipientAccountId"])
        .filter(|account| account.is_string())
        .cloned();
    row([
        (
            "timestamp",
            record.time.map_or(Value::Null, |time| json!(text(time))),
        ),
        ("content", json!(record.content)),
        ("aws.service", json!("cloudtrail")),
        (
            "aws.account.id",
            account.unwrap_or_else(|| json!(record.path_account)),
        ),
        (
            "aws.region",
            get(&record.json, &["awsRegion"])
                .filter(|region| region.is_string())
                .cloned()
                .unwrap_or_default(),
        ),
    ])
}
