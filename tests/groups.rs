//! `summarize` and `makeTimeseries` over random small tables give what plain loops give.

use engine::{Engine, Now, QueryOptions, Settings, Value as Shown};
use functions::Value;
use proptest::prelude::*;

use self::naive::{Plain, aggregate, groups};
use crate::check::wait;
use crate::naive::series::Buckets;

mod naive;

/// What `now()` is: 2024-05-01T13:33:20Z.
const NOW: i64 = 1_714_570_400_000_000_000;

const SECOND: i64 = 1_000_000_000;

/// A record: how many nanoseconds before now it is, if it has a time at all, its key and its value.
type Record = (Option<i64>, Plain, Plain);

/// The aggregations that any value may be given to.
const ANY: &[&str] = &[
    "count()",
    "countDistinct(v)",
    "countDistinctExact(v)",
    "collectArray(v)",
    "collectDistinct(v)",
    "takeAny(v)",
    "takeFirst(v)",
    "takeLast(v)",
    "sum(v)",
    "avg(v)",
    "min(v)",
    "max(v)",
    "median(v)",
    "percentile(v, 75)",
    "percentRank(v, 1)",
    "variance(v)",
    "stddev(v)",
];

/// Those that a series of numbers or durations can be made of, and of values of any type.
const SERIES: [&[&str]; 2] = [
    &[
        "count()",
        "countIf(v > 1)",
        "countDistinct(v)",
        "sum(v)",
        "avg(v)",
        "min(v)",
        "max(v)",
        "median(v)",
        "percentile(v, 75)",
        "percentRank(v, 1)",
    ],
    &["count()", "countDistinct(v)", "sum(v)", "avg(v)"],
];

fn longs() -> BoxedStrategy<Plain> {
    prop_oneof![1 => Just(Value::Null), 4 => (-3i64..4).prop_map(Value::Long)].boxed()
}

fn numbers() -> BoxedStrategy<Plain> {
    let double = (-6i8..7).prop_map(|half| Value::Double(f64::from(half) / 2.0));
    prop_oneof![longs(), double].boxed()
}

fn durations() -> BoxedStrategy<Plain> {
    let duration = (-2i64..5).prop_map(|seconds| Value::Duration(seconds * SECOND));
    prop_oneof![1 => Just(Value::Null), 4 => duration].boxed()
}

fn anything() -> BoxedStrategy<Plain> {
    let leaf = prop_oneof![
        numbers(),
        durations(),
        any::<bool>().prop_map(Value::Boolean),
        "[ab1]{0,1}".prop_map(Value::string),
        (0i64..3).prop_map(|back| Value::Timestamp(NOW - back * SECOND)),
    ];
    let record = |(x, y, turned): (Plain, Plain, bool)| {
        let mut members = vec![("x".into(), x), ("y".into(), y)];
        if turned {
            members.reverse();
        }
        Value::Record(members)
    };
    prop_oneof![
        6 => leaf.clone(),
        1 => proptest::collection::vec(leaf, 0..3).prop_map(Value::Array),
        1 => (longs(), numbers(), any::<bool>()).prop_map(record),
    ]
    .boxed()
}

/// Values of one of the kinds, and whether a series of them holds numbers.
fn kind() -> impl Strategy<Value = (BoxedStrategy<Plain>, bool)> {
    prop_oneof![
        Just((longs(), true)),
        Just((numbers(), true)),
        Just((durations(), true)),
        Just((anything(), false)),
    ]
}

/// A table, and whether its values are numbers or durations.
fn table() -> impl Strategy<Value = (Vec<Record>, bool)> {
    let times = prop_oneof![
        1 => Just(None),
        8 => (0i64..400).prop_map(|seconds| Some(seconds * SECOND)),
        2 => (0i64..8, -1i64..2).prop_map(|(minutes, off)| {
            // At a border and right beside it.
            Some(minutes * 60 * SECOND + 20 * SECOND + off)
        }),
    ]
    .boxed();
    (kind(), kind()).prop_flat_map(move |((keys, _), (values, numeric))| {
        let records = proptest::collection::vec((times.clone(), keys, values), 1..14);
        records.prop_map(move |records| (records, numeric))
    })
}

