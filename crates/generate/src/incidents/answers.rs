//! What the tutorials' queries return over an archive with incidents, worked out from the plan and not from records.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::WINDOW;
use super::plan::{self, Call};

/// The rows that one query returns.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The query: the name of its file in `data/queries/tutorial`, without the ending.
    pub query: &'static str,
    /// The rows, without order. Longs are JSON numbers, timestamps ISO-8601 with nine digits, durations ISO-8601, a
    /// timeframe is `{"start", "end"}`; null is null.
    pub rows: Vec<BTreeMap<String, Value>>,
}

/// The answers, for a `now` that is [`crate::Options::end`].
pub fn answers(now: Timestamp) -> Vec<Answer> {
    vec![
        Answer {
            query: "sign-in-failures",
            rows: sign_ins(),
        },
        Answer {
            query: "unauthorized-calls",
            rows: unauthorized(now),
        },
        Answer {
            query: "unauthorized-calls-by-user",
            rows: unauthorized_by_user(now),
        },
        Answer {
            query: "throttling",
            rows: throttling(now),
        },
        Answer {
            query: "external-keys",
            rows: keys(),
        },
        Answer {
            query: "secrets-without-kms",
            rows: without_kms(),
        },
        Answer {
            query: "secrets-unauthorized",
            rows: refused_secrets(),
        },
        Answer {
            query: "secrets-unknown",
            rows: unknown_secrets(),
        },
    ]
}

/// The principals that read 20 secrets or more within five minutes: ARN, and how many reads.
pub fn rapid_readers() -> Vec<(String, u32)> {
    let mut reads: BTreeMap<String, u32> = BTreeMap::new();
    for call in plan::RAPID_READS {
        if let Some(arn) = call.who.arn() {
            *reads.entry(arn).or_default() += total(call.bursts);
        }
    }
    reads.into_iter().collect()
}

fn sign_ins() -> Vec<BTreeMap<String, Value>> {
    plan::SIGN_IN_FAILURES
        .iter()
        .map(|row| {
            record([
                ("ipAddr", json!(row.address)),
                ("reason", json!(row.reason)),
                ("region", json!(row.region)),
                ("userARN", json!(row.who.arn())),
                (
                    "MFAUsed",
                    if row.mfa.is_empty() {
                        Value::Null
                    } else {
                        json!(row.mfa)
                    },
                ),
                ("count()", json!(total(row.bursts))),
            ])
        })
        .collect()
}

fn unauthorized(now: Timestamp) -> Vec<BTreeMap<String, Value>> {
    let mut apis = series(refusals().map(|(name, _, burst)| (name, burst)));
    // The ten with the most refusals in a minute that has any.
    let average = |minutes: &BTreeMap<u32, u32>| {
        f64::from(minutes.values().sum::<u32>()) / minutes.len() as f64
    };
    apis.sort_by(|(_, a), (_, b)| average(b).total_cmp(&average(a)));
    apis.truncate(10);
    apis.into_iter()
        .map(|(name, bursts)| timeseries(now, &bursts, "event_count", [("eventName", json!(name))]))
        .collect()
}

fn unauthorized_by_user(now: Timestamp) -> Vec<BTreeMap<String, Value>> {
    series(refusals().map(|(name, user, burst)| ((name, user), burst)))
        .into_iter()
        .map(|((name, user), bursts)| {
            timeseries(
                now,
                &bursts,
                "count()",
                [("user", json!(user)), ("eventName", json!(name))],
            )
        })
        .collect()
}

fn throttling(now: Timestamp) -> Vec<BTreeMap<String, Value>> {
    series(bursts(plan::THROTTLED).map(|(call, burst)| (call.name, burst)))
        .into_iter()
        .map(|(name, bursts)| timeseries(now, &bursts, "count()", [("eventName", json!(name))]))
        .collect()
}

