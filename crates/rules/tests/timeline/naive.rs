//! The rules of the detection engine, run by run and event by event, over everything each time. It shares nothing with
//! the product but the shape of an event.

use std::collections::BTreeSet;

use rules::run::Match;

/// Times in the units of the test.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    pub(crate) interval: i64,
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) most: usize,
}

/// Run, key, count, different values, first, last, suppressed, events.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) run: i64,
    pub(crate) key: Vec<Option<String>>,
    pub(crate) count: usize,
    pub(crate) distinct: Option<usize>,
    pub(crate) first: i64,
    pub(crate) last: i64,
    pub(crate) suppressed: usize,
    pub(crate) events: Vec<String>,
}

impl Found {
    pub(crate) fn line(&self) -> String {
        let key: Vec<_> = self
            .key
            .iter()
            .map(|value| value.clone().unwrap_or("-".to_owned()))
            .collect();
        let distinct = self
            .distinct
            .map_or("-".to_owned(), |distinct| distinct.to_string());
        format!(
            "{} [{}] {} {distinct} {}..{} +{} {}",
            self.run,
            key.join(","),
            self.count,
            self.first,
            self.last,
            self.suppressed,
            self.events.join(" ")
        )
    }
}

fn runs(clock: Clock, events: &[Match]) -> Vec<i64> {
    let first = events.iter().map(|event| event.time).min().unwrap_or(0) - 100;
    let last = events.iter().map(|event| event.time).max().unwrap_or(0) + 100;
    (first..=last)
        .filter(|run| run.rem_euclid(clock.interval) == 0)
        .collect()
}

fn texts(event: &Match, field: usize) -> BTreeSet<String> {
    event.values[field]
        .iter()
        .map(|value| value.to_string())
        .collect()
}

/// A key sorts by its values, a lacking one last.
fn sortable(key: &[Option<String>]) -> Vec<(bool, String)> {
    key.iter()
        .map(|value| (value.is_none(), value.clone().unwrap_or_default()))
        .collect()
}

/// Whether an event is in the group of a key.
fn carries(event: &Match, key: &[Option<String>]) -> bool {
    key.iter().enumerate().all(|(field, value)| match value {
        Some(value) => texts(event, field).contains(value),
        None => texts(event, field).is_empty(),
    })
}

/// All keys that any of the events carries, sorted.
fn all_keys(events: &[&Match], fields: usize, lacking: bool) -> Vec<Vec<Option<String>>> {
    let mut keys: Vec<Vec<Option<String>>> = vec![Vec::new()];
    for field in 0..fields {
        let mut values: BTreeSet<Option<String>> = BTreeSet::new();
        for event in events {
            values.extend(texts(event, field).into_iter().map(Some));
        }
        if lacking {
            values.insert(None);
        }
        let mut longer = Vec::new();
        for key in &keys {
            for value in &values {
                let mut key = key.clone();
                key.push(value.clone());
                longer.push(key);
            }
        }
        keys = longer;
    }
    keys.retain(|key| events.iter().any(|event| carries(event, key)));
    keys.sort_by_key(|key| sortable(key));
    keys
}

pub(crate) fn query(clock: Clock, events: &[Match]) -> Vec<Found> {
    let mut alerted: BTreeSet<(i64, String)> = BTreeSet::new();
    let mut found = Vec::new();
    for run in runs(clock, events) {
        let mut room = clock.most;
        for event in events {
            let seen = event.time >= run - clock.from && event.time <= run - clock.to;
            let name = (event.time, event.id.to_string());
            if seen && room > 0 && !alerted.contains(&name) {
                alerted.insert(name);
                room -= 1;
                found.push(alone(run, event, Vec::new()));
            }
        }
    }
    found
}

fn alone(run: i64, event: &Match, key: Vec<Option<String>>) -> Found {
    Found {
        run,
        key,
        count: 1,
        distinct: None,
        first: event.time,
        last: event.time,
        suppressed: 0,
        events: vec![event.id.to_string()],
    }
}

