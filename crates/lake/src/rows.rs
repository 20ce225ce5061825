//! Whole rows of a file, for holding them against what they were made of.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use parquet::arrow::arrow_reader::RowSelection;

use crate::cloudtrail::house;
use crate::contents::places;
use crate::file::File;
use crate::read::{BATCH_ROWS, Batches, Opened, column};
use crate::{Error, Lake, Layout};

/// Bytes of content that a batch should have at most.
const BATCH_BYTES: u64 = 8 << 20;

/// Rows of one file, in batches that have the columns of a layout, in the order in which the rows were asked for.
pub struct WholeRows {
    opened: Opened,
    reader: Batches,
    schema: SchemaRef,
}

impl Lake {
    /// These `rows` of `file` with all columns of `layout`: places from 0, ascending, each once. The batches together have
    /// one row for each asked for; where records are large, a batch has few. A column that the file does not have is
    /// null. Reads on the caller's thread, as it is iterated.
    ///
    /// # Errors
    /// [`Error::Rows`] where the rows are not that; [`Error::Io`] or [`Error::Parquet`] where the file can't be
    /// opened, and so each item where it can't be read on.
    pub fn rows(&self, file: &File, rows: &[u64], layout: &Layout) -> Result<WholeRows, Error> {
        let opened = Opened::open(self, file)?;
        let total = usize::try_from(opened.footer().file_metadata().num_rows()).unwrap_or_default();
        let rows = places(rows, total).ok_or_else(|| Error::Rows {
            path: opened.path().to_owned(),
            rows: total as u64,
        })?;
        let ranges = rows.into_iter().map(|row| row..row + 1);
        let selection = RowSelection::from_consecutive_ranges(ranges, total);
        let schema = layout.schema();
        let names: Vec<&str> = schema
            .fields()
            .iter()
            .map(|field| &**field.name())
            .collect();
        let reader = opened.some_rows(selection, &names, batch_rows(&opened))?;
        Ok(WholeRows {
            opened,
            reader,
            schema,
        })
    }
}

/// How many rows a batch may have, by the row group whose records are the largest.
fn batch_rows(opened: &Opened) -> usize {
    let Some(content) = opened.leaf(house::CONTENT) else {
        return BATCH_ROWS;
    };
    let groups = opened.footer().row_groups().iter();
    let largest = groups.map(|group| {
        let bytes = u64::try_from(group.column(content).uncompressed_size()).unwrap_or_default();
        bytes / u64::try_from(group.num_rows()).unwrap_or_default().max(1)
    });
    let rows = BATCH_BYTES / largest.max().unwrap_or_default().max(1);
    usize::try_from(rows).map_or(BATCH_ROWS, |rows| rows.clamp(1, BATCH_ROWS))
}

impl Iterator for WholeRows {
    type Item = Result<RecordBatch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.reader.next()?;
        let batch = batch.and_then(|batch| whole(&batch, &self.schema));
        Some(batch.map_err(|error| Error::arrow(self.opened.path(), error)))
    }
}

fn whole(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    let arrays = schema
        .fields()
        .iter()
        .map(|field| column(batch, field.name(), field.data_type()))
        .collect::<Result<Vec<_>, _>>()?;
    RecordBatch::try_new(SchemaRef::clone(schema), arrays)
}
