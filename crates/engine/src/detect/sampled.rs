//! How long takes what happens often: some of the times are timed, and stand for the others.

use std::time::{Duration, Instant};

/// One in so many is timed: to ask for the time costs as much as many a check.
const EVERY: u64 = 8;

/// The time that something took whenever it happened.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sampled {
    times: u64,
    timed: u64,
    spent: Duration,
    once: Duration,
}

impl Sampled {
    /// Says that it begins; [`Sampled::end`] is given what this gives.
    pub(super) fn begin(&mut self) -> Option<Instant> {
        let due = self.times.is_multiple_of(EVERY);
        self.times += 1;
        due.then(Instant::now)
    }

    /// Says that it has ended.
    pub(super) fn end(&mut self, began: Option<Instant>) {
        if let Some(began) = began {
            self.timed += 1;
            self.spent += began.elapsed();
        }
    }

    /// Adds what happened once, since `began`.
    pub(super) fn once(&mut self, began: Instant) {
        self.once += began.elapsed();
    }

    /// The time of all of them.
    pub(super) fn total(&self) -> Duration {
        let often = match self.timed {
            0 => Duration::ZERO,
            timed => self.spent.mul_f64(self.times as f64 / timed as f64),
        };
        often + self.once
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_timed_stand_for_the_others() {
        let mut sampled = Sampled::default();
        assert_eq!(sampled.total(), Duration::ZERO);
        for time in 0..16 {
            let began = sampled.begin();
            assert_eq!(began.is_some(), time % 8 == 0);
            // As if each of those timed had begun a minute ago.
            sampled.end(began.and_then(|began| began.checked_sub(Duration::from_secs(60))));
        }
        let total = sampled.total();
        assert!((960..970).contains(&total.as_secs()), "{total:?}");
    }
}
