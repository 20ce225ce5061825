//! Running measures over a window that events enter and leave: different values, sums, percentiles.

use std::collections::HashMap;
use std::hash::Hash;

/// How often each value is in the window.
pub(super) struct Tally<T>(HashMap<T, u64>);

impl<T> Default for Tally<T> {
    fn default() -> Tally<T> {
        Tally(HashMap::new())
    }
}

impl<T: Hash + Eq> Tally<T> {
    pub(super) fn add(&mut self, value: T) {
        *self.0.entry(value).or_default() += 1;
    }

    pub(super) fn remove(&mut self, value: &T) {
        if let Some(count) = self.0.get_mut(value) {
            *count -= 1;
            if *count == 0 {
                self.0.remove(value);
            }
        }
    }

    /// How many different values there are.
    pub(super) fn different(&self) -> usize {
        self.0.len()
    }
}

/// A sum that numbers are taken out of again. Whole numbers are summed exactly, so that nothing is left of those that
/// have gone.
#[derive(Default)]
pub(super) struct Sum {
    whole: i128,
    broken: f64,
    /// How many numbers `broken` is the sum of.
    parts: u64,
    count: u64,
}

impl Sum {
    pub(super) fn add(&mut self, number: f64) {
        self.count += 1;
        if let Some(whole) = whole(number) {
            self.whole += whole;
        } else {
            self.parts += 1;
            self.broken += number;
        }
    }

    pub(super) fn remove(&mut self, number: f64) {
        self.count -= 1;
        if let Some(whole) = whole(number) {
            self.whole -= whole;
        } else {
            self.parts -= 1;
            self.broken -= number;
            if self.parts == 0 {
                self.broken = 0.0;
            }
        }
    }

    pub(super) fn sum(&self) -> f64 {
        self.whole as f64 + self.broken
    }

    pub(super) fn mean(&self) -> f64 {
        self.sum() / self.count as f64
    }
}

/// A whole number of which 2^63 can be summed.
fn whole(number: f64) -> Option<i128> {
    (number.fract() == 0.0 && number.abs() < 1e18).then_some(number as i128)
}

/// The numbers of a window in their order.
#[derive(Default)]
pub(super) struct Sorted(Vec<f64>);

impl Sorted {
    pub(super) fn add(&mut self, number: f64) {
        let place = self.0.partition_point(|other| *other < number);
        self.0.insert(place, number);
    }

    pub(super) fn remove(&mut self, number: f64) {
        let place = self.0.partition_point(|other| *other < number);
        if place < self.0.len() {
            self.0.remove(place);
        }
    }

    /// The percentile, linear between the two numbers around it; not a number where there are none.
    pub(super) fn percentile(&self, percent: f64) -> f64 {
        let Some(last) = self.0.len().checked_sub(1) else {
            return f64::NAN;
        };
        let place = percent.clamp(0.0, 100.0) / 100.0 * last as f64;
        let below = self.0[place.floor() as usize];
        let above = self.0[place.ceil() as usize];
        below + (above - below) * place.fract()
    }
}
