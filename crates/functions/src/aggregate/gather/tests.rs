//! What all gatherers have in common: it makes no difference who gathers which records.

use proptest::prelude::*;

use super::*;
use crate::value::testing::value;

/// Whether two results are the same, up to the rounding of sums.
fn near(a: &Value<'_>, b: &Value<'_>) -> bool {
    match (a, b) {
        (Value::Double(a), Value::Double(b)) => {
            (a - b).abs() <= 1e-6 * a.abs().max(b.abs()).max(1e-9)
        }
        _ => a == b,
    }
}

/// The result of one gatherer of all rows equals that of two, merged in either order by way of value text.
fn splits<G: Gather>(
    settings: &[Value<'static>],
    rows: &[Vec<Value<'static>>],
    split: usize,
) -> std::result::Result<(), TestCaseError> {
    let gathered = |rows: &[Vec<Value<'static>>]| {
        let mut gatherer = G::new(settings);
        rows.iter()
            .for_each(|row| gatherer.add(row).expect("room for a row"));
        gatherer
    };
    let (left, right) = rows.split_at(split.min(rows.len()));
    let whole = gathered(rows).result();
    for parts in [[left, right], [right, left]] {
        let mut merged = G::new(settings);
        for part in parts {
            let mut text = String::new();
            encode(&gathered(part).state(), &mut text);
            merged.merge(&decode(&text)).expect("room for a state");
        }
        let merged = merged.result();
        prop_assert!(near(&whole, &merged), "{}: {whole:?}, {merged:?}", G::NAME);
    }
    Ok(())
}

proptest! {
    #[test]
    fn parts_make_the_whole(
        values in proptest::collection::vec(value(), 0..12),
        split in 0usize..12,
        most in 0i64..8,
        expand in any::<bool>(),
    ) {
        let rows: Vec<Vec<Value<'static>>> = values
            .into_iter()
            .enumerate()
            .map(|(place, value)| vec![value, Value::Long(place as i64)])
            .collect();
        let flags = |distinct| [Value::Long(most), Value::Boolean(expand), Value::Boolean(distinct)];
        splits::<collect::Collect>(&flags(false), &rows, split)?;
        splits::<collect::Collect>(&flags(true), &rows, split)?;
        splits::<take::Take<true>>(&[], &rows, split)?;
        splits::<take::Take<false>>(&[], &rows, split)?;
        splits::<take::TakeOrdered<true>>(&[], &rows, split)?;
        splits::<take::TakeOrdered<false>>(&[], &rows, split)?;
        splits::<extreme::Extreme<true>>(&[], &rows, split)?;
        splits::<extreme::Extreme<false>>(&[], &rows, split)?;
        splits::<distinct::Distinct>(&[], &rows, split)?;
        splits::<exact::Exact>(&[], &rows, split)?;
        splits::<percentile::Percentile>(&[Value::Long(most * 10), Value::Boolean(false)], &rows, split)?;
        splits::<percentile::Percentile>(&[Value::Long(50), Value::Boolean(true)], &rows, split)?;
    }

    #[test]
    fn parts_of_numbers_make_the_whole(
        numbers in proptest::collection::vec((-1e3..1e3f64, -50i64..50), 0..12),
        split in 0usize..12,
        mean in any::<bool>(),
    ) {
        let rows: Vec<Vec<Value<'static>>> = numbers
            .into_iter()
            .map(|(double, long)| vec![Value::double(double), Value::Long(long)])
            .collect();
        splits::<total::Total>(&[Value::Boolean(mean)], &rows, split)?;
        splits::<correlation::Correlation>(&[], &rows, split)?;
        splits::<percentile::Percentile>(&[Value::Long(75), Value::Boolean(false)], &rows, split)?;
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// More values than are counted one by one.
    #[test]
    fn estimates_are_within_one_percent(many in 5_000u64..60_000, split in 0u64..60_000) {
        let mut parts = [distinct::Distinct::new(&[]), distinct::Distinct::new(&[])];
        for at in 0..many {
            let part = &mut parts[usize::from(at > split)];
            part.add(&[Value::string(format!("value {at}"))]).expect("room");
        }
        let [mut left, mut right] = parts;
        left.merge(&right.state()).expect("room");
        let Value::Long(estimate) = left.result() else {
            panic!("a long");
        };
        prop_assert!((estimate as f64 - many as f64).abs() <= many as f64 * 0.01, "{estimate} of {many}");
    }
}

#[test]
fn more_than_a_million_are_not_counted_exactly() {
    let mut exact = exact::Exact::default();
    for at in 0..1_000_000 {
        exact.add(&[Value::Long(at)]).expect("room for a million");
    }
    exact.add(&[Value::Double(7.0)]).expect("one of them");
    let error = exact.add(&[Value::Long(-1)]).expect_err("one too many");
    assert!(
        error
            .to_string()
            .contains("at most 1000000 different values")
    );
}
