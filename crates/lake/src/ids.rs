//! The ids of the events that are in the lake already, from those row groups that a batch of new events could repeat.

use std::collections::VecDeque;

use arrow::array::{Array, AsArray, RecordBatch, StringViewArray, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, TimeUnit, TimestampMicrosecondType};
use arrow::error::ArrowError;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::statistics::Statistics;

use crate::file::{File, Reach, TIME};
use crate::read::{Batches, Opened, column};
use crate::schema::arrow_type;
use crate::{Error, Kind, Lake};

const EVENT_ID: &str = "event_id";
const ACCOUNT: &str = "recipient_account_id";

/// What tells one event from another, of consecutive rows of a file. The arrays have one length.
#[derive(Clone, Debug)]
pub struct IdBatch {
    /// The place in the file of the first row, from 0.
    pub first_row: u64,
    /// `eventID`; null where the record has none.
    pub event_id: StringViewArray,
    /// `eventTime` in microseconds UTC; null where the record has none that is usable.
    pub event_time: TimestampMicrosecondArray,
    /// `recipientAccountId`; null where the record has none.
    pub recipient_account_id: StringViewArray,
}

/// The ids of one file, in the order of its rows, with gaps where row groups are out of reach.
pub struct Ids {
    opened: Opened,
    /// Row groups still to read, each with the place of its first row.
    groups: VecDeque<(usize, u64)>,
    reader: Option<(Batches, u64)>,
}

impl Lake {
    /// The ids in those row groups of `file` that may hold rows within `reach`; rows out of reach may be among them.
    /// Reads as it is iterated, on the caller's thread.
    ///
    /// # Errors
    /// [`Error::Io`] or [`Error::Parquet`] where the file can't be opened, and so each item where it can't be read on.
    pub fn ids(&self, file: &File, reach: &Reach) -> Result<Ids, Error> {
        let opened = Opened::open(self, file)?;
        // Another engine may count in nanoseconds; its bounds are not compared with microseconds.
        let kind = opened.data_type(TIME);
        let micros = matches!(kind, Some(DataType::Timestamp(TimeUnit::Microsecond, _)));
        let time = opened.leaf(TIME).filter(|_| micros);
        let mut groups = VecDeque::new();
        let mut first_row = 0;
        for (place, group) in opened.footer().row_groups().iter().enumerate() {
            if meets(group, time, reach) {
                groups.push_back((place, first_row));
            }
            first_row += u64::try_from(group.num_rows()).unwrap_or_default();
        }
        Ok(Ids {
            opened,
            groups,
            reader: None,
        })
    }
}

impl Iterator for Ids {
    type Item = Result<IdBatch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some((reader, first_row)) = &mut self.reader else {
                let (group, first_row) = self.groups.pop_front()?;
                match self.opened.row_group(group, &[EVENT_ID, TIME, ACCOUNT]) {
                    Ok(reader) => self.reader = Some((reader, first_row)),
                    Err(error) => return Some(Err(error)),
                }
                continue;
            };
            let Some(batch) = reader.next() else {
                self.reader = None;
                continue;
            };
            let ids = batch.and_then(|batch| id_batch(&batch, *first_row));
            if let Ok(ids) = &ids {
                *first_row += ids.event_id.len() as u64;
            }
            return Some(ids.map_err(|error| Error::arrow(self.opened.path(), error)));
        }
    }
}

fn id_batch(batch: &RecordBatch, first_row: u64) -> Result<IdBatch, ArrowError> {
    let text = |name| {
        Ok::<_, ArrowError>(
            column(batch, name, &DataType::Utf8View)?
                .as_string_view()
                .clone(),
        )
    };
    let time = column(batch, TIME, &arrow_type(Kind::Timestamp))?;
    Ok(IdBatch {
        first_row,
        event_id: text(EVENT_ID)?,
        event_time: time.as_primitive::<TimestampMicrosecondType>().clone(),
        recipient_account_id: text(ACCOUNT)?,
    })
}

/// Whether a row group may hold rows within `reach`, by the bounds that the footer has for the column at `time`.
fn meets(group: &RowGroupMetaData, time: Option<usize>, reach: &Reach) -> bool {
    let Some(statistics) = time.and_then(|time| group.column(time).statistics()) else {
        return true;
    };
    let nulls = statistics.null_count_opt();
    let untimed = reach.untimed && nulls != Some(0);
    let all_null = nulls.is_some_and(|nulls| i64::try_from(nulls) == Ok(group.num_rows()));
    let timed = reach
        .time
        .is_some_and(|(from, to)| match bounds(statistics) {
            Some((min, max)) => min <= to && from <= max,
            None => !all_null,
        });
    untimed || timed
}

/// The bounds of a column of microseconds; `None` where the footer has none.
fn bounds(statistics: &Statistics) -> Option<(i64, i64)> {
    match statistics {
        Statistics::Int64(values) => Some((*values.min_opt()?, *values.max_opt()?)),
        _ => None,
    }
}
