//! How many values lie below another: exact for a few thousand different ones, beyond that in bins.
//!
//! Numbers and durations get the bins of an exponential histogram, whose middle is at most half a percent away from all
//! in it; timestamps and booleans get bins of one width, as narrow as their number allows. Bins depend on the values
//! alone, not on their order or on who counted which of them.

use std::collections::BTreeMap;
use std::mem::size_of;

use crate::value::Value;

/// The most different values that are kept.
const EXACT: usize = 8192;

/// The most bins of one width.
const BINS: usize = 16_384;

/// The ratio of a bin's end to its start: (1 + e) / (1 − e) for a relative error e of 0.5 %.
const RATIO: f64 = 1.005 / 0.995;

/// What the values are. A group has one kind only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    Number,
    Timestamp,
    Duration,
}

impl Kind {
    const ALL: [Kind; 4] = [Kind::Boolean, Kind::Number, Kind::Timestamp, Kind::Duration];

    pub(super) fn code(self) -> i64 {
        self as i64
    }

    pub(super) fn from_code(code: i64) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The kind of a value, and the value as a long that is in order with the others of its kind.
    pub(super) fn of(value: &Value<'_>) -> Option<(Kind, i64)> {
        Some(match value {
            Value::Boolean(boolean) => (Kind::Boolean, i64::from(*boolean)),
            Value::Timestamp(nanos) => (Kind::Timestamp, *nanos),
            Value::Duration(nanos) => (Kind::Duration, *nanos),
            value => (Kind::Number, ordered(value.as_number()?)),
        })
    }

    /// The value of such a long.
    pub(super) fn value(self, point: i64) -> Value<'static> {
        match self {
            Kind::Boolean => Value::Boolean(point != 0),
            Kind::Number => Value::double(double(point)),
            Kind::Timestamp => Value::Timestamp(point),
            Kind::Duration => Value::Duration(point),
        }
    }
}

/// A double as a long of the same order.
fn ordered(double: f64) -> i64 {
    let bits = (double + 0.0).to_bits().cast_signed();
    bits ^ (bits >> 63 & i64::MAX)
}

fn double(point: i64) -> f64 {
    f64::from_bits((point ^ (point >> 63 & i64::MAX)).cast_unsigned())
}

/// The bin of an exponential histogram that a number lies in: 0 for zero, below it for negative ones.
fn exponential(number: f64) -> i64 {
    // The bin of the least double is about -74,500, so that all numbers but zero are on their side of 0.
    const SHIFT: i64 = 100_000;
    if number == 0.0 {
        return 0;
    }
    let bin = (number.abs().ln() / RATIO.ln()).ceil() as i64 + SHIFT;
    if number < 0.0 { -bin } else { bin }
}

/// A number at most half a percent away from all in the bin.
fn middle(bin: i64) -> f64 {
    const SHIFT: i64 = 100_000;
    if bin == 0 {
        return 0.0;
    }
    let end = ((bin.abs() - SHIFT) as f64 * RATIO.ln()).exp();
    // In this order, so that the greatest doubles don't overflow.
    let middle = (end * (2.0 / (RATIO + 1.0))).min(f64::MAX);
    if bin < 0 { -middle } else { middle }
}

/// Values of one kind with their weights.
#[derive(Clone, Debug)]
pub(super) struct Quantiles {
    pub(super) kind: Kind,
    /// Values and their weights, those in the first `sorted` in order and each once; empty where there are bins.
    points: Vec<(i64, f64)>,
    bins: Option<Bins>,
}

/// The weights of bins.
#[derive(Clone, Debug)]
struct Bins {
    /// Bins of one width are 2^`shift` wide.
    shift: u32,
    weights: BTreeMap<i64, f64>,
}

impl Quantiles {
    pub(super) fn new(kind: Kind) -> Self {
        Quantiles {
            kind,
            points: Vec::new(),
            bins: None,
        }
    }

    fn exponential(&self) -> bool {
        matches!(self.kind, Kind::Number | Kind::Duration)
    }

    fn bin(&self, point: i64, shift: u32) -> i64 {
        match self.kind {
            Kind::Number => exponential(double(point)),
            Kind::Duration => exponential(point as f64),
            Kind::Boolean | Kind::Timestamp => point >> shift,
        }
    }

    /// Takes a value that stands for `weight` of its kind; a weight of nothing or less takes none.
    pub(super) fn add(&mut self, point: i64, weight: f64) {
        if weight <= 0.0 || !weight.is_finite() {
            return;
        }
        match &self.bins {
            Some(bins) => self.put(self.bin(point, bins.shift), weight),
            None => {
                self.points.push((point, weight));
                if self.points.len() >= 2 * EXACT {
                    self.settle();
                }
            }
        }
    }