/// A value as a query has it.
fn literal(value: &Plain) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Boolean(boolean) => boolean.to_string(),
        Value::Long(long) => long.to_string(),
        Value::Double(double) => format!("{double:?}"),
        Value::String(text) => format!("\"{text}\""),
        Value::Timestamp(nanos) => format!("now() - {}ns", NOW - nanos),
        Value::Duration(nanos) => format!("{}s", nanos / SECOND),
        Value::Array(elements) => {
            let elements: Vec<String> = elements.iter().map(literal).collect();
            format!("array({})", elements.join(", "))
        }
        Value::Record(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| format!("{key} = {}", literal(value)))
                .collect();
            format!("record({})", members.join(", "))
        }
        other => panic!("{other:?} has no literal"),
    }
}

fn data(table: &[Record]) -> String {
    let record = |(back, key, value): &Record| {
        let time = back.map_or(Value::Null, |back| Value::Timestamp(NOW - back));
        let [time, key, value] = [&time, key, value].map(literal);
        format!("record(timestamp = {time}, k = {key}, v = {value})")
    };
    let records: Vec<String> = table.iter().map(record).collect();
    format!("data {}", records.join(", "))
}

fn ask(query: &str) -> Vec<Vec<Shown>> {
    let text = query.to_owned();
    wait(async move {
        let options = QueryOptions {
            now: Some(Now::At(NOW)),
            ..QueryOptions::default()
        };
        let engine = Engine::without_lake(Settings::default()).unwrap();
        match engine.query(&text, &options).await {
            Ok(mut answer) => answer.rows().await.unwrap(),
            Err(error) => panic!("{error:?}\n{text}"),
        }
    })
}

fn near(a: &Shown, b: &Shown) -> bool {
    match (a, b) {
        (Shown::Double(a), Shown::Double(b)) => (a - b).abs() <= 1e-9 * (1.0 + a.abs()),
        (Shown::Array(a), Shown::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| near(a, b))
        }
        _ => a == b,
    }
}

/// Holds rows against those expected, in whatever order: the value at `key` tells them apart.
fn same(
    query: &str,
    key: usize,
    answered: &[Vec<Shown>],
    expected: &[Vec<Plain>],
) -> Result<(), TestCaseError> {
    prop_assert_eq!(answered.len(), expected.len(), "{}\n{:?}", query, answered);
    for row in expected {
        let row: Vec<Shown> = row.iter().cloned().map(Shown::from).collect();
        let found = answered.iter().find(|answered| answered[key] == row[key]);
        prop_assert!(
            found.is_some(),
            "{query}\nno {:?} in {answered:?}",
            row[key]
        );
        for (place, (answered, expected)) in found.into_iter().flatten().zip(&row).enumerate() {
            prop_assert!(
                near(answered, expected),
                "{query}\nfield {place} of {:?}: {answered:?}, expected {expected:?}",
                row[key]
            );
        }
    }
    Ok(())
}

/// `a0 = count(), a1 = …`
fn list(calls: &[&str]) -> String {
    let calls: Vec<String> = calls
        .iter()
        .enumerate()
        .map(|(place, call)| format!("a{place} = {call}"))
        .collect();
    calls.join(", ")
}

