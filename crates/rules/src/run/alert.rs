//! What goes in, matches, and what comes out, alerts and figures.

use std::sync::Arc;

/// An event that met a rule's condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// When, nanoseconds since 1970: the time by which windows see it.
    pub time: i64,
    /// Which event. Two events at one time with one identity are the same event, and the second is passed over.
    pub id: Arc<str>,
    /// The texts of the values of each field asked for, in that order; none where the event lacks the field.
    pub values: Vec<Vec<Arc<str>>>,
}

/// What a rule has found.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// 32 hexadecimal digits. The same alert has the same one whenever and over whatever timeframe it is found.
    pub id: String,
    /// What was found.
    pub kind: Kind,
    /// When the rule ran, nanoseconds; for what has no schedule the time of the event that completed it.
    pub run: i64,
    /// The values that make it this alert and no other, in the order of the rule's fields: group, terms. None where the
    /// events lack the field.
    pub key: Vec<Option<Arc<str>>>,
    /// How many events are in it. Of suppressed new terms each counts, even where one event has several.
    pub count: u64,
    /// How many different values there were, where the rule asks.
    pub distinct: Option<u64>,
    /// The sum, mean or percentile, where the rule asks.
    pub value: Option<f64>,
    /// The time of its oldest event.
    pub first: i64,
    /// The time of its newest event.
    pub last: i64,
    /// Its oldest events, in order; no more than [`Options::events`].
    pub events: Vec<Arc<str>>,
    /// How many further alerts were suppressed in favour of this one.
    pub suppressed: u64,
}

impl Alert {
    /// Takes in an alert that is suppressed in favour of this one, keeping `events` identities at most.
    pub(super) fn absorb(&mut self, other: Alert, events: usize) {
        self.count = self.count.saturating_add(other.count);
        self.suppressed = self.suppressed.saturating_add(other.suppressed + 1);
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        let room = events.saturating_sub(self.events.len());
        // New terms: an event may have several.
        let known = self.events.len();
        for id in other.events.into_iter().take(room) {
            if !self.events[..known].contains(&id) {
                self.events.push(id);
            }
        }
    }
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// An event; with suppression, several of one group.
    Event,
    /// A group of enough events.
    Threshold,
    /// A combination of values not seen before.
    NewTerms,
    /// Events of several rules, or many of one.
    Correlation,
}

/// How a timeline is run.
#[derive(Clone, Debug)]
pub struct Options {
    /// The timeframe's begin, nanoseconds, included.
    pub from: i64,
    /// The timeframe's end, nanoseconds, excluded.
    pub to: i64,
    /// How many alerts a run gives at most, instead of what the rule says; `u64::MAX` for all.
    pub max_signals: Option<u64>,
    /// How many events an alert names at most; one that is made of a single event names it in any case.
    pub events: usize,
    /// Where the data begin, if new terms shall be believed only with a whole history behind them.
    pub begins: Option<i64>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            from: i64::MIN,
            to: i64::MAX,
            max_signals: None,
            events: 100,
            begins: None,
        }
    }
}

/// What there is to say of a timeline besides its alerts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Events taken in, the repeated ones not counted.
    pub events: u64,
    /// Events passed over since they had just been there.
    pub repeated: u64,
    /// Events that no window sees: the rule runs more seldom than its windows are long, or a time is absurd.
    pub unseen: u64,
    /// Alerts that `max_signals` cut from a run and a later run gave.
    pub delayed: u64,
    /// Alerts that `max_signals` cut and no later run gave.
    pub lost: u64,
    /// New terms not believed since the data begin within their history.
    pub warming: u64,
    /// Alerts before the timeframe.
    pub before: u64,
    /// Combinations of values left out since an event had too many.
    pub crowded: u64,
}