fn group(run: i64, key: Vec<Option<String>>, members: &[&Match]) -> Found {
    Found {
        run,
        key,
        count: members.len(),
        distinct: None,
        first: members.iter().map(|event| event.time).min().unwrap(),
        last: members.iter().map(|event| event.time).max().unwrap(),
        suppressed: 0,
        events: members.iter().map(|event| event.id.to_string()).collect(),
    }
}

pub(crate) fn threshold(
    clock: Clock,
    events: &[Match],
    fields: usize,
    count: usize,
    distinct: Option<usize>,
    duration: Option<i64>,
) -> Vec<Found> {
    let mut state: Vec<(Vec<Option<String>>, i64)> = Vec::new();
    let mut written: Vec<Found> = Vec::new();
    for run in runs(clock, events) {
        let (begin, end) = (run - clock.from, run - clock.to);
        state.retain(|(_, last)| *last > begin);
        let seen: Vec<&Match> = events
            .iter()
            .filter(|event| event.time >= begin && event.time <= end)
            .filter(|event| {
                !state
                    .iter()
                    .any(|(key, last)| carries(event, key) && event.time <= *last)
            })
            .collect();
        let mut large = Vec::new();
        for key in all_keys(&seen, fields, false) {
            let members: Vec<&Match> = seen
                .iter()
                .copied()
                .filter(|event| carries(event, &key))
                .collect();
            let mut values = BTreeSet::new();
            if distinct.is_some() {
                for member in &members {
                    values.extend(texts(member, fields));
                }
            }
            if members.len() >= count && distinct.is_none_or(|least| values.len() >= least) {
                let mut found = group(run, key, &members);
                found.distinct = distinct.map(|_| values.len());
                large.push(found);
            }
        }
        large.truncate(clock.most);
        for found in &large {
            state.push((found.key.clone(), found.last));
        }
        let large = large
            .into_iter()
            .map(|found| (Some(instance(&found.key)), found));
        suppress(&mut written, run, duration, large.collect());
    }
    written
}

/// A query whose alerts are suppressed; the values after the key's fields don't count.
pub(crate) fn suppressed(
    clock: Clock,
    events: &[Match],
    fields: usize,
    duration: Option<i64>,
    apart: bool,
) -> Vec<Found> {
    let mut ends: Vec<(Vec<Option<String>>, i64)> = Vec::new();
    let mut alerted: BTreeSet<(i64, String)> = BTreeSet::new();
    let mut written: Vec<Found> = Vec::new();
    for run in runs(clock, events) {
        let (begin, end) = (run - clock.from, run - clock.to);
        let in_window: Vec<&Match> = events
            .iter()
            .filter(|event| event.time >= begin && event.time <= end)
            .collect();
        let seen: Vec<&Match> = in_window
            .iter()
            .copied()
            .filter(|event| {
                !ends
                    .iter()
                    .any(|(key, last)| carries(event, key) && event.time <= *last)
            })
            .filter(|event| !apart || (0..fields).all(|field| !texts(event, field).is_empty()))
            .collect();
        let mut alerts = Vec::new();
        for key in all_keys(&seen, fields, !apart).into_iter().take(clock.most) {
            let members: Vec<&Match> = seen
                .iter()
                .copied()
                .filter(|event| carries(event, &key))
                .collect();
            let mut found = group(run, key, &members);
            found.suppressed = found.count - 1;
            ends.push((found.key.clone(), found.last));
            alerts.push((Some(instance(&found.key)), found));
        }
        let mut room = clock.most - alerts.len();
        for event in in_window {
            let lacking = (0..fields).any(|field| texts(event, field).is_empty());
            let name = (event.time, event.id.to_string());
            if apart && lacking && room > 0 && !alerted.contains(&name) {
                alerted.insert(name);
                room -= 1;
                alerts.push((None, alone(run, event, Vec::new())));
            }
        }
        suppress(&mut written, run, duration, alerts);
    }
    written
}