/// What a series holds of a value: numbers, and durations in nanoseconds.
fn number(value: &Plain) -> Option<f64> {
    match value {
        Value::Duration(nanos) => Some(*nanos as f64),
        value => value.as_number(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn groups_hold_what_loops_give((table, _) in table(), sorted in any::<bool>()) {
        let mut table = table;
        let mut query = data(&table);
        if sorted {
            query.push_str("\n| sort v desc");
            table.sort_by(|(_, _, a), (_, _, b)| match (a.is_null(), b.is_null()) {
                (false, false) => functions::value::total(b, a),
                (a, b) => a.cmp(&b),
            });
        }
        query.push_str(&format!("\n| summarize {}, by: {{k}}", list(ANY)));
        let expected: Vec<Vec<Plain>> = groups(&table, |(_, key, _)| key.clone())
            .into_iter()
            .map(|(key, records)| {
                let values: Vec<Plain> = records.iter().map(|(_, _, v)| v.clone()).collect();
                let results = ANY.iter().map(|call| aggregate(call, &values));
                [key].into_iter().chain(results).collect()
            })
            .collect();
        same(&query, 0, &ask(&query), &expected)?;
    }

    #[test]
    fn one_group_of_all_holds_what_loops_give((table, _) in table(), none in any::<bool>()) {
        let mut query = data(&table);
        let mut values: Vec<Plain> = table.iter().map(|(_, _, v)| v.clone()).collect();
        if none {
            query.push_str("\n| filter false");
            values.clear();
        }
        query.push_str(&format!("\n| summarize a = 1 * count(), {}", list(ANY)));
        let count = Value::Long(values.len() as i64);
        let results = ANY.iter().map(|call| aggregate(call, &values));
        let expected: Vec<Plain> = [count].into_iter().chain(results).collect();
        same(&query, 0, &ask(&query), &[expected])?;
    }

    #[test]
    fn series_hold_what_loops_give(
        (table, numeric) in table(),
        minutes in prop_oneof![Just(1i64), Just(2), Just(3)],
        from in 60i64..400,
        span in 1i64..400,
        default in proptest::option::of(-2i64..3),
        rate in proptest::option::of(1i64..100),
        scalar in any::<bool>(),
    ) {
        let calls = SERIES[usize::from(!numeric)];
        let mut options = String::new();
        if let Some(default) = default {
            options.push_str(&format!(", default: {default}"));
        }
        if let Some(rate) = rate {
            options.push_str(&format!(", rate: {rate}s"));
        }
        if scalar {
            options.push_str(", scalar: true");
        }
        let optioned: Vec<String> = calls
            .iter()
            .map(|call| call.replace("()", "(v)").replace(')', &format!("{options})")))
            .map(|call| call.replace("count(v, ", "count(").replace("count(v)", "count()"))
            .collect();
        let optioned: Vec<&str> = optioned.iter().map(String::as_str).collect();
        let to = (from - span).max(0);
        let query = format!(
            "{}\n| makeTimeseries {}, by: {{k}}, interval: {minutes}m, from: now() - {from}s, to: now() - {to}s",
            data(&table),
            list(&optioned),
        );
        let length = i128::from(minutes * 60 * SECOND);
        let instant = |back: i64| i128::from(NOW - back * SECOND);
        let buckets = Buckets::aligned(instant(from), instant(to), length);
        let place = |back: Option<i64>| {
            let time = i128::from(NOW - back?);
            let inside = (buckets.start..buckets.end).contains(&time);
            inside.then(|| ((time - buckets.start) / length) as usize)
        };
        let inside: Vec<Record> = table
            .iter()
            .filter(|(back, _, _)| place(*back).is_some())
            .cloned()
            .collect();
        let value = |call: &str, records: &[&Record], length: i128| -> Plain {
            let values: Vec<Plain> = records.iter().map(|(_, _, v)| v.clone()).collect();
            let number = match values.is_empty() {
                true => None,
                false => number(&aggregate(call, &values)),
            };
            let rated = number.map(|number| match rate {
                Some(rate) => number * (rate * SECOND) as f64 / length as f64,
                None => number,
            });
            let filled = rated.or(default.map(|default| default as f64));
            filled.map_or(Value::Null, Value::Double)
        };
        let expected: Vec<Vec<Plain>> = groups(&inside, |(_, key, _)| key.clone())
            .into_iter()
            .map(|(key, records)| {
                let series = calls.iter().map(|call| {
                    if scalar {
                        return value(call, &records, buckets.end - buckets.start);
                    }
                    let bucket = |at: usize| {
                        let own: Vec<&Record> = records
                            .iter()
                            .copied()
                            .filter(|(back, _, _)| place(*back) == Some(at))
                            .collect();
                        value(call, &own, length)
                    };
                    Value::Array((0..buckets.count()).map(bucket).collect())
                });
                let frame = Value::Timeframe(buckets.start as i64, buckets.end as i64);
                [frame, Value::Duration(length as i64), key]
                    .into_iter()
                    .chain(series)
                    .collect()
            })
            .collect();
        same(&query, 2, &ask(&query), &expected)?;
    }
}
