//! What a query tree means, where records become groups.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::interpret::{Datum, Event, ends, json, numbered, shown};
use super::query::{Aggregate, Operand, Query};
use crate::naive::logic::{self, Step};
use crate::naive::series::Buckets;
use crate::naive::time::{self, MINUTE};
use crate::naive::{Row, row};

/// The values of a group, and its events.
type Group<'a, 'e> = (Vec<Option<Datum<'a>>>, Vec<&'e Event<'a>>);

fn groups<'a, 'e>(events: &'e [Event<'a>], by: &[Operand]) -> Vec<Group<'a, 'e>> {
    let mut groups: Vec<Group<'a, 'e>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for event in events {
        let values: Vec<_> = by.iter().map(|operand| event.value(operand)).collect();
        let key: Vec<String> = values.iter().map(identity).collect();
        let place = *places.entry(key.join("\n")).or_insert_with(|| {
            groups.push((values, Vec::new()));
            groups.len() - 1
        });
        groups[place].1.push(event);
    }
    groups
}

/// A text that equal values share, and no others.
fn identity(datum: &Option<Datum<'_>>) -> String {
    match datum {
        None => String::new(),
        Some(Datum::Time(nanos)) => format!("time {nanos}"),
        Some(Datum::Json(value)) => logic::normal(value).to_string(),
    }
}

/// `summarize`: a row for each group, and one for all records where nothing is grouped by.
pub fn summary(events: &[Event<'_>], aggregates: &[Aggregate], by: &[Operand]) -> Vec<Row> {
    let mut groups = groups(events, by);
    if by.is_empty() && groups.is_empty() {
        groups.push((Vec::new(), Vec::new()));
    }
    groups
        .into_iter()
        .map(|(values, events)| {
            let aggregated = aggregates.iter().map(|one| aggregated(one, &events));
            numbered("g", values.into_iter().map(shown))
                .chain(numbered("a", aggregated))
                .collect()
        })
        .collect()
}

/// A value by a name, and what is in it, for every record or for every group.
pub fn nested(
    events: &[Event<'_>],
    base: &Operand,
    inner: &[Vec<Step>],
    grouped: bool,
) -> Vec<Row> {
    let read = |value: &Option<Datum<'_>>| -> Row {
        let values = inner.iter().map(|steps| match (value, steps.as_slice()) {
            (None, _) => Value::Null,
            (Some(value), []) => value.shown(),
            (Some(_), steps) => json(value)
                .and_then(|value| logic::at(value, steps))
                .cloned()
                .unwrap_or_default(),
        });
        numbered("f", values).collect()
    };
    if !grouped {
        return events
            .iter()
            .map(|event| read(&event.value(base)))
            .collect();
    }
    groups(events, std::slice::from_ref(base))
        .into_iter()
        .map(|(values, events)| {
            let mut row = read(&values[0]);
            row.insert("n".to_owned(), json!(events.len()));
            row
        })
        .collect()
}

fn aggregated(aggregate: &Aggregate, events: &[&Event<'_>]) -> Value {
    let values =
        |operand: &Operand| -> Vec<_> { events.iter().map(|event| event.value(operand)).collect() };
    let extreme = |operand: &Operand, greatest: bool| {
        let values = values(operand);
        let times = values.iter().flatten().filter_map(|value| match value {
            Datum::Time(nanos) => Some(*nanos),
            Datum::Json(_) => None,
        });
        // No operand is a point in time in one record and JSON in another.
        if let Some(time) = if greatest { times.max() } else { times.min() } {
            return json!(time::text(time));
        }
        logic::extreme(values.iter().map(json), greatest).unwrap_or_default()
    };
    let numbers = |operand: &Operand| logic::numbers(values(operand).iter().map(json));
    match aggregate {
        Aggregate::Count => json!(events.len()),
        Aggregate::CountIf(condition) => {
            json!(
                events
                    .iter()
                    .filter(|event| logic::keeps(event.test(condition)))
                    .count()
            )
        }
        Aggregate::CountDistinct(operand) => {
            let mut found: Vec<String> = values(operand)
                .iter()
                .filter(|value| value.is_some())
                .map(identity)
                .collect();
            found.sort();
            found.dedup();
            json!(found.len())
        }
        Aggregate::Min(operand) => extreme(operand, false),
        Aggregate::Max(operand) => extreme(operand, true),
        Aggregate::Sum(operand) => json!(numbers(operand).map(|n| n.iter().sum::<f64>())),
        Aggregate::Avg(operand) => {
            json!(numbers(operand).map(|n| n.iter().sum::<f64>() / n.len() as f64))
        }
        Aggregate::TakeAny(operand) => shown(values(operand).into_iter().flatten().next()),
    }
}

/// `makeTimeseries`: a row for each group, with a value for each bucket that has records.
pub fn series(
    query: &Query,
    events: &[Event<'_>],
    aggregate: &Aggregate,
    by: &[Operand],
    minutes: i128,
) -> Vec<Row> {
    let Some((Some(from), to)) = ends(query) else {
        panic!("a series needs both ends of its timeframe");
    };
    let buckets = Buckets::aligned(from, to, minutes * MINUTE);
    let of = |event: &Event<'_>| {
        let time = event
            .record
            .time
            .filter(|time| (buckets.start..buckets.end).contains(time))?;
        Some(((time - buckets.start) / buckets.length) as usize)
    };
    groups(events, by)
        .into_iter()
        .map(|(values, events)| {
            let mut inside: Vec<Vec<&Event<'_>>> = vec![Vec::new(); buckets.count()];
            for event in events {
                if let Some(place) = of(event) {
                    inside[place].push(event);
                }
            }
            let array: Vec<Value> = inside
                .iter()
                .map(|events| match events.as_slice() {
                    [] => Value::Null,
                    events => aggregated(aggregate, events),
                })
                .collect();
            let mut series = buckets.row([], "", &[]);
            series.remove("");
            series.extend(row([("a0", Value::Array(array))]));
            series.extend(numbered("g", values.into_iter().map(shown)));
            series
        })
        .collect()
}