/// `begins`: where the data begin, if no run whose history begins earlier is believed. `by`: how many fields after the
/// terms group for suppression, for how long, and whether events that lack one stand apart.
pub(crate) fn new_terms(
    clock: Clock,
    events: &[Match],
    fields: usize,
    history: i64,
    begins: Option<i64>,
    by: Option<(usize, Option<i64>, bool)>,
) -> Vec<Found> {
    let mut alerted: BTreeSet<(i64, String, Vec<Option<String>>)> = BTreeSet::new();
    let mut written = Vec::new();
    for run in runs(clock, events) {
        let (begin, end) = (run - clock.from, run - clock.to);
        let long_ago = end - history;
        if begins.is_some_and(|begins| long_ago < begins) {
            continue;
        }
        let recent: Vec<&Match> = events
            .iter()
            .filter(|event| event.time >= begin && event.time <= end)
            .collect();
        let mut alerts = Vec::new();
        for key in all_keys(&recent, fields, false) {
            let oldest = events
                .iter()
                .find(|event| event.time >= long_ago && event.time <= end && carries(event, &key));
            let earliest = recent.iter().find(|event| carries(event, &key)).unwrap();
            let name = (earliest.time, earliest.id.to_string(), key.clone());
            if oldest.unwrap().time > begin && alerts.len() < clock.most && !alerted.contains(&name)
            {
                alerted.insert(name);
                let instance = by.and_then(|(by, _, apart)| {
                    let instance: Vec<_> = (fields..fields + by)
                        .map(|field| texts(earliest, field))
                        .collect();
                    (!apart || instance.iter().all(|values| !values.is_empty())).then_some(instance)
                });
                alerts.push((instance, alone(run, earliest, key)));
            }
        }
        suppress(&mut written, run, by.and_then(|by| by.1), alerts);
    }
    written
}

type Instance = Vec<BTreeSet<String>>;

fn instance(key: &[Option<String>]) -> Instance {
    key.iter()
        .map(|value| value.iter().cloned().collect())
        .collect()
}

thread_local! {
    /// The group of each alert written, in order.
    static GROUPS: std::cell::RefCell<Vec<Option<Instance>>> = const { std::cell::RefCell::new(Vec::new()) };
}

fn suppress(
    written: &mut Vec<Found>,
    run: i64,
    duration: Option<i64>,
    alerts: Vec<(Option<Instance>, Found)>,
) {
    GROUPS.with_borrow_mut(|groups| {
        if written.is_empty() {
            groups.clear();
        }
        // In one run.
        let mut kept: Vec<(Option<Instance>, Found)> = Vec::new();
        for (instance, found) in alerts {
            let same = kept
                .iter_mut()
                .find(|(other, _)| instance.is_some() && *other == instance);
            match same {
                Some((_, other)) if found.first < other.first => {
                    let later = std::mem::replace(other, found);
                    merge(other, later);
                }
                Some((_, other)) => merge(other, found),
                None => kept.push((instance, found)),
            }
        }
        // Across runs.
        for (instance, found) in kept {
            let place = (0..written.len()).find(|place| {
                instance.is_some()
                    && groups[*place] == instance
                    && duration.is_some_and(|duration| written[*place].run >= run - duration)
            });
            match place {
                Some(place) => merge(&mut written[place], found),
                None => {
                    written.push(found);
                    groups.push(instance);
                }
            }
        }
    });
}

fn merge(kept: &mut Found, other: Found) {
    kept.count += other.count;
    kept.suppressed += other.suppressed + 1;
    kept.first = kept.first.min(other.first);
    kept.last = kept.last.max(other.last);
    for id in other.events {
        if !kept.events.contains(&id) {
            kept.events.push(id);
        }
    }
}
