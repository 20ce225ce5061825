//! The exact bytes of a few records of a file, for comparing events that share an id.

use arrow::array::{AsArray, StringViewArray};
use arrow::datatypes::DataType;
use parquet::arrow::arrow_reader::RowSelection;

use crate::cloudtrail::house;
use crate::file::File;
use crate::read::{Batches, Opened, column};
use crate::{Error, Lake};

/// Contents of rows of one file, in batches, in the order in which the rows were asked for.
pub struct Contents {
    opened: Opened,
    reader: Batches,
}

impl Lake {
    /// The contents of `rows` of `file`: places from 0, ascending, each once. The batches together have one text for
    /// each row asked for. Reads the pages that hold them, on the caller's thread, as it is iterated.
    ///
    /// # Errors
    /// [`Error::Rows`] where the rows are not that; [`Error::Io`] or [`Error::Parquet`] where the file can't be
    /// opened, and so each item where it can't be read on.
    pub fn contents(&self, file: &File, rows: &[u64]) -> Result<Contents, Error> {
        let opened = Opened::open(self, file)?;
        let selection = selection(&opened, rows)?;
        let reader = opened.rows(selection, &[house::CONTENT])?;
        Ok(Contents { opened, reader })
    }
}

/// The rows alone.
pub(crate) fn selection(opened: &Opened, rows: &[u64]) -> Result<RowSelection, Error> {
    let total = usize::try_from(opened.footer().file_metadata().num_rows()).unwrap_or_default();
    let rows = places(rows, total).ok_or_else(|| Error::Rows {
        path: opened.path().to_owned(),
        rows: total as u64,
    })?;
    let ranges = rows.into_iter().map(|row| row..row + 1);
    Ok(RowSelection::from_consecutive_ranges(ranges, total))
}

/// The rows as places in a file of `total` rows, if they are that.
pub(crate) fn places(rows: &[u64], total: usize) -> Option<Vec<usize>> {
    let places: Option<Vec<usize>> = rows.iter().map(|&row| usize::try_from(row).ok()).collect();
    places.filter(|places| {
        places.is_sorted_by(|a, b| a < b) && places.last().is_none_or(|last| *last < total)
    })
}

impl Iterator for Contents {
    type Item = Result<StringViewArray, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.reader.next()?;
        let contents = batch.and_then(|batch| column(&batch, house::CONTENT, &DataType::Utf8View));
        let contents = contents.map(|contents| contents.as_string_view().clone());
        Some(contents.map_err(|error| Error::arrow(self.opened.path(), error)))
    }
}