    /// Puts weight into a bin of the present width.
    fn put(&mut self, bin: i64, weight: f64) {
        let exponential = self.exponential();
        if let Some(bins) = &mut self.bins {
            *bins.weights.entry(bin).or_insert(0.0) += weight;
            while !exponential && bins.weights.len() > BINS {
                bins.widen(bins.shift + 1);
            }
        }
    }

    /// Puts equal values together, and all into bins where they are too many.
    fn settle(&mut self) {
        self.points.sort_unstable_by_key(|(a, _)| *a);
        self.points.dedup_by(|(point, weight), (kept, sum)| {
            let same = point == kept;
            if same {
                *sum += *weight;
            }
            same
        });
        if self.points.len() > EXACT {
            self.bins = Some(Bins {
                shift: 0,
                weights: BTreeMap::new(),
            });
            for (point, weight) in std::mem::take(&mut self.points) {
                self.add(point, weight);
            }
        }
    }

    /// Takes what another of its kind holds.
    pub(super) fn merge(&mut self, shift: Option<u32>, pairs: impl Iterator<Item = (i64, f64)>) {
        let Some(shift) = shift else {
            pairs.for_each(|(point, weight)| self.add(point, weight));
            return;
        };
        let bins = self.bins.get_or_insert_with(|| Bins {
            shift,
            weights: BTreeMap::new(),
        });
        bins.widen(bins.shift.max(shift));
        for (point, weight) in std::mem::take(&mut self.points) {
            self.add(point, weight);
        }
        for (bin, weight) in pairs {
            // Widths may grow on the way.
            let by = self.bins.as_ref().map_or(0, |bins| bins.shift - shift);
            let bin = if self.exponential() { bin } else { bin >> by };
            self.put(bin, weight);
        }
    }

    /// What [`Quantiles::merge`] takes.
    pub(super) fn parts(&mut self) -> (Option<u32>, Vec<(i64, f64)>) {
        if self.bins.is_none() {
            self.settle();
        }
        match &self.bins {
            Some(bins) => (
                Some(bins.shift),
                bins.weights
                    .iter()
                    .map(|(bin, weight)| (*bin, *weight))
                    .collect(),
            ),
            None => (None, self.points.clone()),
        }
    }

    /// The value at the middle of a bin.
    fn point(&self, bin: i64, shift: u32) -> i64 {
        match self.kind {
            Kind::Number => ordered(middle(bin)),
            Kind::Duration => middle(bin).round() as i64,
            Kind::Boolean | Kind::Timestamp => (bin << shift) + ((1i64 << shift) >> 1),
        }
    }

    /// The value at each of `percentages`: the least one at or below which lies so much of all weight.
    pub(super) fn percentiles(&mut self, percentages: &[f64]) -> Vec<Value<'static>> {
        let (shift, pairs) = self.parts();
        let total: f64 = pairs.iter().map(|(_, weight)| weight).sum();
        let mut below = Vec::with_capacity(pairs.len());
        let mut sum = 0.0;
        for (place, weight) in pairs {
            sum += weight;
            below.push((place, sum));
        }
        percentages
            .iter()
            .map(|percentage| {
                // In this order, since 55 / 100 · 100 is more than 55.
                let rank = percentage * total / 100.0;
                let at = below.partition_point(|(_, sum)| *sum < rank);
                let place = below.get(at).or(below.last()).map(|(place, _)| *place);
                Value::or_null(place, |place| match shift {
                    Some(shift) => self.kind.value(self.point(place, shift)),
                    None => self.kind.value(place),
                })
            })
            .collect()
    }

    /// The part of all weight that lies below a value of the kind.
    pub(super) fn rank(&mut self, point: i64) -> Option<f64> {
        let (shift, pairs) = self.parts();
        let place = shift.map_or(point, |shift| self.bin(point, shift));
        let total: f64 = pairs.iter().map(|(_, weight)| weight).sum();
        let below: f64 = pairs
            .iter()
            .take_while(|(other, _)| *other < place)
            .map(|(_, weight)| weight)
            .sum();
        (total > 0.0).then(|| below / total)
    }

    pub(super) fn size(&self) -> usize {
        // A node of the tree holds eleven entries, and is half full at least.
        let bins = self.bins.as_ref().map_or(0, |bins| bins.weights.len());
        (self.points.capacity() + 2 * bins) * size_of::<(i64, f64)>()
    }
}

