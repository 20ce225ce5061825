//! The alerts of a rule in DQL: each record that its query gives is one, or enough of them within a window are.

use std::collections::HashMap;
use std::sync::Arc;

use rules::load::LoadedRule;
use rules::rule::{Query, Then};
use rules::run::{self, Match, Timeline};
use sha2::{Digest, Sha256};
use translator::OutputField;

use super::events::Oldest;
use crate::detect::Alert;
use crate::detect::tails;
use crate::value::Value;

/// A record of a query, and the events that it was made of.
pub(super) type Found = (Vec<Value>, Oldest);

/// The records of a rule as they are told apart.
pub(super) struct Records<'a> {
    rule: &'a LoadedRule,
    fields: Arc<[OutputField]>,
    /// How many of each there were before.
    seen: HashMap<[u8; 32], u64>,
}

/// What a timeline makes of the records, of whose events an alert names `most` at most. A record without a `timestamp` is
/// seen by no window.
pub(super) fn over_time(
    mut records: Records<'_>,
    query: &Query,
    timeline: Timeline,
    found: Vec<Found>,
    most: usize,
) -> (Vec<Alert>, run::Figures) {
    let asked: Vec<Option<usize>> = timeline
        .fields()
        .iter()
        .map(|field| {
            let name = tails::field_name(field);
            let mut fields = records.fields.iter();
            fields.position(|field| field.name == name)
        })
        .collect();
    let mut known: HashMap<Arc<str>, Found> = HashMap::new();
    let mut matches = Vec::new();
    for (record, oldest) in found {
        let Some(time) = records.time(&record) else {
            continue;
        };
        let id: Arc<str> = records.id(&record).into();
        let values = asked.iter().map(|place| {
            let value = place.and_then(|place| record.get(place));
            value.map(texts).unwrap_or_default()
        });
        matches.push(Match {
            time,
            id: Arc::clone(&id),
            values: values.collect(),
        });
        known.insert(id, (record, oldest));
    }
    let schedule = query.schedule.as_ref();
    let (mut alerts, figures) = tails::over_time(records.rule, timeline, schedule, matches);
    for alert in &mut alerts {
        let of = std::mem::take(&mut alert.identities);
        for id in of {
            let Some((record, oldest)) = known.get(&id) else {
                continue;
            };
            if matches!(query.then, Then::Each) {
                alert.record.clone_from(record);
            }
            alert.reach = match (alert.reach, oldest.times) {
                (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
                (a, b) => a.or(b),
            };
            for identity in &oldest.identities {
                if alert.identities.len() < most && !alert.identities.contains(identity) {
                    alert.identities.push(Arc::clone(identity));
                }
            }
        }
    }
    (alerts, figures)
}

impl<'a> Records<'a> {
    /// Those of a rule, with these fields.
    pub(super) fn new(rule: &'a LoadedRule, fields: Arc<[OutputField]>) -> Records<'a> {
        Records {
            rule,
            fields,
            seen: HashMap::new(),
        }
    }

    /// Begins anew.
    pub(super) fn forget(&mut self) {
        self.seen.clear();
    }

    /// The alert that a record is by itself.
    pub(super) fn alert(&mut self, (record, oldest): Found) -> Alert {
        let time = self.time(&record);
        let times = time.map(|time| (time, time)).or(oldest.times);
        Alert {
            id: self.id(&record),
            run: time,
            first: times.map(|(first, _)| first),
            last: times.map(|(_, last)| last),
            count: 1,
            identities: oldest.identities,
            reach: oldest.times,
            record,
            ..Alert::default()
        }
    }

    /// Its field `timestamp`, nanoseconds.
    fn time(&self, record: &[Value]) -> Option<i64> {
        let mut fields = self.fields.iter();
        let place = fields.position(|field| field.name == "timestamp")?;
        match record.get(place) {
            Some(Value::Timestamp(nanos)) => Some(*nanos),
            _ => None,
        }
    }

    /// 32 hexadecimal digits. A query may give equal records: each is told apart by its place among them.
    fn id(&mut self, record: &[Value]) -> String {
        let digest = identity(&self.rule.rule.about.id, &self.fields, record);
        let before = self.seen.entry(digest).or_insert(0);
        let whole = Sha256::new()
            .chain_update(digest)
            .chain_update(before.to_le_bytes())
            .finalize();
        *before += 1;
        hex(&whole)
    }
}

/// The texts by which values are grouped: of an array those of its elements, each once, and none of what is null.
fn texts(value: &Value) -> Vec<Arc<str>> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(elements) => {
            let mut all: Vec<Arc<str>> = Vec::new();
            for text in elements.iter().flat_map(texts) {
                if !all.contains(&text) {
                    all.push(text);
                }
            }
            all
        }
        value => vec![text(value).into()],
    }
}

