//! Groups of events over the runs of a rule: which are large enough, and which events they are made of.
//!
//! A group that gave an alert counts anew: its events up to the alert's newest are spent, for every group that they are
//! in. A threshold forgets the alert once a window begins at its newest event or later; windows are closed at both ends, so
//! one that begins at that very time counts the events there once more.
//!
//! Only runs in which a group can have become large enough are looked at: those that are the first to see an event, those
//! after a cut, and those whose windows begin where an alert's newest event was. An event costs what its own groups cost,
//! not what the window holds.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use super::alert::{Figures, Match};
use super::key::{Key, Sorted, keys};
use crate::rule::Schedule;

/// What a group needs for an alert.
pub(super) struct Bounds {
    /// This many events.
    pub(super) count: u64,
    /// This many different values of a further field, which comes after the group's own in a match.
    pub(super) distinct: Option<u64>,
    /// Whether to lack a field is a value too.
    pub(super) lacking: bool,
    /// How many fields make a group.
    pub(super) fields: usize,
    /// Whether an alert is forgotten once a window begins at its newest event or later; if not, no event counts twice.
    pub(super) forgets: bool,
}

/// A group that is large enough.
pub(super) struct Found {
    pub(super) key: Key,
    pub(super) count: u64,
    pub(super) distinct: Option<u64>,
    pub(super) first: i64,
    pub(super) last: i64,
    /// The identities of the oldest events.
    pub(super) events: Vec<Arc<str>>,
    /// The oldest event's.
    pub(super) oldest: Arc<str>,
}

struct Event {
    time: i64,
    id: Arc<str>,
    groups: Box<[usize]>,
    /// Values of the field whose different values count.
    values: Box<[Arc<str>]>,
    /// The newest event of the newest alert that it was in.
    spent: i64,
    counted: bool,
}

struct Group {
    key: Key,
    /// Numbers of its events: all that count, and spent ones that may count again.
    events: VecDeque<u64>,
    count: u64,
    values: HashMap<Arc<str>, u64>,
    /// To be looked at by the next run.
    marked: bool,
    /// The run since which it is among the large ones.
    large: Option<i64>,
}

/// The groups of the events that a window may still see.
pub(super) struct Groups {
    schedule: Schedule,
    bounds: Bounds,
    /// How many events' identities a group gives.
    names: usize,
    events: VecDeque<Event>,
    /// The number of the first of `events`.
    passed: u64,
    groups: Vec<Group>,
    places: HashMap<Key, usize>,
    free: Vec<usize>,
    /// Groups that have changed.
    marked: Vec<usize>,
    /// Groups that were large enough when last looked at and have given no alert, by their keys.
    large: BTreeMap<Sorted, usize>,
    emptied: Vec<usize>,
    next: Option<i64>,
    /// Runs whose windows begin where an alert's newest event was.
    edges: BTreeSet<i64>,
    nothing: Arc<str>,
}

impl Groups {
    pub(super) fn new(schedule: Schedule, bounds: Bounds, names: usize) -> Groups {
        Groups {
            schedule,
            bounds,
            names,
            events: VecDeque::new(),
            passed: 0,
            groups: Vec::new(),
            places: HashMap::new(),
            free: Vec::new(),
            marked: Vec::new(),
            large: BTreeMap::new(),
            emptied: Vec::new(),
            next: None,
            edges: BTreeSet::new(),
            nothing: Arc::from(""),
        }
    }

    /// Takes an event that the run `run` is the first to see.
    pub(super) fn add(&mut self, run: i64, event: Match, figures: &mut Figures) {
        let (keys, crowded) = keys(
            event.values.get(..self.bounds.fields).unwrap_or_default(),
            self.bounds.lacking,
        );
        figures.crowded += crowded;
        if keys.is_empty() {
            return;
        }
        let mut values = Vec::new();
        if self.bounds.distinct.is_some() {
            values = event
                .values
                .into_iter()
                .nth(self.bounds.fields)
                .unwrap_or_default();
            values.sort_unstable();
            values.dedup();
        }
        let number = self.passed + self.events.len() as u64;
        let mut groups = Vec::with_capacity(keys.len());
        for key in keys {
            let place = self.place(key);
            self.groups[place].events.push_back(number);
            mark(place, &mut self.groups, &mut self.marked);
            groups.push(place);
        }
        let mut event = Event {
            time: event.time,
            id: event.id,
            groups: groups.into(),
            values: values.into(),
            spent: i64::MIN,
            counted: false,
        };
        count(&mut event, &mut self.groups);
        self.events.push_back(event);
        self.next = Some(self.next.map_or(run, |next| next.min(run)));
    }

    fn place(&mut self, key: Key) -> usize {
        if let Some(place) = self.places.get(&key) {
            return *place;
        }
        let group = Group {
            key: key.clone(),
            events: VecDeque::new(),
            count: 0,
            values: HashMap::new(),
            marked: false,
            large: None,
        };
        let place = match self.free.pop() {
            Some(place) => {
                self.groups[place] = group;
                place
            }
            None => {
                self.groups.push(group);
                self.groups.len() - 1
            }
        };
        self.places.insert(key, place);
        place
    }

    /// The next run in which a group can be large enough.
    pub(super) fn due(&self) -> Option<i64> {
        match (self.next, self.edges.first().copied()) {
            (Some(next), Some(edge)) => Some(next.min(edge)),
            (next, edge) => next.or(edge),
        }
    }

