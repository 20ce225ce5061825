//! The alerts of a rule, however many: those that memory can't hold are on disk, and are read in their order.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;

use super::Alert;
use super::spill::{Segment, Spool};

/// The alerts of a rule, in order.
#[derive(Debug, Default)]
pub struct Alerts {
    /// Those on disk come first.
    segments: Vec<Segment>,
    /// How many these are.
    spilled: usize,
    held: Vec<Alert>,
}

impl Alerts {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.spilled + self.held.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All alerts in order. After an error there are no more.
    ///
    /// # Errors
    /// Where the disk does not give back what was written to it.
    pub fn iter(&self) -> impl Iterator<Item = io::Result<Cow<'_, Alert>>> + '_ {
        let spilled = self.segments.iter().flat_map(Segment::alerts);
        let held = self.held.iter().map(|alert| Ok(Cow::Borrowed(alert)));
        let mut failed = false;
        spilled
            .map(|alert| alert.map(Cow::Owned))
            .chain(held)
            .take_while(move |alert| {
                let goes_on = !failed;
                failed |= alert.is_err();
                goes_on
            })
    }

    /// The first `count` of them, or all where there are fewer.
    ///
    /// # Errors
    /// As [`Alerts::iter`].
    pub fn first(&self, count: usize) -> io::Result<Vec<Cow<'_, Alert>>> {
        self.iter().take(count).collect()
    }

    /// Those that are in memory, the last ones.
    pub fn held_mut(&mut self) -> &mut Vec<Alert> {
        &mut self.held
    }

    /// Keeps those alerts of which `keep` says so.
    ///
    /// # Errors
    /// As [`Alerts::iter`], and where the disk does not take what is kept.
    pub fn retain(&mut self, mut keep: impl FnMut(&Alert) -> bool) -> io::Result<()> {
        let segments = std::mem::take(&mut self.segments);
        if !segments.is_empty() {
            let last = std::mem::take(&mut self.held);
            let spool = Spool::new()?;
            self.spilled = 0;
            for alert in segments.iter().flat_map(Segment::alerts) {
                let alert = alert?;
                if keep(&alert) {
                    self.held.push(alert);
                }
                // Few at a time: there may be as many as memory could not hold.
                if self.held.len() == SOME {
                    self.spill(&spool)?;
                }
            }
            self.spill(&spool)?;
            self.held = last;
        }
        self.held.retain(keep);
        Ok(())
    }

    /// Puts what is in memory to disk.
    pub(super) fn spill(&mut self, spool: &Arc<Spool>) -> io::Result<()> {
        if !self.held.is_empty() {
            self.segments.push(spool.append(&self.held)?);
            self.spilled += self.held.len();
            self.held = Vec::new();
        }
        Ok(())
    }
}

/// How many alerts are written anew at a time.
const SOME: usize = 1_024;

impl From<Vec<Alert>> for Alerts {
    fn from(held: Vec<Alert>) -> Alerts {
        Alerts {
            held,
            ..Alerts::default()
        }
    }
}

impl FromIterator<Alert> for Alerts {
    fn from_iter<I: IntoIterator<Item = Alert>>(alerts: I) -> Alerts {
        Alerts::from(alerts.into_iter().collect::<Vec<_>>())
    }
}
