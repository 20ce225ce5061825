//! Each event is an alert, once, however many windows see it; a run gives the oldest that no run has given.

use std::collections::VecDeque;

use super::alert::{Figures, Match};

/// Events that no run has given yet, oldest first.
#[derive(Default)]
pub(super) struct Waiting {
    events: VecDeque<Match>,
    /// How many at the front a run has already cut.
    cut: usize,
    next: Option<i64>,
}

impl Waiting {
    /// Takes an event that the run `run` is the first to see.
    pub(super) fn add(&mut self, run: i64, event: Match) {
        self.events.push_back(event);
        self.next = Some(self.next.map_or(run, |next| next.min(run)));
    }

    /// The next run that has something to give.
    pub(super) fn due(&self) -> Option<i64> {
        self.next
    }

    /// What a run gives whose window begins at `start` and that has room for `room` alerts. `next` is the run after it.
    pub(super) fn run(
        &mut self,
        start: i64,
        next: i64,
        room: u64,
        figures: &mut Figures,
    ) -> Vec<Match> {
        while self.events.front().is_some_and(|event| event.time < start) {
            self.events.pop_front();
            self.cut = self.cut.saturating_sub(1);
            figures.lost += 1;
        }
        let room = usize::try_from(room).unwrap_or(usize::MAX);
        let given: Vec<_> = self.events.drain(..room.min(self.events.len())).collect();
        figures.delayed += given.len().min(self.cut) as u64;
        self.cut = self.events.len();
        self.next = (!self.events.is_empty()).then_some(next);
        given
    }
}
