//! What a query tree means, worked out record by record over the JSON.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::{Value, json};

use super::group::{nested, series, summary};
use super::query::{Compare, Condition, Item, Last, Operand, Part, Query, Table, now};
use crate::naive::Row;
use crate::naive::archive::Record;
use crate::naive::logic;
use crate::naive::time::{self, MINUTE};

/// The rows that a query gives over the records.
pub fn rows(query: &Query, records: &[Record]) -> Vec<Row> {
    let kept: Vec<Event<'_>> = records
        .iter()
        .filter(|record| inside(query, record))
        .map(|record| Event {
            record,
            root: match query.table {
                Table::Logs => record.event(),
                Table::Cloudtrail => Some(&record.json),
            },
        })
        .filter(|event| {
            query.filters.iter().all(|filter| {
                let truth = event.test(&filter.condition);
                match filter.out {
                    false => logic::keeps(truth),
                    true => logic::filter_out_keeps(truth),
                }
            })
        })
        .collect();
    match &query.last {
        Last::Fields(items) | Last::Added(items) => kept
            .iter()
            .map(|event| numbered("f", items.iter().map(|item| event.item(item))).collect())
            .collect(),
        Last::Sorted { keys, limit } => sorted(&kept, keys, *limit),
        Last::Summary { aggregates, by } => summary(&kept, aggregates, by),
        Last::Nested {
            base,
            inner,
            grouped,
        } => nested(&kept, base, inner, *grouped),
        Last::Series {
            aggregate,
            by,
            minutes,
        } => series(query, &kept, aggregate, by, *minutes),
    }
}

/// Whether an event is in the timeframe. One without a time is only where none was asked for.
fn inside(query: &Query, record: &Record) -> bool {
    let Some((from, to)) = ends(query) else {
        return true;
    };
    record
        .time
        .is_some_and(|time| from.is_none_or(|from| time >= from) && time < to)
}

/// The timeframe that a query asks for: `from` alone reaches to now.
pub fn ends(query: &Query) -> Option<(Option<i128>, i128)> {
    let at = |text: &String| time::parse(text).unwrap();
    match (&query.from, &query.to) {
        (None, None) => None,
        (from, to) => Some((from.as_ref().map(at), to.as_ref().map_or(now(), at))),
    }
}

/// A value that is not null: JSON, or a point in time.
#[derive(Clone, Debug)]
pub enum Datum<'a> {
    Json(Cow<'a, Value>),
    Time(i128),
}

impl Datum<'_> {
    /// The value as results show it.
    pub fn shown(&self) -> Value {
        match self {
            Datum::Json(value) => value.clone().into_owned(),
            Datum::Time(nanos) => json!(time::text(*nanos)),
        }
    }
}

/// The value where it is JSON.
pub fn json<'a>(datum: &'a Option<Datum<'_>>) -> Option<&'a Value> {
    match datum {
        Some(Datum::Json(value)) => Some(value),
        _ => None,
    }
}

/// The value as results show it.
pub fn shown(datum: Option<Datum<'_>>) -> Value {
    datum.map_or(Value::Null, |datum| datum.shown())
}

/// A record, and what its places are read off.
pub struct Event<'a> {
    /// The record.
    pub record: &'a Record,
    /// What places are read off; none where it is null.
    root: Option<&'a Value>,
}

