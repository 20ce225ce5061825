//! The lake's rows against a batch of records: which record each row holds, and whether its columns say what it says.

use std::collections::BTreeMap;
use std::sync::Mutex;

use arrow::array::Array;
use lake::cloudtrail::house;
use lake::{File, Lake, Layout, Reach};

use super::index::{Index, Pass, Records};
use super::judge::{Judge, micros, text};
use super::report::{Finding, Place, Verification, What};
use crate::Error;
use crate::sort::day;
use crate::threads::Pool;

/// What is known of a file's rows, over all batches: two bits for each row.
#[derive(Default)]
pub(crate) struct Seen {
    /// Rows that a record was found to be.
    claimed: Bits,
    /// Rows whose columns were compared.
    compared: Bits,
}

#[derive(Default)]
struct Bits(Vec<u64>);

impl Bits {
    fn has(&self, place: u64) -> bool {
        let word = self.0.get((place / 64) as usize).copied();
        word.unwrap_or_default() >> (place % 64) & 1 == 1
    }

    fn set(&mut self, place: u64) {
        let word = (place / 64) as usize;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (place % 64);
    }
}

/// What a scan works with.
pub(crate) struct Scan<'a> {
    pub(crate) lake: &'a Lake,
    pub(crate) files: &'a [File],
    pub(crate) seen: &'a [Mutex<Seen>],
    pub(crate) judge: &'a Judge,
    /// That of the lake.
    pub(crate) layout: &'a Layout,
    pub(crate) pool: &'a Pool,
}

impl Scan<'_> {
    /// Holds all rows that could be of the records' events against what the index looks for.
    pub(crate) fn run(
        &self,
        records: &Records<'_>,
        index: &Index<'_>,
        report: &mut Verification,
    ) -> Result<(), Error> {
        let spans = spans(records);
        let mut meeting = Vec::new();
        for (place, file) in self.files.iter().enumerate() {
            // Another engine may have put events without a time elsewhere, or not told of times at all.
            let reach = Reach {
                time: spans.get(&file.date).copied(),
                untimed: spans.contains_key(&None),
            };
            if file.meets(&reach) {
                meeting.push((place, reach));
            }
        }
        let work = |place: usize| {
            let (file, reach) = &meeting[place];
            self.file(*file, reach, records, index)
        };
        self.pool.in_order(meeting.len(), work, |_, part| {
            add(report, part);
            Ok(())
        })
    }

    fn file(
        &self,
        place: usize,
        reach: &Reach,
        records: &Records<'_>,
        index: &Index<'_>,
    ) -> Result<Verification, Error> {
        let file = &self.files[place];
        let mut wanted = Vec::new();
        for ids in self.lake.ids(file, reach)? {
            let ids = ids?;
            let (accounts, times, names) =
                (&ids.recipient_account_id, &ids.event_time, &ids.event_id);
            for row in 0..names.len() {
                let key = (
                    accounts
                        .is_valid(row)
                        .then(|| accounts.value(row).as_bytes()),
                    times.is_valid(row).then(|| times.value(row)),
                    names.is_valid(row).then(|| names.value(row).as_bytes()),
                );
                if index.wants(key) {
                    wanted.push(ids.first_row + row as u64);
                }
            }
        }
        let mut report = Verification::default();
        if wanted.is_empty() {
            return Ok(report);
        }
        let mut seen = self.seen[place]
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        let mut places = wanted.iter();
        for rows in self.lake.rows(file, &wanted, self.layout)? {
            let rows = rows?;
            for (row, &at) in (0..rows.num_rows()).zip(places.by_ref()) {
                let content = text(&rows, house::CONTENT, row).unwrap_or_default();
                let bytes = |column| text(&rows, column, row).map(str::as_bytes);
                let key = (
                    bytes("recipient_account_id"),
                    micros(&rows, "event_time", row),
                    bytes("event_id"),
                );
                let like = index.like(key, content.as_bytes());
                if like.is_empty() {
                    continue;
                }
                for place in like {
                    let own =
                        index.pass == Pass::Bytes && !seen.claimed.has(at) && records.claim(place);
                    match own {
                        true => seen.claimed.set(at),
                        false => records.fold(place),
                    }
                }
                if !seen.compared.has(at) {
                    seen.compared.set(at);
                    self.compare(&rows, row, file, &mut report);
                }
            }
        }
        Ok(report)
    }

    fn compare(
        &self,
        rows: &arrow::array::RecordBatch,
        row: usize,
        file: &File,
        report: &mut Verification,
    ) {
        let verdict = self.judge.verdict(rows, row, file);
        report.columns.rows += 1;
        report.columns.made += verdict.made;
        report.columns.different += verdict.different.len() as u64;
        report.columns.equal += verdict.made - verdict.different.len() as u64;
        for column in verdict.different {
            report.find(Finding {
                object: text(rows, house::SOURCE, row)
                    .unwrap_or_default()
                    .to_owned(),
                place: Place::Index(index_of(rows, row)),
                what: What::Different { column },
            });
        }
    }
}

/// How many rows no record was found to be.
pub(crate) fn others(files: &[File], seen: &[Mutex<Seen>]) -> u64 {
    let claimed: u64 = seen
        .iter()
        .map(|seen| {
            let seen = seen.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            let words = seen.claimed.0.iter();
            words.map(|word| u64::from(word.count_ones())).sum::<u64>()
        })
        .sum();
    let rows: u64 = files.iter().map(|file| file.rows).sum();
    rows.saturating_sub(claimed)
}

/// Adds what was found in one file.
fn add(report: &mut Verification, part: Verification) {
    report.columns.rows += part.columns.rows;
    report.columns.made += part.columns.made;
    report.columns.equal += part.columns.equal;
    report.columns.different += part.columns.different;
    report.more_findings += part.more_findings;
    for finding in part.findings {
        report.find(finding);
    }
}

fn index_of(rows: &arrow::array::RecordBatch, row: usize) -> u64 {
    use arrow::array::AsArray;
    use arrow::datatypes::Int64Type;

    let array = rows.column_by_name(house::SOURCE_INDEX);
    let array = array.and_then(|array| array.as_primitive_opt::<Int64Type>());
    array.map_or(0, |array| {
        u64::try_from(array.value(row)).unwrap_or_default()
    })
}

/// Between which times the records of each day lie; of those without a time nothing.
fn spans(records: &Records<'_>) -> BTreeMap<Option<i32>, (i64, i64)> {
    let mut spans = BTreeMap::new();
    for &row in &records.rows {
        let time = records.batch.time(row);
        let micros = time.unwrap_or_default();
        let (min, max) = spans.entry(time.map(day)).or_insert((micros, micros));
        (*min, *max) = (micros.min(*min), micros.max(*max));
    }
    spans
}