fn text(value: &Value) -> String {
    let instant = |nanos: i64| {
        let instant = jiff::Timestamp::from_nanosecond(i128::from(nanos));
        instant.map_or_else(|_| nanos.to_string(), |instant| instant.to_string())
    };
    match value {
        Value::Null => "null".to_owned(),
        Value::Boolean(value) => value.to_string(),
        Value::Long(value) => value.to_string(),
        Value::Double(value) => value.to_string(),
        Value::String(value) => value.clone(),
        Value::Timestamp(nanos) => instant(*nanos),
        Value::Duration(nanos) => jiff::SignedDuration::from_nanos(*nanos).to_string(),
        Value::Timeframe(start, end) => format!("{}/{}", instant(*start), instant(*end)),
        Value::Array(elements) => {
            let all: Vec<String> = elements.iter().map(text).collect();
            format!("[{}]", all.join(", "))
        }
        Value::Record(members) => {
            let all = members.iter();
            let all: Vec<String> = all
                .map(|(name, value)| format!("{name}: {}", text(value)))
                .collect();
            format!("{{{}}}", all.join(", "))
        }
        Value::Shown(_, value) => text(value),
    }
}

/// A hash over the rule and the record. It is SHA-256, so that who writes events can't give two records one.
fn identity(rule: &str, fields: &[OutputField], record: &[Value]) -> [u8; 32] {
    let mut hash = Sha256::new();
    put_text(rule, &mut hash);
    for (field, value) in fields.iter().zip(record) {
        put_text(&field.name, &mut hash);
        put(value, &mut hash);
    }
    hash.finalize().into()
}

fn put_text(text: &str, hash: &mut Sha256) {
    hash.update((text.len() as u64).to_le_bytes());
    hash.update(text);
}

/// Puts a value in with its type and its length, so that no two look alike.
fn put(value: &Value, hash: &mut Sha256) {
    match value {
        Value::Null => hash.update([0]),
        Value::Boolean(value) => hash.update([1, u8::from(*value)]),
        Value::Long(value) => number(2, *value, hash),
        Value::Double(value) => number(3, value.to_bits().cast_signed(), hash),
        Value::String(value) => {
            hash.update([4]);
            put_text(value, hash);
        }
        Value::Timestamp(value) => number(5, *value, hash),
        Value::Duration(value) => number(6, *value, hash),
        Value::Timeframe(start, end) => {
            number(7, *start, hash);
            number(7, *end, hash);
        }
        Value::Array(elements) => {
            number(8, elements.len() as i64, hash);
            elements.iter().for_each(|element| put(element, hash));
        }
        Value::Record(members) => {
            number(9, members.len() as i64, hash);
            for (name, value) in members {
                put_text(name, hash);
                put(value, hash);
            }
        }
        Value::Shown(name, value) => {
            hash.update([10]);
            put_text(name, hash);
            put(value, hash);
        }
    }
}

fn number(kind: u8, number: i64, hash: &mut Sha256) {
    hash.update([kind]);
    hash.update(number.to_le_bytes());
}

fn hex(hash: &[u8]) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(32);
    for byte in hash.iter().take(16) {
        // A string takes whatever is written.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
