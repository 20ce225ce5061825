//! Data files opened for reading a few columns of a few row groups or rows, on the caller's thread.

use std::fs;
use std::path::{Path, PathBuf};

use arrow::array::{ArrayRef, RecordBatch, new_null_array};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder, RowSelection,
};
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData};

use crate::file::File;
use crate::{Error, Lake};

/// Rows of a batch at most.
pub(crate) const BATCH_ROWS: usize = 8_192;

/// A data file with its footer read.
pub(crate) struct Opened {
    path: PathBuf,
    file: fs::File,
    metadata: ArrowReaderMetadata,
}

impl Opened {
    /// Opens a data file. Blocks.
    pub(crate) fn open(lake: &Lake, file: &File) -> Result<Opened, Error> {
        let path = lake.folder().join(&file.path);
        let file = fs::File::open(&path).map_err(|error| Error::io(&path, error))?;
        let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional);
        let metadata = ArrowReaderMetadata::load(&file, options);
        let metadata = metadata.map_err(|error| Error::parquet(&path, error))?;
        Ok(Opened {
            path,
            file,
            metadata,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The type that a column has in this file.
    pub(crate) fn data_type(&self, name: &str) -> Option<&DataType> {
        let field = self.metadata.schema().field_with_name(name).ok()?;
        Some(field.data_type())
    }

    pub(crate) fn footer(&self) -> &ParquetMetaData {
        self.metadata.metadata()
    }

    /// The place of a column among the leaves of the file, which is flat.
    pub(crate) fn leaf(&self, name: &str) -> Option<usize> {
        let columns = self.footer().file_metadata().schema_descr().columns();
        columns
            .iter()
            .position(|column| column.path().parts() == [name])
    }

    /// Some columns of one row group.
    pub(crate) fn row_group(
        &self,
        group: usize,
        columns: &[&str],
    ) -> Result<ParquetRecordBatchReader, Error> {
        self.build(columns, |builder| builder.with_row_groups(vec![group]))
    }

    /// Some columns of the rows selected from the whole file.
    pub(crate) fn rows(
        &self,
        selection: RowSelection,
        columns: &[&str],
    ) -> Result<ParquetRecordBatchReader, Error> {
        self.some_rows(selection, columns, BATCH_ROWS)
    }

    /// The same, at most `batch` rows at a time.
    pub(crate) fn some_rows(
        &self,
        selection: RowSelection,
        columns: &[&str],
        batch: usize,
    ) -> Result<ParquetRecordBatchReader, Error> {
        self.build(columns, |builder| {
            builder.with_row_selection(selection).with_batch_size(batch)
        })
    }

    fn build(
        &self,
        columns: &[&str],
        narrow: impl FnOnce(Builder) -> Builder,
    ) -> Result<ParquetRecordBatchReader, Error> {
        let file = self
            .file
            .try_clone()
            .map_err(|error| Error::io(&self.path, error))?;
        let leaves = columns.iter().filter_map(|name| self.leaf(name));
        let mask = ProjectionMask::leaves(self.footer().file_metadata().schema_descr(), leaves);
        let builder = Builder::new_with_metadata(file, self.metadata.clone())
            .with_projection(mask)
            .with_batch_size(BATCH_ROWS);
        narrow(builder)
            .build()
            .map_err(|error| Error::parquet(&self.path, error))
    }
}

type Builder = ParquetRecordBatchReaderBuilder<fs::File>;

/// A column of a batch, in the type wanted: another engine may have written another form of it, or left it out.
pub(crate) fn column(
    batch: &RecordBatch,
    name: &str,
    kind: &DataType,
) -> Result<ArrayRef, ArrowError> {
    match batch.column_by_name(name) {
        Some(array) => cast(array, kind),
        None => Ok(new_null_array(kind, batch.num_rows())),
    }
}
