//! The naive evaluator: answers the tutorials' queries by walking the JSON of every record, with nothing of ours
//! beneath it. What the engine says is held against what this says.
//!
//! Slow and plain on purpose. It reads whole archives into memory, knows no columns, no plans and no Arrow, and shares
//! no code with the engine. [`tutorial`] has one function for each query; [`logic`] holds the parts of DQL that a
//! property test can drive with expressions of its own.

pub mod archive;
pub mod logic;
pub mod pattern;
pub mod series;
pub mod time;
pub mod tutorial;

use std::collections::BTreeMap;

use serde_json::Value;

/// One row of a result, by column. Longs are JSON integers, doubles have a fraction, timestamps are ISO-8601 with nine
/// digits and `Z`, durations ISO-8601, a timeframe is `{"start", "end"}`; null is null.
pub type Row = BTreeMap<String, Value>;

/// Rows in an order that depends on nothing but what they hold.
pub fn canonical(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_by_cached_key(|row| Value::Object(row.clone().into_iter().collect()).to_string());
    rows
}

/// A row out of columns.
pub fn row<const N: usize>(columns: [(&str, Value); N]) -> Row {
    columns
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
