//! Data files read whole, for writing their rows anew: row group by row group, some rows or all, in the arrays that a
//! layout asks for.

use std::ops::Range;

use arrow::array::{Array, ArrayRef, AsArray, TimestampMicrosecondArray};
use arrow::datatypes::{SchemaRef, TimestampMicrosecondType};
use parquet::arrow::arrow_reader::RowSelection;

use crate::file::{File, TIME};
use crate::read::{Batches, Opened, column};
use crate::schema::arrow_type;
use crate::{Error, Kind, Lake, Layout};

/// A data file with its footer read.
pub struct DataFile {
    opened: Opened,
}

/// Rows of a data file as arrays, batch by batch. Read as it is iterated, on the caller's thread.
pub struct Rows {
    reader: Batches,
    schema: SchemaRef,
    path: std::path::PathBuf,
}

impl Lake {
    /// Opens a data file. Blocks.
    ///
    /// # Errors
    /// [`Error::Io`] or [`Error::Parquet`] where it can't be opened.
    pub fn data_file(&self, file: &File) -> Result<DataFile, Error> {
        Opened::open(self, file).map(|opened| DataFile { opened })
    }
}

impl DataFile {
    /// How many row groups there are.
    pub fn row_groups(&self) -> usize {
        self.opened.footer().num_row_groups()
    }

    /// How many rows there are, as the footer counts them.
    pub fn rows(&self) -> u64 {
        u64::try_from(self.opened.footer().file_metadata().num_rows()).unwrap_or_default()
    }

    /// The bytes of a row group's values before compression, as they are encoded in the file.
    pub fn bytes(&self, group: usize) -> u64 {
        let group = self.opened.footer().row_group(group);
        u64::try_from(group.total_byte_size()).unwrap_or_default()
    }

    /// The times of a row group's events, in the order of its rows. Blocks.
    ///
    /// # Errors
    /// [`Error::Parquet`] or [`Error::Arrow`] where the file can't be read.
    pub fn times(&self, group: usize) -> Result<Vec<TimestampMicrosecondArray>, Error> {
        let reader = self.opened.row_group(group, &[TIME])?;
        let times = reader.map(|batch| {
            let times = batch.and_then(|batch| column(&batch, TIME, &arrow_type(Kind::Timestamp)));
            let times = times.map_err(|error| Error::arrow(self.opened.path(), error))?;
            Ok(times.as_primitive::<TimestampMicrosecondType>().clone())
        });
        times.collect()
    }

    /// Some rows of a row group, given as ranges of places in it, ascending and apart: arrays for each column of
    /// `layout`, null throughout for one that the file does not have.
    ///
    /// # Errors
    /// [`Error::Parquet`] where the file can't be read.
    pub fn read(
        &self,
        group: usize,
        rows: impl Iterator<Item = Range<usize>>,
        layout: &Layout,
    ) -> Result<Rows, Error> {
        let schema = layout.schema();
        let names: Vec<&str> = schema
            .fields()
            .iter()
            .map(|field| field.name().as_str())
            .collect();
        let total = self.opened.footer().row_group(group).num_rows();
        let total = usize::try_from(total).unwrap_or_default();
        let selection = RowSelection::from_consecutive_ranges(rows, total);
        let reader = self.opened.row_group_rows(group, selection, &names)?;
        Ok(Rows {
            reader,
            path: self.opened.path().to_owned(),
            schema,
        })
    }
}

impl Iterator for Rows {
    type Item = Result<Vec<ArrayRef>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.reader.next()?;
        let arrays = batch.and_then(|batch| {
            let fields = self.schema.fields().iter();
            let arrays = fields.map(|field| {
                let array = column(&batch, field.name(), field.data_type())?;
                // Views hold on to whole pages, of which few rows may be wanted.
                Ok(match array.as_string_view_opt() {
                    Some(texts) if texts.len() > texts.null_count() => {
                        std::sync::Arc::new(texts.gc()) as ArrayRef
                    }
                    _ => array,
                })
            });
            arrays.collect()
        });
        Some(arrays.map_err(|error| Error::arrow(&self.path, error)))
    }
}