fn keys() -> Vec<BTreeMap<String, Value>> {
    plan::KEYS
        .iter()
        .map(|key| {
            let readable = key.form != plan::Form::WrongTypes && !key.origin.is_empty();
            let text = |text: &str| {
                if text.is_empty() {
                    Value::Null
                } else {
                    json!(text)
                }
            };
            record([
                ("eventName", json!("CreateKey")),
                (
                    "origin",
                    if readable {
                        serde_json::from_str(key.origin).unwrap_or_default()
                    } else {
                        Value::Null
                    },
                ),
                ("keyUsage", text(key.usage)),
                ("region", json!(key.region)),
                ("userARN", json!(key.who.arn())),
                ("keyId", text(key.key_id)),
            ])
        })
        .collect()
}

fn without_kms() -> Vec<BTreeMap<String, Value>> {
    plan::SECRETS_WITHOUT_KMS
        .iter()
        .map(|call| caller(call, [("event_count", json!(total(call.bursts)))]))
        .collect()
}

fn refused_secrets() -> Vec<BTreeMap<String, Value>> {
    plan::SECRETS_REFUSED
        .iter()
        .map(|(call, secret)| {
            caller(
                call,
                [
                    ("secretId", json!(secret)),
                    ("count()", json!(total(call.bursts))),
                ],
            )
        })
        .collect()
}

fn unknown_secrets() -> Vec<BTreeMap<String, Value>> {
    plan::SECRETS_UNKNOWN
        .iter()
        .map(|call| {
            let events = total(call.bursts);
            let distinct = call.distinct.min(events);
            caller(
                call,
                [
                    ("event_count", json!(events)),
                    ("distinct_secrets", json!(distinct)),
                ],
            )
        })
        .collect()
}

/// Every refusal inside the window: API, user, burst.
fn refusals() -> impl Iterator<Item = (&'static str, Option<String>, (u32, u32))> {
    let secrets = plan::SECRETS_REFUSED
        .iter()
        .flat_map(|(call, _)| call.bursts.iter().map(move |burst| (call, *burst)));
    let keys = plan::KEYS
        .iter()
        .filter(|key| key.usage.is_empty() && key.origin.is_empty())
        .map(|key| ("CreateKey", key.who.arn(), (key.ago, 1)));
    bursts(plan::REFUSED)
        .chain(bursts(plan::SECRETS_WITHOUT_KMS))
        .chain(secrets)
        .map(|(call, burst)| (call.name, call.who.arn(), burst))
        .chain(keys)
}

fn bursts(calls: &'static [Call]) -> impl Iterator<Item = (&'static Call, (u32, u32))> {
    calls
        .iter()
        .flat_map(|call| call.bursts.iter().map(move |burst| (call, *burst)))
}

/// Bursts by key: for each second of age, how many.
fn series<K: Ord>(bursts: impl Iterator<Item = (K, (u32, u32))>) -> Vec<(K, BTreeMap<u32, u32>)> {
    let mut groups: BTreeMap<K, BTreeMap<u32, u32>> = BTreeMap::new();
    for (key, (ago, times)) in bursts {
        *groups.entry(key).or_default().entry(ago).or_default() += times;
    }
    groups.into_iter().collect()
}

/// One row of `makeTimeseries` over the window: 30 minutes make buckets of one minute that begin at whole minutes.
fn timeseries<const N: usize>(
    now: Timestamp,
    bursts: &BTreeMap<u32, u32>,
    name: &str,
    by: [(&str, Value); N],
) -> BTreeMap<String, Value> {
    let now = now.as_second();
    let start = (now - i64::from(WINDOW)).div_euclid(60) * 60;
    let end = (now + 59).div_euclid(60) * 60;
    let mut values = vec![Value::Null; ((end - start) / 60) as usize];
    let mut counts: BTreeMap<usize, f64> = BTreeMap::new();
    for (ago, times) in bursts {
        *counts
            .entry(((now - i64::from(*ago) - start) / 60) as usize)
            .or_default() += f64::from(*times);
    }
    for (place, count) in counts {
        if let Some(value) = values.get_mut(place) {
            *value = json!(count);
        }
    }
    let mut row = record(by);
    row.insert(
        "timeframe".to_owned(),
        json!({"start": nanoseconds(start), "end": nanoseconds(end)}),
    );
    row.insert("interval".to_owned(), json!("PT1M"));
    row.insert(name.to_owned(), Value::Array(values));
    row
}

