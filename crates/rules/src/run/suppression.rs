//! Suppression: alerts of one group become one, within a run, or for some time after the first was written.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::alert::Alert;
use super::outbox::Outbox;

/// The values of the fields by which alerts belong together, those of each field together; none where it is lacking.
pub(super) type Instance = Box<[Vec<Arc<str>>]>;

#[derive(Default)]
pub(super) struct Suppressor {
    duration: Option<i64>,
    names: usize,
    /// Alerts that take others in: when written, and their number in the outbox.
    open: HashMap<Instance, (i64, u64)>,
    /// The same in order of writing.
    written: VecDeque<(i64, Instance)>,
}

impl Suppressor {
    /// Groups last for `duration` after their alert was written, or for a run; alerts name `names` events at most.
    pub(super) fn new(duration: Option<i64>, names: usize) -> Suppressor {
        Suppressor {
            duration,
            names,
            ..Suppressor::default()
        }
    }

    /// Takes the alerts of a run. Those without an instance stand by themselves.
    pub(super) fn run(
        &mut self,
        run: i64,
        alerts: Vec<(Alert, Option<Instance>)>,
        outbox: &mut Outbox,
    ) {
        self.close_before(run, outbox);
        let mut merged: Vec<(Alert, Option<Instance>)> = Vec::with_capacity(alerts.len());
        let mut places: HashMap<Instance, usize> = HashMap::new();
        for (mut alert, instance) in alerts {
            let Some(instance) = instance else {
                merged.push((alert, None));
                continue;
            };
            if let Some(place) = places.get(&instance) {
                let kept = &mut merged[*place].0;
                // The one whose event came first stays.
                if alert.first < kept.first {
                    std::mem::swap(kept, &mut alert);
                }
                kept.absorb(alert, self.names);
            } else {
                places.insert(instance.clone(), merged.len());
                merged.push((alert, Some(instance)));
            }
        }
        for (alert, instance) in merged {
            let Some(instance) = instance.filter(|_| self.duration.is_some()) else {
                outbox.put(alert, false);
                continue;
            };
            if let Some((_, number)) = self.open.get(&instance)
                && let Some(kept) = outbox.open(*number)
            {
                kept.absorb(alert, self.names);
            } else {
                let number = outbox.put(alert, true);
                self.open.insert(instance.clone(), (run, number));
                self.written.push_back((run, instance));
            }
        }
    }

    /// Closes the alerts that were written too long before a run to take in what it finds.
    pub(super) fn close_before(&mut self, run: i64, outbox: &mut Outbox) {
        let Some(duration) = self.duration else {
            return;
        };
        while self
            .written
            .front()
            .is_some_and(|(written, _)| *written < run.saturating_sub(duration))
        {
            let Some((_, instance)) = self.written.pop_front() else {
                break;
            };
            if let Some((_, number)) = self.open.remove(&instance) {
                outbox.close(number);
            }
        }
    }
}
