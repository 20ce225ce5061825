//! How wide the columns of a table are.

/// The blanks between two columns.
pub(super) const GAP: usize = 2;

/// What a column wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Want {
    /// The room that it needs to show everything.
    pub(super) whole: usize,
    /// The least room that makes sense.
    pub(super) least: usize,
}

/// The widths of the first columns, as many as fit into `room` at all, at least one. Where not all can have what they
/// want, the widest give way first, evenly.
pub(super) fn widths(wants: &[Want], room: Option<usize>) -> Vec<usize> {
    let Some(room) = room else {
        return wants.iter().map(|want| want.whole).collect();
    };
    let shown = shown(wants, room);
    let wants = wants.get(..shown).unwrap_or(wants);
    let room = room.saturating_sub(GAP * shown.saturating_sub(1));
    let with_cap = |cap: usize| -> Vec<usize> {
        wants
            .iter()
            .map(|want| want.whole.min(cap).max(want.least.min(want.whole)))
            .collect()
    };
    // The greatest cap under which all fit.
    let (mut fits, mut exceeds) = (
        0,
        wants.iter().map(|want| want.whole).max().unwrap_or(0) + 1,
    );
    while fits + 1 < exceeds {
        let cap = fits + (exceeds - fits) / 2;
        match with_cap(cap).iter().sum::<usize>() <= room {
            true => fits = cap,
            false => exceeds = cap,
        }
    }
    let mut widths = with_cap(fits);
    let mut left = room.saturating_sub(widths.iter().sum());
    for (width, want) in widths.iter_mut().zip(wants) {
        if left > 0 && *width < want.whole && *width >= fits {
            *width += 1;
            left -= 1;
        }
    }
    // A terminal of a few columns: one column of the table, cut to it.
    if let [only] = widths.as_mut_slice() {
        *only = (*only).min(room.max(1));
    }
    widths
}

/// How many columns fit with the least that they need.
fn shown(wants: &[Want], room: usize) -> usize {
    let mut used = 0;
    for (place, want) in wants.iter().enumerate() {
        used += want.least.min(want.whole) + if place > 0 { GAP } else { 0 };
        if used > room {
            return place.max(1);
        }
    }
    wants.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn want(whole: usize) -> Want {
        Want { whole, least: 4 }
    }

    #[test]
    fn the_widest_give_way() {
        let wants = [want(5), want(30), want(50)];
        assert_eq!(widths(&wants, None), [5, 30, 50]);
        assert_eq!(widths(&wants, Some(89)), [5, 30, 50]);
        // 80 columns less two gaps are 76: 5 are taken, 71 go to two, the odd one to the first of them.
        assert_eq!(widths(&wants, Some(80)), [5, 30, 41]);
        assert_eq!(widths(&wants, Some(50)), [5, 21, 20]);
        // Numbers ask for all or nothing.
        let fixed = Want {
            whole: 20,
            least: 20,
        };
        assert_eq!(widths(&[fixed, want(30)], Some(32)), [20, 10]);
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        let wants = [want(9); 5];
        assert_eq!(widths(&wants, Some(16)), [4, 4, 4]);
        assert_eq!(widths(&wants, Some(17)), [5, 4, 4]);
        assert_eq!(widths(&wants, Some(3)), [3]);
        assert_eq!(widths(&wants, Some(0)), [1]);
        assert_eq!(widths(&[], Some(80)), [0; 0]);
    }

    proptest! {
        #[test]
        fn tables_fit(
            wants in prop::collection::vec((1usize..60, 1usize..20), 1..12),
            room in 1usize..200,
        ) {
            let wants: Vec<Want> = wants.into_iter().map(|(whole, least)| Want { whole, least }).collect();
            let widths = widths(&wants, Some(room));
            let taken = widths.iter().sum::<usize>() + GAP * (widths.len() - 1);
            prop_assert!(taken <= room, "{widths:?}");
            prop_assert!(widths.iter().zip(&wants).all(|(width, want)| *width <= want.whole));
        }
    }
}
