//! Against sets of each group's texts.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{StringArray, StringViewArray};
use proptest::prelude::*;

use super::*;

const GROUPS: usize = 4;

type Row = (usize, Option<String>, bool);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let text = proptest::option::of("[a\\\\\u{1}\"]{0,2}|a text that does not fit in a view [ab]");
    proptest::collection::vec((0..GROUPS, text, proptest::bool::weighted(0.8)), 0..30)
}

fn columns(rows: &[Row]) -> (Vec<ArrayRef>, Vec<usize>, BooleanArray) {
    let texts: StringViewArray = rows.iter().map(|row| row.1.as_deref()).collect();
    let before: ArrayRef = Arc::new(StringArray::new_null(rows.len()));
    let mut columns: Vec<ArrayRef> = vec![before; BEFORE];
    columns.push(Arc::new(texts));
    (
        columns,
        rows.iter().map(|row| row.0).collect(),
        rows.iter().map(|row| Some(row.2)).collect(),
    )
}

proptest! {
    /// However rows are dealt out to accumulators, and however many groups are given out at a time.
    #[test]
    fn each_text_counts_once_a_group(rows in rows(), cuts in (0usize..30, 0usize..30), first in 0..=GROUPS) {
        let mut sets: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
        for (group, text, kept) in &rows {
            if let (Some(text), true) = (text, kept) {
                sets.entry(*group).or_default().insert(text);
            }
        }
        let expected: Vec<i64> = (0..GROUPS)
            .map(|group| sets.get(&group).map_or(0, |set| set.len() as i64))
            .collect();

        let a = cuts.0.min(rows.len());
        let b = cuts.1.clamp(a, rows.len());
        let (mut whole, mut part) = (ExactTexts::default(), ExactTexts::default());
        let update = |groups: &mut ExactTexts, rows: &[Row]| {
            let (columns, indices, filter) = columns(rows);
            groups.update_batch(&columns, &indices, Some(&filter), GROUPS).unwrap();
        };
        update(&mut whole, &rows[..a]);
        update(&mut part, &rows[a..b]);
        for (emit, indices) in [
            (EmitTo::First(first), (0..first).collect::<Vec<_>>()),
            (EmitTo::All, (first..GROUPS).collect()),
        ] {
            let states = part.state(emit).unwrap();
            whole.merge_batch(&states, &indices, GROUPS).unwrap();
        }
        let (left, indices, filter) = columns(&rows[b..]);
        let states = part.convert_to_state(&left, Some(&filter)).unwrap();
        whole.merge_batch(&states, &indices, GROUPS).unwrap();

        let mut counts = Vec::new();
        for emit in [EmitTo::First(first), EmitTo::All] {
            let given = whole.evaluate(emit).unwrap();
            let given = given.as_primitive::<arrow::datatypes::Int64Type>();
            counts.extend(given.iter().flatten());
        }
        prop_assert_eq!(counts, expected);
    }
}

#[test]
fn a_group_has_an_end() {
    let mut groups = ExactTexts {
        counts: vec![MOST, 0],
        ..ExactTexts::default()
    };
    assert!(groups.put(1, 1).is_ok());
    assert!(groups.put(1, 1).is_ok());
    let error = groups.put(0, 1).expect_err("one too many");
    assert!(error.to_string().contains("1000000"), "{error}");
}