    /// The groups that are large enough in a run, by their keys, no more than `room`.
    pub(super) fn run(&mut self, run: i64, room: u64, figures: &mut Figures) -> Vec<Found> {
        let (start, _) = self.schedule.window(run);
        self.expire(start);
        if self.edges.remove(&run) {
            self.count_again(start);
        }
        self.look(run, figures);
        let mut found = Vec::new();
        while (found.len() as u64) < room
            && let Some((_, place)) = self.large.pop_first()
        {
            if self.groups[place].large.take() != Some(run) {
                figures.delayed += 1;
            }
            found.push((place, self.found(place)));
        }
        // Alerts of one run know nothing of each other.
        for (place, found) in &found {
            self.spend(run, *place, found.last);
        }
        let idle = self.marked.is_empty() && self.large.is_empty();
        self.next = (!idle).then_some(run + self.schedule.interval);
        self.forget_empty();
        found.into_iter().map(|(_, found)| found).collect()
    }

    /// Finds out which of the groups that have changed are large enough.
    fn look(&mut self, run: i64, figures: &mut Figures) {
        for place in std::mem::take(&mut self.marked) {
            let group = &mut self.groups[place];
            group.marked = false;
            let enough = group.count >= self.bounds.count.max(1)
                && group.values.len() as u64 >= self.bounds.distinct.unwrap_or(0);
            if enough && group.large.is_none() {
                group.large = Some(run);
                self.large.insert(Sorted(group.key.clone()), place);
            } else if !enough && group.large.take().is_some() {
                self.large.remove(&Sorted(group.key.clone()));
                figures.lost += 1;
            }
        }
    }

    /// Lets go of what no window sees any more.
    fn expire(&mut self, start: i64) {
        while self.events.front().is_some_and(|event| event.time < start) {
            let Some(mut event) = self.events.pop_front() else {
                break;
            };
            let number = self.passed;
            self.passed += 1;
            discount(&mut event, &mut self.groups, &mut self.marked);
            for place in event.groups {
                let events = &mut self.groups[place].events;
                while events.front().is_some_and(|first| *first <= number) {
                    events.pop_front();
                }
                if events.is_empty() {
                    self.emptied.push(place);
                }
            }
        }
    }

    /// Counts the spent events at the very begin of the window, whose alert is forgotten.
    fn count_again(&mut self, start: i64) {
        for event in &mut self.events {
            if event.time != start {
                break;
            }
            if !event.counted && event.spent == start {
                count(event, &mut self.groups);
                for place in &event.groups {
                    mark(*place, &mut self.groups, &mut self.marked);
                }
            }
        }
    }

    fn found(&self, place: usize) -> Found {
        let group = &self.groups[place];
        let mut found = Found {
            key: group.key.clone(),
            count: group.count,
            distinct: self.bounds.distinct.map(|_| group.values.len() as u64),
            first: i64::MAX,
            last: i64::MIN,
            events: Vec::new(),
            oldest: self.nothing.clone(),
        };
        for number in &group.events {
            let event = &self.events[(number - self.passed) as usize];
            if !event.counted {
                continue;
            }
            if found.first == i64::MAX {
                found.first = event.time;
                found.oldest = event.id.clone();
            }
            found.last = event.time;
            if found.events.len() < self.names {
                found.events.push(event.id.clone());
            }
        }
        found
    }

    /// Spends the events of a group up to its newest.
    fn spend(&mut self, run: i64, place: usize, last: i64) {
        // Windows that begin at `last` come, and see the events at that time once more.
        let edge = last + self.schedule.from;
        let again = self.bounds.forgets && edge > run && self.schedule.runs_at(edge);
        let mut kept = Vec::new();
        while let Some(number) = self.groups[place].events.front().copied() {
            let event = &mut self.events[(number - self.passed) as usize];
            if event.time > last {
                break;
            }
            self.groups[place].events.pop_front();
            event.spent = event.spent.max(last);
            discount(event, &mut self.groups, &mut self.marked);
            if again && event.spent == event.time {
                kept.push(number);
            } else {
                event.id = self.nothing.clone();
                event.values = Box::default();
            }
        }
        if !kept.is_empty() {
            self.edges.insert(edge);
        }
        for number in kept.into_iter().rev() {
            self.groups[place].events.push_front(number);
        }
        if self.groups[place].events.is_empty() {
            self.emptied.push(place);
        }
    }

    fn forget_empty(&mut self) {
        for place in std::mem::take(&mut self.emptied) {
            let group = &self.groups[place];
            if group.events.is_empty()
                && !group.marked
                && group.large.is_none()
                && self.places.get(&group.key) == Some(&place)
            {
                self.places.remove(&group.key);
                self.free.push(place);
            }
        }
    }
}

fn mark(place: usize, groups: &mut [Group], marked: &mut Vec<usize>) {
    if !std::mem::replace(&mut groups[place].marked, true) {
        marked.push(place);
    }
}

fn count(event: &mut Event, groups: &mut [Group]) {
    event.counted = true;
    for place in &event.groups {
        let group = &mut groups[*place];
        group.count += 1;
        for value in &event.values {
            *group.values.entry(value.clone()).or_default() += 1;
        }
    }
}

fn discount(event: &mut Event, groups: &mut [Group], marked: &mut Vec<usize>) {
    if !std::mem::replace(&mut event.counted, false) {
        return;
    }
    for place in &event.groups {
        if groups[*place].large.is_some() {
            mark(*place, groups, marked);
        }
        let group = &mut groups[*place];
        group.count -= 1;
        for value in &event.values {
            if let Some(count) = group.values.get_mut(value) {
                *count -= 1;
                if *count == 0 {
                    group.values.remove(value);
                }
            }
        }
    }
}