impl<'a> Event<'a> {
    /// What an operand is for this record.
    pub fn value(&self, operand: &Operand) -> Option<Datum<'a>> {
        let literal = |value: Value| Some(Datum::Json(Cow::Owned(value)));
        let text = |key: &str| self.record.json.get(key).filter(|value| value.is_string());
        match operand {
            Operand::Place(steps) => {
                logic::at(self.root?, steps).map(|value| Datum::Json(Cow::Borrowed(value)))
            }
            Operand::Text(text) => literal(json!(text)),
            Operand::Long(long) => literal(json!(long)),
            Operand::Double(double) => literal(json!(double)),
            Operand::Boolean(boolean) => literal(json!(boolean)),
            Operand::Timestamp => self.record.time.map(Datum::Time),
            Operand::Instant(nanos) => Some(Datum::Time(*nanos)),
            Operand::Bin(minutes) => {
                let length = minutes * MINUTE;
                let bin = |time: i128| Datum::Time(time.div_euclid(length) * length);
                self.record.time.map(bin)
            }
            Operand::Lower(inner) => {
                let value = self.value(inner);
                literal(json!(json(&value)?.as_str()?.to_lowercase()))
            }
            Operand::If(condition, then, other) => match self.test(condition) {
                Some(true) => self.value(then),
                _ => self.value(other.as_ref()?),
            },
            Operand::Coalesce(values) => values.iter().find_map(|value| self.value(value)),
            Operand::Content => literal(json!(self.record.content)),
            Operand::Account => match (text("recipientAccountId"), &self.record.path_account) {
                (Some(account), _) => Some(Datum::Json(Cow::Borrowed(account))),
                (None, account) => literal(json!(account.as_ref()?)),
            },
            Operand::Region => text("awsRegion").map(|text| Datum::Json(Cow::Borrowed(text))),
        }
    }

    fn item(&self, item: &Item) -> Value {
        match item {
            Item::Value(operand) => shown(self.value(operand)),
            Item::Test(condition) => json!(self.test(condition)),
        }
    }

    /// Whether this record meets a condition.
    pub fn test(&self, condition: &Condition) -> Option<bool> {
        match condition {
            Condition::Compare(compare, a, b) => {
                self::compare(*compare, self.value(a)?, self.value(b)?)
            }
            Condition::Part(part, operand, wanted, any_case) => {
                let value = self.value(operand);
                let value = json(&value)?.as_str()?;
                let (value, wanted) = match any_case {
                    // What is looked for is ASCII, and so is what can match it.
                    true => (value.to_ascii_lowercase(), wanted.to_ascii_lowercase()),
                    false => (value.to_owned(), wanted.clone()),
                };
                let value = json!(value);
                match part {
                    Part::Starts => logic::starts_with(Some(&value), &wanted),
                    Part::Ends => logic::ends_with(Some(&value), &wanted),
                    Part::Contains => logic::contains(Some(&value), &wanted),
                }
            }
            Condition::In(needle, haystack) => {
                let needle = self.value(needle)?;
                let haystack: Vec<Value> = haystack
                    .iter()
                    .map(|item| shown(self.value(item)))
                    .collect();
                match needle {
                    Datum::Json(needle) => logic::is_in(Some(&needle), &haystack),
                    // The lists of the generator hold no points in time.
                    Datum::Time(_) => Some(false),
                }
            }
            Condition::IsNull(operand) => Some(self.value(operand).is_none()),
            Condition::IsNotNull(operand) => Some(self.value(operand).is_some()),
            Condition::Bare(operand) => json(&self.value(operand))?.as_bool(),
            Condition::Not(inner) => logic::not(self.test(inner)),
            Condition::And(a, b) => logic::and(self.test(a), self.test(b)),
            Condition::Or(a, b) => logic::or(self.test(a), self.test(b)),
            Condition::Xor(a, b) => logic::xor(self.test(a), self.test(b)),
        }
    }
}

fn compare(compare: Compare, a: Datum<'_>, b: Datum<'_>) -> Option<bool> {
    match (a, b) {
        (Datum::Json(a), Datum::Json(b)) => {
            let (a, b) = (Some(a.as_ref()), Some(b.as_ref()));
            match compare {
                Compare::Equal => logic::equal(a, b),
                Compare::Unequal => logic::unequal(a, b),
                Compare::Less => logic::less(a, b),
                Compare::AtMost => logic::at_most(a, b),
                Compare::Greater => logic::less(b, a),
                Compare::AtLeast => logic::at_most(b, a),
            }
        }
        (Datum::Time(a), Datum::Time(b)) => Some(match compare {
            Compare::Equal => a == b,
            Compare::Unequal => a != b,
            Compare::Less => a < b,
            Compare::AtMost => a <= b,
            Compare::Greater => a > b,
            Compare::AtLeast => a >= b,
        }),
        // A point in time and a JSON value are never of one type.
        _ => match compare {
            Compare::Equal => Some(false),
            Compare::Unequal => Some(true),
            _ => None,
        },
    }
}

/// Null is last, whether the order is descending or not.
fn order(a: &Option<Datum<'_>>, b: &Option<Datum<'_>>, descending: bool) -> Ordering {
    let order = match (a, b) {
        (None, _) | (_, None) => return a.is_none().cmp(&b.is_none()),
        (Some(Datum::Time(a)), Some(Datum::Time(b))) => a.cmp(b),
        (Some(Datum::Json(a)), Some(Datum::Json(b))) => logic::sort_order(a, b),
        // No key holds both.
        _ => Ordering::Equal,
    };
    if descending { order.reverse() } else { order }
}

fn sorted(events: &[Event<'_>], keys: &[(Operand, bool)], limit: usize) -> Vec<Row> {
    let mut rows: Vec<Vec<Option<Datum<'_>>>> = events
        .iter()
        .map(|event| keys.iter().map(|(key, _)| event.value(key)).collect())
        .collect();
    rows.sort_by(|a, b| {
        let orders = a.iter().zip(b).zip(keys);
        orders
            .map(|((a, b), (_, descending))| order(a, b, *descending))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    });
    rows.truncate(limit);
    rows.into_iter()
        .map(|row| numbered("f", row.into_iter().map(shown)).collect())
        .collect()
}

/// `f0`, `f1` … with their values.
pub fn numbered(
    name: &str,
    values: impl Iterator<Item = Value>,
) -> impl Iterator<Item = (String, Value)> {
    values
        .enumerate()
        .map(move |(place, value)| (format!("{name}{place}"), value))
}
