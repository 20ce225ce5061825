//! Against arrays filled value by value.

use arrow::array::{Array, ArrayRef, BinaryViewArray, BooleanArray, Float64Array};
use arrow::datatypes::Float64Type;
use datafusion::logical_expr::EmitTo;
use proptest::prelude::*;

use super::packed::pack;
use super::*;

/// A row: its group, bucket, value, and whether a filter lets it through.
type Row = (usize, Option<i64>, Option<f64>, bool);

const GROUPS: usize = 4;
const LENGTH: i64 = 5;

fn row() -> impl Strategy<Value = Row> {
    (
        0..GROUPS,
        proptest::option::weighted(0.9, -2i64..8),
        proptest::option::weighted(0.9, -3i32..3),
        proptest::bool::weighted(0.8),
    )
        .prop_map(|(group, bucket, value, kept)| (group, bucket, value.map(f64::from), kept))
}

/// Rows of which no two fill one bucket of a group.
fn row_set() -> impl Strategy<Value = Vec<Row>> {
    proptest::collection::vec(row(), 0..24).prop_map(|mut rows| {
        let mut filled = std::collections::HashSet::new();
        rows.retain(|(group, bucket, ..)| filled.insert((*group, *bucket)));
        rows
    })
}

fn columns(rows: &[Row]) -> (Vec<ArrayRef>, Vec<usize>, BooleanArray) {
    let buckets: arrow::array::Int64Array = rows.iter().map(|row| row.1).collect();
    let values: Float64Array = rows.iter().map(|row| row.2).collect();
    (
        vec![Arc::new(buckets), Arc::new(values)],
        rows.iter().map(|row| row.0).collect(),
        rows.iter().map(|row| Some(row.3)).collect(),
    )
}

/// What the arrays have to be.
fn expected(rows: &[Row], default: Option<f64>) -> Vec<Vec<Option<f64>>> {
    let mut arrays = vec![vec![default; LENGTH as usize]; GROUPS];
    for (group, bucket, value, kept) in rows {
        if let (Some(bucket @ 0..LENGTH), Some(value), true) = (bucket, value, kept) {
            arrays[*group][*bucket as usize] = Some(*value);
        }
    }
    arrays
}

fn arrays(packed: &ArrayRef, default: Option<f64>) -> Vec<Vec<Option<f64>>> {
    let lists = opened(packed.as_binary_view(), LENGTH, default).unwrap();
    lists
        .iter()
        .map(|list| list.unwrap().as_primitive::<Float64Type>().iter().collect())
        .collect()
}

proptest! {
    /// However rows are dealt out to batches and accumulators, and however many groups are given out at a time.
    #[test]
    fn arrays_hold_what_was_gathered(
        rows in row_set(),
        cuts in (0usize..24, 0usize..24),
        first in 0..=GROUPS,
        default in proptest::option::of(Just(7.0)),
    ) {
        let a = cuts.0.min(rows.len());
        let b = cuts.1.clamp(a, rows.len().max(a));
        let mut whole = Groups::default();
        let mut part = Groups::default();
        let update = |groups: &mut Groups, rows: &[Row]| {
            let (columns, indices, filter) = columns(rows);
            groups.update_batch(&columns, &indices, Some(&filter), GROUPS).unwrap();
        };
        update(&mut whole, &rows[..a]);
        update(&mut part, &rows[a..b]);
        let states = part.state(EmitTo::All).unwrap();
        whole.merge_batch(&states, &[0, 1, 2, 3], GROUPS).unwrap();
        let (left, indices, filter) = columns(&rows[b..]);
        let states = part.convert_to_state(&left, Some(&filter)).unwrap();
        whole.merge_batch(&states, &indices, GROUPS).unwrap();
        prop_assert_eq!(part.size(), size_of::<Groups>());

        let mut given = arrays(&whole.evaluate(EmitTo::First(first)).unwrap(), default);
        given.extend(arrays(&whole.evaluate(EmitTo::All).unwrap(), default));
        prop_assert_eq!(given, expected(&rows, default));
    }

    /// Without groups.
    #[test]
    fn one_group_is_gathered_alone(rows in row_set()) {
        let rows: Vec<Row> = rows.into_iter().filter(|row| row.0 == 0 && row.3).collect();
        let half = rows.len() / 2;
        let (mut whole, mut part) = (Group::default(), Group::default());
        whole.update_batch(&columns(&rows[..half]).0).unwrap();
        part.update_batch(&columns(&rows[half..]).0).unwrap();
        let states: Vec<ArrayRef> = part
            .state()
            .unwrap()
            .iter()
            .map(|state| state.to_array().unwrap())
            .collect();
        whole.merge_batch(&states).unwrap();
        let packed = whole.evaluate().unwrap().to_array().unwrap();
        prop_assert_eq!(&arrays(&packed, None)[0], &expected(&rows, None)[0]);
    }
}

#[test]
fn nothing_gathered_is_null() {
    let packed: BinaryViewArray = [None, Some(&pack(1, 2.0)[..]), Some(b"")]
        .into_iter()
        .collect();
    let lists = opened(&packed, 2, None).unwrap();
    assert!(lists.is_null(0));
    let second = lists.value(1);
    let second: Vec<_> = second.as_primitive::<Float64Type>().iter().collect();
    assert_eq!(second, [None, Some(2.0)]);
    assert_eq!(lists.value(2).null_count(), 2);
}

#[test]
fn more_elements_than_offsets_count_are_refused() {
    let packed: BinaryViewArray = [Some(b""), Some(b"")].into_iter().collect();
    assert!(opened(&packed, i64::from(i32::MAX), None).is_err());
    assert!(opened(&packed, -1, None).is_err());
}
