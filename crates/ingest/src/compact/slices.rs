//! A day cut into slices of time that fit into memory, without its events in memory: what is counted is events by the
//! second.

use std::collections::BTreeMap;
use std::ops::Range;

use arrow::array::{Array, TimestampMicrosecondArray};

/// What a time counts as: its second. Events without a time come first.
pub(super) type Second = i64;

/// One row group of the files that are written anew.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// Its file's place among them.
    pub(super) file: usize,
    /// Its place in the file.
    pub(super) group: usize,
    /// The first and the last second of its events.
    pub(super) seconds: (Second, Second),
}

/// How many events there are of each second.
#[derive(Debug, Default)]
pub(super) struct Counts(BTreeMap<Second, usize>);

/// A slice: the events from one place to another in their order by second, and of one second by file, row group and
/// place. Slices that meet at a place have no event in common and leave out none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Slice {
    /// The second where it begins, and how many events of that come before it.
    from: (Second, usize),
    /// The second where it ends, and how many events of that come before the end.
    to: (Second, usize),
    /// How many events it has.
    pub(super) rows: usize,
}

pub(super) fn second(time: Option<i64>) -> Second {
    time.map_or(Second::MIN, |micros| micros.div_euclid(1_000_000))
}

/// The seconds of times, in their order.
fn seconds(times: &[TimestampMicrosecondArray]) -> impl Iterator<Item = Second> {
    times.iter().flat_map(|times| {
        (0..times.len()).map(|row| second(times.is_valid(row).then(|| times.value(row))))
    })
}

impl Counts {
    /// Counts the events of a row group, and tells its first and last second; none where it is empty.
    pub(super) fn add(&mut self, times: &[TimestampMicrosecondArray]) -> Option<(Second, Second)> {
        let mut span: Option<(Second, Second)> = None;
        for second in seconds(times) {
            *self.0.entry(second).or_default() += 1;
            let (min, max) = span.unwrap_or((second, second));
            span = Some((min.min(second), max.max(second)));
        }
        span
    }

    /// Adds what was counted elsewhere.
    pub(super) fn join(&mut self, other: Counts) {
        for (second, rows) in other.0 {
            *self.0.entry(second).or_default() += rows;
        }
    }

    /// All events.
    pub(super) fn rows(&self) -> usize {
        self.0.values().sum()
    }

    /// The slices between `ends`, places in the order of all events that ascend to their number.
    pub(super) fn slices(&self, ends: &[usize]) -> Vec<Slice> {
        let mut slices = Vec::with_capacity(ends.len());
        let mut ends = ends.iter().copied().peekable();
        let mut from = (Second::MIN, 0);
        let mut begun = 0;
        let mut before = 0;
        for (&second, &rows) in &self.0 {
            while let Some(end) = ends.next_if(|&end| end <= before + rows) {
                let to = (second, end - before);
                slices.push(Slice {
                    from,
                    to,
                    rows: end - begun,
                });
                (from, begun) = (to, end);
            }
            before += rows;
        }
        slices
    }
}

impl Slice {
    /// Whether a piece may have events of it.
    pub(super) fn meets(&self, piece: &Piece) -> bool {
        self.from.0 <= piece.seconds.1 && piece.seconds.0 <= self.to.0
    }
}

/// Finds the events of a slice, row group by row group, in the order in which they were counted.
pub(super) struct Finder {
    slice: Slice,
    /// The events met so far of the slice's first second, and of its last.
    met: (usize, usize),
}

impl Finder {
    pub(super) fn new(slice: Slice) -> Finder {
        Finder { slice, met: (0, 0) }
    }

    /// The places of the slice's events in the next row group that [`Slice::meets`], as ranges.
    pub(super) fn next(&mut self, times: &[TimestampMicrosecondArray]) -> Vec<Range<usize>> {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for (row, second) in seconds(times).enumerate() {
            if !self.takes(second) {
                continue;
            }
            match ranges.last_mut() {
                Some(range) if range.end == row => range.end += 1,
                _ => ranges.push(row..row + 1),
            }
        }
        ranges
    }

    fn takes(&mut self, second: Second) -> bool {
        let Slice { from, to, .. } = self.slice;
        let mut takes = (from.0..=to.0).contains(&second);
        if second == from.0 {
            takes &= self.met.0 >= from.1;
            self.met.0 += 1;
        }
        if second == to.0 {
            takes &= self.met.1 < to.1;
            self.met.1 += 1;
        }
        takes
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn groups() -> impl Strategy<Value = Vec<Vec<Option<i64>>>> {
        // Few seconds, so that slices begin and end within one.
        let time = prop::option::weighted(0.9, (0..6_i64, 0..3_i64));
        let time = time.prop_map(|time| time.map(|(second, rest)| second * 1_000_000 + rest));
        prop::collection::vec(prop::collection::vec(time, 1..30), 1..6)
    }

    proptest! {
        #[test]
        fn every_event_is_in_one_slice_and_slices_are_in_order(groups in groups(), most in 1..40_usize) {
            let arrays: Vec<_> = groups.iter().map(|times| {
                let (head, tail) = times.split_at(times.len() / 2);
                vec![TimestampMicrosecondArray::from(head.to_vec()), TimestampMicrosecondArray::from(tail.to_vec())]
            }).collect();
            let mut counts = Counts::default();
            let pieces: Vec<Piece> = arrays.iter().enumerate().map(|(file, times)| Piece {
                file,
                group: 0,
                seconds: counts.add(times).unwrap(),
            }).collect();
            let all = counts.rows();
            let ends: Vec<usize> = (1..=all.div_ceil(most)).map(|n| (n * most).min(all)).collect();
            let mut seen: Vec<Vec<usize>> = groups.iter().map(|times| vec![0; times.len()]).collect();
            let mut last = Second::MIN;
            for slice in counts.slices(&ends) {
                let mut finder = Finder::new(slice);
                let mut found = Vec::new();
                for piece in pieces.iter().filter(|piece| slice.meets(piece)) {
                    for row in finder.next(&arrays[piece.file]).into_iter().flatten() {
                        seen[piece.file][row] += 1;
                        found.push(second(groups[piece.file][row]));
                    }
                }
                prop_assert_eq!(found.len(), slice.rows);
                prop_assert!(slice.rows <= most);
                prop_assert!(found.iter().all(|second| *second >= last));
                last = found.into_iter().max().unwrap_or(last);
            }
            prop_assert!(seen.iter().flatten().all(|times| *times == 1));
        }
    }
}
