//! Conditions asked together against the same asked one by one; events gathered against a sorted list.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int64Array, StringViewArray, TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::record_batch::RecordBatch;
use datafusion::common::DFSchema;
use datafusion::common::cast::as_boolean_array;
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::prelude::SessionContext;

use super::any_of::AnyOf;
use super::events::{self, Groups};

/// Numbers that look random, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % end
    }
}

fn texts(dice: &mut Dice, rows: usize, different: usize) -> ArrayRef {
    let mut value = None;
    let texts = (0..rows).map(|_| {
        // Runs, as sorted rows have them.
        if dice.below(3) == 0 {
            let number = dice.below(different + 1);
            value = (number > 0).then(|| format!("value number {number}"));
        }
        value.clone()
    });
    Arc::new(texts.collect::<StringViewArray>())
}

#[test]
fn conditions_asked_together_hold_where_one_of_them_holds() {
    let schema = Schema::new(vec![
        Field::new("a", DataType::Utf8View, true),
        Field::new("b", DataType::Utf8View, true),
        Field::new("n", DataType::Int64, true),
    ]);
    let known = DFSchema::try_from(schema.clone()).unwrap();
    let context = SessionContext::new();
    let expr = |sql: &str| -> Arc<dyn PhysicalExpr> {
        let parsed = context.parse_sql_expr(sql, &known).unwrap();
        context.create_physical_expr(parsed, &known).unwrap()
    };
    let all = [
        "a = 'value number 1'",
        "a = 'value number 2' AND b IS NULL",
        "a IS NULL AND n > 5",
        "a = b",
        "a LIKE '%9' AND b <> 'value number 3' AND n IS NOT NULL",
        "b = 'nowhere'",
        "n < 2 OR a = 'value number 4'",
        "NOT (a = 'value number 1')",
    ];
    let dice = &mut Dice(88_172_645_463_325_252);
    let mut held = 0;
    for _ in 0..300 {
        let rows = dice.below(200);
        // Few values are looked at apart, many are not.
        let mut column = || {
            let different = [2, 12, 150][dice.below(3)];
            texts(dice, rows, different)
        };
        let (a, b) = (column(), column());
        let numbers = (0..rows).map(|_| (dice.below(4) > 0).then(|| dice.below(9) as i64));
        let numbers: Int64Array = numbers.collect();
        let columns = vec![a, b, Arc::new(numbers)];
        let batch = RecordBatch::try_new(Arc::new(schema.clone()), columns).unwrap();
        let asked: Vec<_> = (0..dice.below(5))
            .map(|_| expr(all[dice.below(all.len())]))
            .collect();
        let mut expected = vec![false; rows];
        for one in &asked {
            let one = one.evaluate(&batch).unwrap().into_array(rows).unwrap();
            let one: &BooleanArray = as_boolean_array(&one).unwrap();
            for (row, expected) in expected.iter_mut().enumerate() {
                *expected |= one.is_valid(row) && one.value(row);
            }
        }
        let any = AnyOf::new(asked).evaluate(&batch).unwrap();
        let any = any.into_array(rows).unwrap();
        let any = as_boolean_array(&any).unwrap();
        let any: Vec<bool> = any.iter().map(|held| held == Some(true)).collect();
        assert_eq!(any, expected);
        held += expected.iter().filter(|held| **held).count();
    }
    assert!(held > 1_000, "{held}");
}

/// Columns of records, one for each time; none is an event without one.
fn records(times: &[Option<i64>]) -> Vec<ArrayRef> {
    let ids = (0..times.len()).map(|row| Some(format!("id-{row}")));
    let time = TimestampMicrosecondArray::from(times.to_vec()).with_timezone("UTC");
    let nothing = || Arc::new(StringViewArray::from(vec![None::<&str>; times.len()])) as ArrayRef;
    vec![
        Arc::new(time),
        Arc::new(ids.collect::<StringViewArray>()),
        nothing(),
        Arc::new(BooleanArray::from(vec![false; times.len()])),
        nothing(),
        Arc::new(Int64Array::from(vec![0; times.len()])),
    ]
}

#[test]
fn groups_keep_their_oldest_events_however_they_are_gathered() {
    let dice = &mut Dice(2_463_534_242);
    for most in [0, 1, 3, 50] {
        for _ in 0..50 {
            let rows = 1 + dice.below(60);
            let times: Vec<Option<i64>> = (0..rows)
                .map(|_| (dice.below(9) > 0).then(|| dice.below(40) as i64 - 20))
                .collect();
            let groups: Vec<usize> = (0..rows).map(|_| dice.below(3)).collect();
            let values = records(&times);
            // At once, in two halves that are merged, and row by row.
            let mut whole = Groups::new(most);
            GroupsAccumulator::update_batch(&mut whole, &values, &groups, None, 3).unwrap();
            let cut = dice.below(rows);
            let mut merged = Groups::new(most);
            for (from, length) in [(cut, rows - cut), (0, cut)] {
                let part: Vec<ArrayRef> = values
                    .iter()
                    .map(|array| array.slice(from, length))
                    .collect();
                let mut half = Groups::new(most);
                let of = &groups[from..from + length];
                GroupsAccumulator::update_batch(&mut half, &part, of, None, 3).unwrap();
                let state = GroupsAccumulator::state(&mut half, EmitTo::All).unwrap();
                GroupsAccumulator::merge_batch(&mut merged, &state, &[0, 1, 2], 3).unwrap();
            }
            let mut single = Groups::new(most);
            let each = whole.convert_to_state(&values, None).unwrap();
            GroupsAccumulator::merge_batch(&mut single, &each, &groups, 3).unwrap();
            let found = [&mut whole, &mut merged, &mut single].map(|groups| {
                let lists = GroupsAccumulator::evaluate(groups, EmitTo::All).unwrap();
                assert_eq!(lists.as_list::<i32>().len(), 3);
                events::read(&lists)
            });
            for (group, oldest) in found[0].iter().enumerate() {
                let mut expected: Vec<i64> = times
                    .iter()
                    .zip(&groups)
                    .filter(|(_, of)| **of == group)
                    .filter_map(|(time, _)| Some(time.as_ref()? * 1_000))
                    .collect();
                expected.sort_unstable();
                expected.truncate(most);
                let ends = expected.first().copied().zip(expected.last().copied());
                assert_eq!(oldest.times, ends);
                assert_eq!(oldest.identities.len(), expected.len());
            }
            assert_eq!(found[0], found[1]);
            assert_eq!(found[0], found[2]);
        }
    }
}
