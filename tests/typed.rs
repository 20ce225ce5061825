//! Random well-typed queries give one answer however they are planned, and the answer of a walk over the rows.
//!
//! Each seed makes a table and a pipeline over it. The pipeline runs with and without DataFusion's logical optimizer
//! rules, with and without filters pushed into scans, and through an interpreter that knows nothing of the engine.
//! `TYPED_CASES` says how many seeds are tried, `TYPED_SEED` where they begin.

mod datum;
mod make;
mod run;
mod tree;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use engine::{Engine, QueryOptions, Settings, Value};

use crate::check::wait;
use crate::differential::dice::Dice;
use datum::Datum;
use run::agree;
use tree::{Query, Table};

/// Seeds that every run tries.
const CASES: u64 = 400;

/// Failures after which there is nothing more to learn.
const ENOUGH: usize = 6;

#[test]
fn every_plan_gives_the_answer_of_the_interpreter() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let first = number("TYPED_SEED").unwrap_or(0);
    let end = first + number("TYPED_CASES").unwrap_or(CASES);
    let next = AtomicU64::new(first);
    let failures = Mutex::new(Vec::new());
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= end || failures.lock().unwrap().len() >= ENOUGH {
                return;
            }
            if let Err(failure) = try_seed(seed) {
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

/// A test that asks for nothing finds nothing.
#[test]
fn most_queries_have_rows() {
    let rows = |seed| {
        !run::run(&make::query(&mut Dice::new(seed)))
            .table
            .rows
            .is_empty()
    };
    let answered = (0..2_000).filter(|seed| rows(*seed)).count();
    assert!(
        answered * 100 >= 2_000 * 60,
        "{answered} of 2000 queries have rows"
    );
}

fn try_seed(seed: u64) -> Result<(), String> {
    let query = make::query(&mut Dice::new(seed));
    let expected = run::run(&query);
    for (optimize, pushdown) in [(true, true), (true, false), (false, true), (false, false)] {
        let options = QueryOptions {
            optimize,
            pushdown,
            ..QueryOptions::default()
        };
        let found =
            ask(&query, options).map_err(|error| format!("seed {seed}\n{query}\n{error}"))?;
        if !agree(&expected, &found) {
            return Err(format!(
                "seed {seed}, optimizer rules {optimize}, pushdown {pushdown}\n{query}\nexpected{}\n{}\nfound\n{}",
                if expected.ordered {
                    ", in this order"
                } else {
                    ""
                },
                shown(&expected.table),
                shown(&found)
            ));
        }
    }
    Ok(())
}

fn shown(table: &Table) -> String {
    let row = |row: &Vec<Datum>| {
        let cells: Vec<String> = row.iter().map(ToString::to_string).collect();
        format!("  {}", cells.join(" | "))
    };
    let rows: Vec<String> = table.rows.iter().map(row).collect();
    format!("  {}\n{}", table.names.join(" | "), rows.join("\n"))
}

/// What the engine answers.
fn ask(query: &Query, options: QueryOptions) -> Result<Table, String> {
    let text = query.to_string();
    wait(async move {
        let engine =
            Engine::without_lake(Settings::default()).map_err(|error| error.to_string())?;
        let mut answer = engine
            .query(&text, &options)
            .await
            .map_err(|error| match error {
                engine::Error::Query { diagnostics } => diagnostics
                    .iter()
                    .filter(|diagnostic| diagnostic.is_error())
                    .map(|diagnostic| format!("{}: {}", diagnostic.code.text(), diagnostic.message))
                    .collect::<Vec<_>>()
                    .join("\n"),
                error => error.to_string(),
            })?;
        let rows = answer.rows().await.map_err(|error| error.to_string())?;
        Ok(Table {
            names: answer
                .fields
                .iter()
                .map(|field| field.name.clone())
                .collect(),
            rows: rows
                .into_iter()
                .map(|row| row.into_iter().map(datum).collect())
                .collect(),
        })
    })
}

fn datum(value: Value) -> Datum {
    match value {
        Value::Null => Datum::Null,
        Value::Boolean(truth) => Datum::Bool(truth),
        Value::Long(long) => Datum::Long(long),
        Value::Double(double) => Datum::Double(double),
        Value::String(text) => Datum::Text(text),
        Value::Timestamp(nanos) => Datum::Time(nanos),
        Value::Duration(nanos) => Datum::Span(nanos),
        Value::Array(elements) => Datum::List(elements.into_iter().map(datum).collect()),
        Value::Record(members) => {
            let member = |(key, value)| (key, datum(value));
            Datum::Record(members.into_iter().map(member).collect())
        }
        // No query of these tests makes values of other types.
        Value::Timeframe(..) | Value::Shown(..) => Datum::Text(format!("{value:?}")),
    }
}
