//! Data files opened for reading a few columns of a few row groups or rows, on the caller's thread: from disk page by
//! page, from S3 the ranges that are needed, together.

use std::fs;
use std::path::{Path, PathBuf};

use arrow::array::{ArrayRef, RecordBatch, new_null_array};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use futures::StreamExt;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderBuilder, ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder, RowSelection,
};
use parquet::arrow::async_reader::{ParquetRecordBatchStream, ParquetRecordBatchStreamBuilder};
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData};
use tokio::runtime::Handle;

use crate::file::File;
use crate::remote::Remote;
use crate::{Error, Lake};

/// Rows of a batch at most.
pub(crate) const BATCH_ROWS: usize = 8_192;

/// A data file with its footer read.
pub(crate) struct Opened {
    path: PathBuf,
    bytes: Bytes,
    metadata: ArrowReaderMetadata,
}

/// Where a file's bytes are.
enum Bytes {
    File(fs::File),
    Object(Handle, Remote),
}

/// Batches of a file, read as they are asked for on the caller's thread, which must be one that may wait.
pub(crate) enum Batches {
    File(ParquetRecordBatchReader),
    Object(Handle, Box<ParquetRecordBatchStream<Remote>>),
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Batches::File(reader) => reader.next(),
            Batches::Object(handle, stream) => {
                let batch = handle.block_on(stream.next())?;
                Some(batch.map_err(ArrowError::from))
            }
        }
    }
}

impl Opened {
    /// Opens a data file. Blocks.
    pub(crate) fn open(lake: &Lake, file: &File) -> Result<Opened, Error> {
        let path = lake.folder().join(&file.path);
        let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional);
        let (bytes, metadata) = match lake.remote() {
            None => {
                let file = fs::File::open(&path).map_err(|error| Error::io(&path, error))?;
                let metadata = ArrowReaderMetadata::load(&file, options);
                (Bytes::File(file), metadata)
            }
            Some(handle) => {
                let mut object = Remote {
                    store: lake.store(),
                    path: lake.object_path(file),
                    size: file.size,
                };
                let metadata = ArrowReaderMetadata::load_async(&mut object, options);
                let metadata = handle.block_on(metadata);
                (Bytes::Object(handle.clone(), object), metadata)
            }
        };
        let metadata = metadata.map_err(|error| Error::parquet(&path, error))?;
        Ok(Opened {
            path,
            bytes,
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
    pub(crate) fn row_group(&self, group: usize, columns: &[&str]) -> Result<Batches, Error> {
        self.build(columns, Some(vec![group]), None, BATCH_ROWS)
    }

    /// Some columns of the rows selected from one row group.
    pub(crate) fn row_group_rows(
        &self,
        group: usize,
        selection: RowSelection,
        columns: &[&str],
    ) -> Result<Batches, Error> {
        self.build(columns, Some(vec![group]), Some(selection), BATCH_ROWS)
    }

    /// Some columns of the rows selected from the whole file.
    pub(crate) fn rows(&self, selection: RowSelection, columns: &[&str]) -> Result<Batches, Error> {
        self.some_rows(selection, columns, BATCH_ROWS)
    }

    /// The same, at most `batch` rows at a time.
    pub(crate) fn some_rows(
        &self,
        selection: RowSelection,
        columns: &[&str],
        batch: usize,
    ) -> Result<Batches, Error> {
        self.build(columns, None, Some(selection), batch)
    }

    fn build(
        &self,
        columns: &[&str],
        groups: Option<Vec<usize>>,
        selection: Option<RowSelection>,
        batch: usize,
    ) -> Result<Batches, Error> {
        let leaves = columns.iter().filter_map(|name| self.leaf(name));
        let mask = ProjectionMask::leaves(self.footer().file_metadata().schema_descr(), leaves);
        let metadata = self.metadata.clone();
        let batches = match &self.bytes {
            Bytes::File(file) => {
                let file = file
                    .try_clone()
                    .map_err(|error| Error::io(&self.path, error))?;
                let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata);
                narrow(builder, mask, groups, selection, batch)
                    .build()
                    .map(Batches::File)
            }
            Bytes::Object(handle, object) => {
                let builder =
                    ParquetRecordBatchStreamBuilder::new_with_metadata(object.clone(), metadata);
                narrow(builder, mask, groups, selection, batch)
                    .build()
                    .map(|stream| Batches::Object(handle.clone(), Box::new(stream)))
            }
        };
        batches.map_err(|error| Error::parquet(&self.path, error))
    }
}

fn narrow<T>(
    builder: ArrowReaderBuilder<T>,
    mask: ProjectionMask,
    groups: Option<Vec<usize>>,
    selection: Option<RowSelection>,
    batch: usize,
) -> ArrowReaderBuilder<T> {
    let mut builder = builder.with_projection(mask).with_batch_size(batch);
    if let Some(groups) = groups {
        builder = builder.with_row_groups(groups);
    }
    if let Some(selection) = selection {
        builder = builder.with_row_selection(selection);
    }
    builder
}

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
