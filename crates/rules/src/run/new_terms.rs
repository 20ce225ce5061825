//! New terms: combinations of values that the rule's own matches did not have before.
//!
//! A combination is new in a run if the oldest event with it in `[H, T]` is later than `F`, where `[F, T]` is the window
//! and `H` the begin of history. So an event can be what makes it new if the one before it with the same combination, at
//! `p`, is earlier than `H`; and since `H` moves with the runs, that holds from a certain run on, as long as the event is
//! later than `F`. The runs of each event are therefore known when it comes, and the newest time of each combination is
//! all that has to be kept of the past.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::alert::{Figures, Match};
use super::key::{Key, Sorted, keys};
use crate::rule::Schedule;

/// An event that makes a combination new.
pub(super) struct Candidate {
    pub(super) key: Key,
    pub(super) event: Arc<Match>,
    /// The first run in which it does.
    since: i64,
    /// The last.
    until: i64,
}

pub(super) struct NewTerms {
    schedule: Schedule,
    fields: usize,
    history: i64,
    begins: Option<i64>,
    newest: HashMap<Key, i64>,
    /// How many combinations there may be before those that history has left behind are looked for.
    sweep_at: usize,
    /// By the runs in which they are new first.
    runs: BTreeMap<i64, Vec<Candidate>>,
    /// New in the last run and cut from it.
    cut: BTreeMap<Sorted, Candidate>,
    /// When those that were cut are no longer new.
    ends: BTreeMap<i64, Vec<Key>>,
    next: Option<i64>,
}

impl NewTerms {
    /// Combinations of the first `fields` values of matches; nothing is believed without history from `begins` on.
    pub(super) fn new(
        schedule: Schedule,
        fields: usize,
        history: i64,
        begins: Option<i64>,
    ) -> NewTerms {
        NewTerms {
            schedule,
            fields,
            history,
            begins,
            newest: HashMap::new(),
            sweep_at: 1024,
            runs: BTreeMap::new(),
            cut: BTreeMap::new(),
            ends: BTreeMap::new(),
            next: None,
        }
    }

    /// Takes an event that `run` is the first to see; one that no run sees is history all the same.
    pub(super) fn add(&mut self, run: Option<i64>, event: Match, figures: &mut Figures) {
        let (keys, crowded) = keys(event.values.get(..self.fields).unwrap_or_default(), false);
        figures.crowded += crowded;
        let event = Arc::new(event);
        for key in keys {
            let before = self.newest.insert(key.clone(), event.time);
            let Some(run) = run else { continue };
            // The last run whose window begins before the event, not at it.
            let until =
                self.schedule.at_or_after(event.time + self.schedule.from) - self.schedule.interval;
            let first = before.map_or(run, |before| run.max(self.leaves_behind(before)));
            if first > until {
                continue;
            }
            // To the data's begin everything is as if it had been there just before.
            let believed = self.begins.map_or(first, |begins| {
                first.max(self.leaves_behind(begins.saturating_sub(1).max(-super::FAR)))
            });
            if believed > until {
                figures.warming += 1;
                continue;
            }
            self.runs.entry(believed).or_default().push(Candidate {
                key,
                event: event.clone(),
                since: believed,
                until,
            });
        }
        if self.newest.len() > self.sweep_at {
            let begin = event.time - self.history;
            self.newest.retain(|_, newest| *newest >= begin);
            self.sweep_at = (self.newest.len() * 2).max(1024);
        }
    }

    /// The first run whose history begins after a moment.
    fn leaves_behind(&self, moment: i64) -> i64 {
        let run = moment
            .saturating_add(self.history)
            .saturating_add(self.schedule.to)
            .saturating_add(1);
        self.schedule.at_or_after(run)
    }

    /// The next run in which something is new.
    pub(super) fn due(&self) -> Option<i64> {
        let first = self.runs.keys().next().copied();
        match (first, self.next) {
            (Some(first), Some(next)) => Some(first.min(next)),
            (first, next) => first.or(next),
        }
    }

    /// What is new in a run, by the combinations, no more than `room`.
    pub(super) fn run(&mut self, run: i64, room: u64, figures: &mut Figures) -> Vec<Candidate> {
        while let Some(end) = self.ends.first_entry()
            && *end.key() < run
        {
            let (end, keys) = end.remove_entry();
            for key in keys.into_iter().map(Sorted) {
                if self.cut.get(&key).is_some_and(|cut| cut.until == end) {
                    self.cut.remove(&key);
                    figures.lost += 1;
                }
            }
        }
        // What was cut and is new still has another combination than what is new now, or the earlier would be history.
        let mut new = self.runs.remove(&run).unwrap_or_default();
        if self.cut.is_empty() && new.len() as u64 <= room {
            new.sort_unstable_by(|left, right| super::key::order(&left.key, &right.key));
            self.next = None;
            return new;
        }
        for candidate in new {
            let ends = self.ends.entry(candidate.until).or_default();
            ends.push(candidate.key.clone());
            self.cut.insert(Sorted(candidate.key.clone()), candidate);
        }
        let mut given = Vec::new();
        while (given.len() as u64) < room
            && let Some((_, candidate)) = self.cut.pop_first()
        {
            figures.delayed += u64::from(candidate.since != run);
            given.push(candidate);
        }
        self.next = (!self.cut.is_empty()).then_some(run + self.schedule.interval);
        given
    }
}