impl Bins {
    fn widen(&mut self, shift: u32) {
        if shift > self.shift {
            let by = shift - self.shift;
            let mut weights = BTreeMap::new();
            for (bin, weight) in std::mem::take(&mut self.weights) {
                *weights.entry(bin >> by).or_insert(0.0) += weight;
            }
            *self = Bins { shift, weights };
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn numbers(values: impl IntoIterator<Item = f64>) -> Quantiles {
        let mut quantiles = Quantiles::new(Kind::Number);
        values
            .into_iter()
            .for_each(|value| quantiles.add(ordered(value), 1.0));
        quantiles
    }

    #[test]
    fn few_values_are_exact() {
        let mut quantiles = numbers((1..=100).map(f64::from));
        let at = quantiles.percentiles(&[0.0, 1.0, 50.0, 55.0, 55.5, 100.0]);
        let expected = [1.0, 1.0, 50.0, 55.0, 56.0, 100.0].map(Value::Double);
        assert_eq!(at, expected);
        assert_eq!(quantiles.rank(ordered(3.0)), Some(0.02));
    }

    #[test]
    fn weights_count() {
        let mut quantiles = Quantiles::new(Kind::Duration);
        for (point, weight) in [(1, 1.0), (2, 8.0), (3, 1.0), (4, 0.0), (5, -1.0)] {
            quantiles.add(point, weight);
        }
        let at = quantiles.percentiles(&[10.0, 50.0, 91.0, 100.0]);
        assert_eq!(at, [1, 2, 3, 3].map(Value::Duration));
    }

    #[test]
    fn many_numbers_are_near() {
        let value = |at: i32| f64::from(at - 30_000).powi(3);
        let mut quantiles = numbers((0..100_000).map(value));
        for percentage in [0.0, 1.0, 29.0, 50.0, 99.9, 100.0] {
            let rank = (percentage * 1_000.0_f64).ceil().max(1.0) as i32 - 1;
            let at = quantiles.percentiles(&[percentage]);
            let found = at.first().and_then(Value::as_number).expect("a number");
            let off = (found - value(rank)).abs();
            assert!(off <= value(rank).abs() * 0.006, "{percentage}: {found}");
        }
    }

    #[test]
    fn many_timestamps_are_near() {
        let day = 86_400_000_000_000i64;
        let mut quantiles = Quantiles::new(Kind::Timestamp);
        (0..50_000)
            .for_each(|at| quantiles.add(1_700_000_000_000_000_000 + at * day / 50_000, 1.0));
        let at = quantiles.percentiles(&[50.0]);
        let Some(Value::Timestamp(nanos)) = at.first() else {
            panic!("a timestamp");
        };
        assert!((nanos - 1_700_000_000_000_000_000 - day / 2).abs() < day / 4_000);
    }

    #[test]
    fn the_greatest_doubles_are_near_their_bins() {
        for number in [f64::MAX, 1.525_271_686_565_431_9e308, 8.98e307, -1.6e308] {
            let off = (middle(exponential(number)) / number - 1.0).abs();
            assert!(off <= 0.0051, "{number} {off}");
        }
    }

    proptest! {
        #[test]
        fn doubles_keep_their_order(a in any::<f64>(), b in any::<f64>()) {
            prop_assume!(a.is_finite() && b.is_finite());
            let (a, b) = (a + 0.0, b + 0.0);
            prop_assert_eq!(ordered(a).cmp(&ordered(b)), a.partial_cmp(&b).expect("numbers"));
            prop_assert_eq!(double(ordered(a)), a);
            if a.abs() > 1e-300 {
                let off = (middle(exponential(a)) - a).abs();
                prop_assert!(off <= a.abs() * 0.0051, "{a} {}", middle(exponential(a)));
            }
            if a < b {
                prop_assert!(exponential(a) <= exponential(b));
            }
        }

    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]

        /// Who counted which values makes no difference.
        #[test]
        fn parts_are_the_whole(split in 1usize..30_000, many in 5_000usize..30_000) {
            let value = |at: usize| (at * 7_919 % 20_011) as f64;
            let mut whole = numbers((0..many).map(value));
            let mut left = numbers((0..split.min(many)).map(value));
            let mut right = numbers((split.min(many)..many).map(value));
            let (shift, pairs) = right.parts();
            left.merge(shift, pairs.into_iter());
            let percentages = [0.0, 25.0, 50.0, 99.0, 100.0];
            prop_assert_eq!(left.percentiles(&percentages), whole.percentiles(&percentages));
        }
    }
}
