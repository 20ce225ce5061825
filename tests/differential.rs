//! Columns, text and the naive evaluator give one answer, for records of any shape.
//!
//! Each seed makes an archive and a handful of queries. A query is answered from the lake's columns, once more with
//! parse elimination off, with and without DataFusion's logical optimizer rules and filters pushed into the scan, and by
//! a walk over the raw JSON that knows nothing of the engine. Where they differ, the
//! archive and the query are cut down to what still shows it. `PROPTEST_CASES` says how many seeds are tried,
//! `DIFFERENTIAL_SEED` where they begin.

// What clippy suggests instead does not compile: the type is not known without the dereference.
#![allow(clippy::explicit_auto_deref)]

pub mod archive;
pub mod ask;
pub mod dice;
mod group;
pub mod interpret;
mod members;
mod print;
pub mod query;
mod record;
mod regressions;
mod shrink;
pub mod words;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use engine::{Now, QueryOptions};

use crate::check::ask;
use crate::naive::archive::Record;
use crate::naive::logic::{normal, sort_order};
use crate::naive::{Row, canonical};
use archive::Archive;
use dice::Dice;
use query::{Last, Query};

/// Seeds that every run tries.
const CASES: u64 = 25;

/// Queries on each archive.
const QUERIES: usize = 8;

/// Failures after which there is nothing more to learn.
const ENOUGH: usize = 5;

#[test]
fn columns_and_text_and_the_naive_evaluator_agree() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let first = number("DIFFERENTIAL_SEED").unwrap_or(0);
    let end = first + number("PROPTEST_CASES").unwrap_or(CASES);
    let next = AtomicU64::new(first);
    let failures = Mutex::new(Vec::new());
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= end || failures.lock().unwrap().len() >= ENOUGH {
                return;
            }
            if let Err(failure) = try_seed(seed) {
                // At once, for long runs that are ended before they end.
                eprintln!("{failure}\n");
                failures.lock().unwrap().push(failure);
            }
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// A test that asks for nothing finds nothing: most queries have rows, and most filters keep some and drop some.
#[test]
fn the_queries_have_answers() {
    let (mut queries, mut answered) = (0, 0);
    let (mut filters, mut divide) = (0, 0);
    for seed in 0..60 {
        let mut dice = Dice::new(seed);
        let records = Archive::random(&mut dice).records();
        for _ in 0..QUERIES {
            let query = ask::query(&mut dice, &records);
            queries += 1;
            answered += usize::from(!interpret::rows(&query, &records).is_empty());
            for filter in &query.filters {
                let alone = Query {
                    filters: vec![filter.clone()],
                    last: Last::Fields(Vec::new()),
                    from: None,
                    to: None,
                    ..query.clone()
                };
                let kept = interpret::rows(&alone, &records).len();
                filters += 1;
                divide += usize::from(0 < kept && kept < records.len());
            }
        }
    }
    assert!(
        answered * 3 > queries * 2,
        "{answered} of {queries} queries have rows"
    );
    assert!(
        divide * 2 > filters,
        "{divide} of {filters} filters divide the records"
    );
}

/// One archive and its queries. The first difference ends it.
fn try_seed(seed: u64) -> Result<(), String> {
    let mut dice = Dice::new(seed);
    let archive = Archive::random(&mut dice);
    let records = archive.records();
    let queries: Vec<Query> = (0..QUERIES)
        .map(|_| ask::query(&mut dice, &records))
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let lake = archive.lake(folder.path());
    for query in queries {
        if difference(&lake, &records, &query).is_some() {
            let (archive, query, difference) = shrink::shrink(archive, query);
            return Err(format!("seed {seed}\n{query}\n{difference}\n{archive}"));
        }
    }
    Ok(())
}

/// How the answers to a query differ, if they do.
fn difference(lake: &Path, records: &[Record], query: &Query) -> Option<String> {
    let expected = interpret::rows(query, records);
    // How it is planned must not matter: elimination, DataFusion's optimizer rules, filters pushed into scans.
    let ways = [
        ("columns", true, true, true),
        ("text", false, true, true),
        ("columns, no rules", true, false, true),
        ("columns, no pushdown", true, true, false),
        ("text, no rules, no pushdown", false, false, false),
    ];
    ways.into_iter()
        .find_map(|(by, eliminate, optimize, pushdown)| {
            let options = QueryOptions {
                now: Some(Now::At(query::now() as i64)),
                eliminate,
                optimize,
                pushdown,
                ..QueryOptions::default()
            };
            let text = query.to_string();
            let found = catch_unwind(AssertUnwindSafe(|| ask(Some(lake), &text, &options)));
            let Ok(answered) = found else {
                return Some(format!("{by}: it failed"));
            };
            if answered
                .diagnostics
                .iter()
                .any(|diagnostic| diagnostic.is_error())
            {
                return Some(format!("{by}: refused: {:?}", answered.diagnostics));
            }
            let difference = match query.last {
                Last::Sorted { .. } => in_order(&answered.rows, &expected),
                _ => in_any_order(answered.rows, &expected),
            };
            difference.map(|difference| format!("{by}: {difference}"))
        })
}

/// The rows with their values in normal form.
fn normal_rows(rows: impl IntoIterator<Item = Row>) -> Vec<Row> {
    let normal_row = |row: Row| {
        row.into_iter()
            .map(|(name, value)| (name, normal(&value)))
            .collect()
    };
    canonical(rows.into_iter().map(normal_row).collect())
}

fn in_any_order(answered: Vec<Row>, expected: &[Row]) -> Option<String> {
    let (answered, expected) = (normal_rows(answered), normal_rows(expected.to_vec()));
    if answered == expected {
        return None;
    }
    let surplus: Vec<_> = without(&answered, &expected);
    let missing: Vec<_> = without(&expected, &answered);
    Some(format!(
        "{} rows, {} expected\nsurplus: {surplus:?}\nmissing: {missing:?}",
        answered.len(),
        expected.len()
    ))
}

/// The first rows of `some` that are not in `others`, counted as often as they occur.
fn without<'a>(some: &'a [Row], others: &[Row]) -> Vec<&'a Row> {
    let count = |rows: &[Row], row: &Row| rows.iter().filter(|other| *other == row).count();
    some.iter()
        .filter(|row| count(some, row) > count(others, row))
        .take(3)
        .collect()
}

/// Rows that sort alike may stand for each other.
fn in_order(answered: &[Row], expected: &[Row]) -> Option<String> {
    let alike = |(a, b): (&Row, &Row)| {
        a.len() == b.len()
            && a.iter()
                .zip(b)
                .all(|((_, a), (_, b))| sort_order(a, b).is_eq())
    };
    let place = answered.iter().zip(expected).position(|pair| !alike(pair));
    match place {
        Some(place) => Some(format!(
            "row {place} is {:?}, {:?} expected",
            answered[place], expected[place]
        )),
        None if answered.len() != expected.len() => Some(format!(
            "{} rows, {} expected",
            answered.len(),
            expected.len()
        )),
        None => None,
    }
}