/// The columns by which the questions for secrets group, and some more.
fn caller<const N: usize>(call: &Call, more: [(&str, Value); N]) -> BTreeMap<String, Value> {
    let mut row = record(more);
    row.extend(record([
        ("sourceIPAddress", json!(call.address)),
        ("awsRegion", json!(call.region)),
        ("userARN", json!(call.who.arn())),
    ]));
    row
}

fn record<const N: usize>(columns: [(&str, Value); N]) -> BTreeMap<String, Value> {
    columns
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn nanoseconds(seconds: i64) -> String {
    let mut text = String::new();
    crate::clock::iso(seconds, &mut text);
    text.replace('Z', ".000000000Z")
}

fn total(bursts: &[(u32, u32)]) -> u32 {
    bursts.iter().map(|(_, times)| times).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;

    /// The ranking of refused calls must not hang on a tie, nor on where minutes begin.
    #[test]
    fn averages_differ_and_bursts_keep_apart() {
        let apis = series(refusals().map(|(name, _, burst)| (name, burst)));
        assert_eq!(apis.len(), 14);
        let mut averages: Vec<(u32, u32)> = apis
            .iter()
            .map(|(_, minutes)| (minutes.values().sum(), minutes.len() as u32))
            .collect();
        averages.sort_by(|(a, n), (b, m)| (b * n).cmp(&(a * m)));
        assert!(
            averages
                .windows(2)
                .all(|pair| pair[0].0 * pair[1].1 > pair[1].0 * pair[0].1),
            "{averages:?}"
        );
        for (name, bursts) in &apis {
            let agos: Vec<&u32> = bursts.keys().collect();
            assert!(
                agos.windows(2).all(|pair| pair[1] - pair[0] > 60),
                "{name}: {agos:?}"
            );
        }
    }

    #[test]
    fn every_answer_lies_inside_the_window() {
        let calls = [
            plan::REFUSED,
            plan::SECRETS_UNKNOWN,
            plan::SECRETS_WITHOUT_KMS,
            plan::RAPID_READS,
            plan::THROTTLED,
        ]
        .concat();
        let agos = calls
            .iter()
            .flat_map(|call| call.bursts)
            .chain(plan::SIGN_IN_FAILURES.iter().flat_map(|row| row.bursts));
        assert!(agos.clone().all(|(ago, _)| (1..=WINDOW).contains(ago)));
        assert!(
            agos.clone().any(|(ago, _)| *ago == WINDOW) && agos.clone().any(|(ago, _)| *ago == 1)
        );
        assert!(plan::KEYS.iter().all(|key| (1..=WINDOW).contains(&key.ago)));
    }

    /// Worked out by hand for the sample's end, 2024-11-27T17:43:28Z.
    #[test]
    fn the_newest_throttled_call_is_in_the_last_minute() {
        let rows = throttling(Options::default().end());
        let row = rows
            .iter()
            .find(|row| row["eventName"] == "DescribeInstances")
            .unwrap();
        assert_eq!(
            row["timeframe"],
            json!({"start": "2024-11-27T17:13:00.000000000Z", "end": "2024-11-27T17:44:00.000000000Z"})
        );
        let counts = row["count()"].as_array().unwrap();
        assert_eq!(counts.len(), 31);
        // 1 s ago is 17:43:27, 122 s ago 17:41:26, 1,800 s ago 17:13:28.
        assert_eq!(
            (&counts[30], &counts[28], &counts[0]),
            (&json!(1.0), &json!(9.0), &json!(2.0))
        );
        assert_eq!(counts.iter().filter(|count| count.is_null()).count(), 28);
    }

    #[test]
    fn one_principal_reads_too_fast() {
        assert_eq!(
            rapid_readers(),
            [(
                "arn:aws:sts::111122223333:assumed-role/ci-deploy/build-7731".to_owned(),
                24
            )]
        );
    }
}
