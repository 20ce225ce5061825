//! Keys of groups: the combinations of values that an event has in some fields.

use std::cmp::Ordering;
use std::sync::Arc;

/// One value for each field, none where the event lacks it.
pub(super) type Key = Box<[Option<Arc<str>>]>;

/// An event is in no more groups than these. Whoever writes an event decides how many values it has: without a limit,
/// three fields of a thousand values each would be a billion groups.
pub(super) const MOST: usize = 10_000;

/// The combinations of the values of several fields, each value once, and how many were left out.
///
/// An event that lacks a field is in no combination, or, with `lacking`, has none there.
pub(super) fn keys(fields: &[Vec<Arc<str>>], lacking: bool) -> (Vec<Key>, u64) {
    if let [values] = fields
        && let [value] = values.as_slice()
    {
        return (vec![Box::new([Some(value.clone())])], 0);
    }
    let mut sets: Vec<Vec<Option<Arc<str>>>> = Vec::with_capacity(fields.len());
    for values in fields {
        let mut set: Vec<_> = values.iter().cloned().map(Some).collect();
        set.sort_unstable();
        set.dedup();
        if set.is_empty() {
            if !lacking {
                return (Vec::new(), 0);
            }
            set.push(None);
        }
        sets.push(set);
    }
    let all = sets
        .iter()
        .fold(1_u64, |all, set| all.saturating_mul(set.len() as u64));
    let mut found: Vec<Vec<Option<Arc<str>>>> = vec![Vec::new()];
    for set in sets {
        found = found
            .iter()
            .flat_map(|begun| {
                set.iter().map(move |value| {
                    let mut longer = begun.clone();
                    longer.push(value.clone());
                    longer
                })
            })
            .take(MOST)
            .collect();
    }
    let left_out = all - found.len() as u64;
    (
        found.into_iter().map(Vec::into_boxed_slice).collect(),
        left_out,
    )
}

/// Ascending, field by field; what lacks a field comes last.
pub(super) fn order(left: &[Option<Arc<str>>], right: &[Option<Arc<str>>]) -> Ordering {
    for (left, right) in left.iter().zip(right) {
        let order = match (left, right) {
            (Some(left), Some(right)) => left.cmp(right),
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    left.len().cmp(&right.len())
}

/// A key that sorts by [`order`].
#[derive(PartialEq, Eq)]
pub(super) struct Sorted(pub(super) Key);

impl Ord for Sorted {
    fn cmp(&self, other: &Sorted) -> Ordering {
        order(&self.0, &other.0)
    }
}

impl PartialOrd for Sorted {
    fn partial_cmp(&self, other: &Sorted) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
