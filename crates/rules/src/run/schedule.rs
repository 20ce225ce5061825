//! When a rule runs and what it sees: runs at multiples of the interval since 1970, none left out, windows closed at both
//! ends.

use super::LONG;
use crate::rule::{Schedule, Suppression, Then};

impl Schedule {
    /// What is wrong with it, said to a rule's author.
    ///
    /// # Errors
    /// Where no window can be made of it.
    pub fn check(&self) -> Result<(), String> {
        if !(1..=LONG).contains(&self.interval) {
            return Err(
                "the interval must be longer than nothing, and shorter than 36 years".to_owned(),
            );
        }
        if !(-LONG..=LONG).contains(&self.from) || !(-LONG..=LONG).contains(&self.to) {
            return Err("the window must be within 36 years of its run".to_owned());
        }
        if self.from < self.to {
            return Err("the window begins after its end".to_owned());
        }
        if self.max_signals == 0 {
            return Err("max_signals is 0, which lets no alert through".to_owned());
        }
        Ok(())
    }

    /// How long a window is, nanoseconds.
    pub fn length(&self) -> i64 {
        self.from - self.to
    }

    /// How much of each interval no window sees, nanoseconds; 0 where windows meet or overlap.
    pub fn blind(&self) -> i64 {
        // Both ends belong to a window.
        (self.interval - self.length() - 1).max(0)
    }

    /// The first and the last nanosecond that a run sees.
    pub fn window(&self, run: i64) -> (i64, i64) {
        (run - self.from, run - self.to)
    }

    /// The first run that sees what happened at `time`; none where all windows miss it.
    pub fn first_run(&self, time: i64) -> Option<i64> {
        let run = self.at_or_after(time + self.to);
        (run - self.from <= time).then_some(run)
    }

    /// The first run at or after a moment.
    pub fn at_or_after(&self, moment: i64) -> i64 {
        let over = moment.rem_euclid(self.interval);
        if over == 0 {
            moment
        } else {
            moment - over + self.interval
        }
    }

    /// Whether a rule runs at this moment.
    pub fn runs_at(&self, moment: i64) -> bool {
        moment.rem_euclid(self.interval) == 0
    }
}

/// Which events a rule has to see for the alerts of the timeframe `[from, to)`: those of `[reads.0, reads.1)`.
///
/// Back from `from` go: the windows that reach beyond it; for groups as much again and a run, since an alert there makes
/// them count anew; for new terms the history; for suppression its duration. Without a schedule each event stands alone.
pub fn reads(
    then: &Then,
    schedule: Option<&Schedule>,
    suppression: Option<&Suppression>,
    from: i64,
    to: i64,
) -> (i64, i64) {
    let Some(schedule) = schedule else {
        return (from, to);
    };
    let window = schedule.length();
    let mut back = match then {
        Then::Each if suppression.is_none() => window,
        Then::Each | Then::Threshold { .. } => {
            window.saturating_mul(2).saturating_add(schedule.interval)
        }
        Then::NewTerms { history, .. } => window.saturating_add(*history),
    };
    if let Some(duration) = suppression.and_then(|suppression| suppression.duration) {
        back = back
            .saturating_add(duration)
            .saturating_add(schedule.interval);
    }
    (from.saturating_sub(back), to)
}
