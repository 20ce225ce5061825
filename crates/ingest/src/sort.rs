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
    /// The rows of each row group, by their times.
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

/// The fewest rows of a slice that is cut for pruning's sake. Smaller ones cost more than they save: a footer, a dictionary
/// and a decompressor for each column that is read. With a quarter of it, scans of ten million events took a
/// third more processor time.
const LEAST: usize = 32_768;

/// How many row groups hold `rows` rows of a day, each at most `most`.
pub(crate) fn slices(rows: usize, most: usize) -> usize {
    let wanted = (rows / LEAST).clamp(1, SLICES);
    wanted.max(rows.div_ceil(most.max(1)))
}

/// Divides rows into files and row groups of at most `most` rows. What is left to do is to [`sort`] each.
pub(crate) fn days(batch: &Batch, rows: &[Row], most: usize) -> Vec<Day> {
    let mut days: BTreeMap<Option<i32>, Vec<(Option<i64>, Row)>> = BTreeMap::new();
    for &row in rows {
        let time = batch.time(row);
        days.entry(time.map(day)).or_default().push((time, row));
    }
    days.into_iter()
        .map(|(date, mut rows)| {
            // Stable: records of one second stay in the order of the archive.
            rows.sort_by_key(|(time, _)| *time);
            // Row groups of about equal size, rather than a tiny one at the end.
            let count = slices(rows.len(), most);
            let groups = rows.chunks(rows.len().div_ceil(count).max(1));
            Day {
                date,
                groups: groups
                    .map(|group| group.iter().map(|&(_, row)| row).collect())
                    .collect(),
            }
        })
        .collect()
}

/// Sorts a row group whose rows come by their times.
pub(crate) fn sort(batch: &Batch, rows: &[Row]) -> Vec<Row> {
    // Pairs are few: rows are sorted by numbers.
    let mut ranks: HashMap<Pair<'_>, usize> = HashMap::new();
    let mut pairs: Vec<Pair<'_>> = Vec::new();
    let mut ranked: Vec<(usize, Row)> = rows
        .iter()
        .map(|&row| {
            let pair = pair(batch, row);
            let place = *ranks.entry(pair).or_insert_with(|| {
                pairs.push(pair);
                pairs.len() - 1
            });
            (place, row)
        })
        .collect();
    let mut order: Vec<usize> = (0..pairs.len()).collect();
    order.sort_unstable_by_key(|&place| pairs[place]);
    let mut rank = vec![0; pairs.len()];
    for (at, &place) in order.iter().enumerate() {
        rank[place] = at;
    }
    // Stable: by time within a pair.
    ranked.sort_by_key(|&(place, _)| rank[place]);
    ranked.into_iter().map(|(_, row)| row).collect()
}

/// Ordered as columns are: null first, then by bytes.
type Pair<'a> = (Option<&'a [u8]>, Option<&'a [u8]>);

fn pair(batch: &Batch, row: Row) -> Pair<'_> {
    (batch.event_source(row), batch.name(row))
}
