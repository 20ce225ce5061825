//! The order of rows in data files: a file for each day, its row groups slices of time, inside sorted by what
//! detections ask for.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use crate::batch::{Batch, Row};

/// Microseconds in a day.
const DAY: i64 = 86_400_000_000;

/// The rows of one data file.
#[derive(Debug, PartialEq)]
pub(crate) struct Day {
    /// In days since 1970-01-01; none for rows without a time.
    pub(crate) date: Option<i32>,
    /// The rows of each row group, in their order.
    pub(crate) groups: Vec<Vec<Row>>,
}

/// The UTC day of an instant in microseconds.
pub(crate) fn day(micros: i64) -> i32 {
    // Instants are within what 64 bits of nanoseconds can hold, which is some 200,000 days.
    i32::try_from(micros.div_euclid(DAY)).unwrap_or_default()
}

/// How many slices of time a day is cut into where none gets smaller than [`LEAST`] rows by it: a query that asks for
/// half an hour then passes over most of the day, and every thread has something to encode.
const SLICES: usize = 8;

/// The fewest rows of a slice that is cut for pruning's sake. Smaller ones cost more in footers, bloom filters and
/// compression than they save.
pub(crate) const LEAST: usize = 8_192;

/// How many row groups hold `rows` rows of a day, each at most `most`.
pub(crate) fn slices(rows: usize, most: usize) -> usize {
    let wanted = (rows / LEAST).clamp(1, SLICES);
    wanted.max(rows.div_ceil(most.max(1)))
}

/// Divides rows into files and row groups of at most `most` rows, and sorts them.
pub(crate) fn days(batch: &Batch, rows: &[Row], most: usize) -> Vec<Day> {
    let mut days: BTreeMap<Option<i32>, Vec<(Option<i64>, Row)>> = BTreeMap::new();
    for &row in rows {
        let time = batch.time(row);
        days.entry(time.map(day)).or_default().push((time, row));
    }
    let ranks = Ranks::new(batch, rows);
    days.into_iter()
        .map(|(date, mut rows)| {
            // Stable: records of one second stay in the order of the archive.
            rows.sort_by_key(|(time, _)| *time);
            // Row groups of about equal size, rather than a tiny one at the end.
            let count = slices(rows.len(), most);
            let groups = rows.chunks(rows.len().div_ceil(count).max(1));
            Day {
                date,
                groups: groups.map(|group| ranks.sort(batch, group)).collect(),
            }
        })
        .collect()
}

/// The order of the pairs of `event_source` and `event_name`, so that rows are sorted by numbers.
struct Ranks<'a>(HashMap<Pair<'a>, usize>);

/// Ordered as columns are: null first, then by bytes.
type Pair<'a> = (Option<&'a [u8]>, Option<&'a [u8]>);

impl<'a> Ranks<'a> {
    fn new(batch: &'a Batch, rows: &[Row]) -> Ranks<'a> {
        let mut ranks: HashMap<Pair<'a>, usize> = HashMap::new();
        for &row in rows {
            ranks.entry(pair(batch, row)).or_default();
        }
        let mut pairs: Vec<Pair<'a>> = ranks.keys().copied().collect();
        pairs.sort_unstable();
        Ranks(
            pairs
                .into_iter()
                .enumerate()
                .map(|(rank, pair)| (pair, rank))
                .collect(),
        )
    }

    fn sort(&self, batch: &Batch, rows: &[(Option<i64>, Row)]) -> Vec<Row> {
        let mut ranked: Vec<_> = rows
            .iter()
            .map(|&(time, row)| (self.0.get(&pair(batch, row)).copied(), time, row))
            .collect();
        ranked.sort_by_key(|&(rank, time, _)| (rank, time));
        ranked.into_iter().map(|(.., row)| row).collect()
    }
}

fn pair(batch: &Batch, row: Row) -> Pair<'_> {
    (batch.event_source(row), batch.name(row))
}
