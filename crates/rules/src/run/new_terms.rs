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
use super::key::{Key, keys, order};
use crate::rule::Schedule;

/// An event that makes a combination new.
pub(super) struct Candidate {
    pub(super) key: Key,
    pub(super) event: Arc<Match>,
    /// The last run in which it does.
    until: i64,
    cut: bool,
}

pub(super) struct NewTerms {
    schedule: Schedule,
    fields: usize,
    history: i64,
    begins: Option<i64>,
    newest: HashMap<Key, i64>,
    /// How many combinations there may be before those that history has left behind are looked for.
    sweep_at: usize,
    runs: BTreeMap<i64, Vec<Candidate>>,
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
                until,
                cut: false,
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
        self.runs.keys().next().copied()
    }

    /// What is new in a run, by the combinations, no more than `room`.
    pub(super) fn run(&mut self, run: i64, room: u64, figures: &mut Figures) -> Vec<Candidate> {
        let mut new = self.runs.remove(&run).unwrap_or_default();
        new.sort_unstable_by(|left, right| order(&left.key, &right.key));
        let room = usize::try_from(room).unwrap_or(usize::MAX);
        let next = run + self.schedule.interval;
        for mut candidate in new.split_off(room.min(new.len())) {
            if next <= candidate.until {
                candidate.cut = true;
                self.runs.entry(next).or_default().push(candidate);
            } else {
                figures.lost += 1;
            }
        }
        figures.delayed += new.iter().filter(|candidate| candidate.cut).count() as u64;
        new
    }
}
