//! Arrays to an encoded row group: the costly part of writing, free of any file, so that threads share it.

use std::cmp::Ordering;
use std::io;

use arrow::array::{Array, ArrayRef, AsArray, StringViewArray, TimestampMicrosecondArray};
use arrow::datatypes::{SchemaRef, TimestampMicrosecondType};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, compute_leaves};
use parquet::errors::ParquetError;

use crate::Layout;
use crate::cloudtrail::house;
use crate::error::{Error, Shape};
use crate::facts::{self, Facts};
use crate::file::TIME;
use crate::properties::{ROW_GROUP_ROWS, writer_properties};
use crate::schema::{required_columns, statistics_columns};

/// A row group in Parquet's form, in memory, ready for a [`FileWriter`](crate::FileWriter).
pub struct EncodedRowGroup {
    pub(crate) chunks: Vec<ArrowColumnChunk>,
    pub(crate) facts: Facts,
}

impl EncodedRowGroup {
    /// Rows.
    pub fn rows(&self) -> u64 {
        self.facts.rows
    }

    /// The least and the greatest `event_time`, in microseconds since 1970-01-01 UTC; `None` where no event has one.
    pub fn time(&self) -> Option<(i64, i64)> {
        self.facts.time
    }

    /// Bytes that it holds in memory, and will take in a file: compressed pages, without bloom filters and footer.
    pub fn bytes(&self) -> u64 {
        self.chunks
            .iter()
            .map(|chunk| chunk.close().bytes_written)
            .sum()
    }
}

/// Encodes one row group of a lake without columns of its own: see [`Layout::encode`].
///
/// # Errors
/// As there.
pub fn encode_row_group(arrays: &[ArrayRef]) -> Result<EncodedRowGroup, Error> {
    Layout::built_in().encode(arrays)
}

impl Layout {
    /// Encodes one row group: an array for each column of [`schema`](Layout::schema), all of one length from 1 to [`ROW_GROUP_ROWS`], the
    /// rows in the order of [`SORT_COLUMNS`](crate::SORT_COLUMNS), ascending, nulls first, texts by their bytes. Holds no
    /// lock and touches no file: call it from as many threads as there are row groups.
    ///
    /// # Errors
    /// [`Error::Shape`] where the arrays are not that, [`Error::Encode`] where Parquet refuses them.
    pub fn encode(&self, arrays: &[ArrayRef]) -> Result<EncodedRowGroup, Error> {
        let schema = self.schema();
        let rows = check(&schema, arrays)?;
        let chunks = encode(self, arrays)?;
        let facts = gather(&schema, arrays, &chunks, rows);
        Ok(EncodedRowGroup { chunks, facts })
    }
}

/// The number of rows, where the arrays are a row group.
fn check(schema: &SchemaRef, arrays: &[ArrayRef]) -> Result<usize, Error> {
    let columns = schema.fields().len();
    let given = arrays.len();
    let rows = arrays.first().map_or(0, |array| array.len());
    if given != columns {
        return Err(Error::Shape(Shape::Count { given, columns }));
    }
    if rows == 0 || rows > ROW_GROUP_ROWS {
        return Err(Error::Shape(Shape::Rows(rows)));
    }
    for (field, array) in schema.fields().iter().zip(arrays) {
        let name = || field.name().clone();
        if array.data_type() != field.data_type() {
            return Err(Error::Shape(Shape::Type(name())));
        }
        if array.len() != rows {
            return Err(Error::Shape(Shape::Length(name())));
        }
    }
    for place in required_columns(schema) {
        if arrays[place].null_count() > 0 {
            return Err(Error::Shape(Shape::Null(
                schema.field(place).name().clone(),
            )));
        }
    }
    // The file declares its order, and readers leave out sorting on the strength of it.
    match first_out_of_order(schema, arrays, rows) {
        Some(row) => Err(Error::Shape(Shape::Order(row))),
        None => Ok(rows),
    }
}

/// The first row that sorts before its predecessor.
fn first_out_of_order(schema: &SchemaRef, arrays: &[ArrayRef], rows: usize) -> Option<usize> {
    let source = text(schema, arrays, "event_source")?;
    let name = text(schema, arrays, "event_name")?;
    let time = times(schema, arrays)?;
    (1..rows).find(|&row| {
        let order = compare_texts(source, row)
            .then_with(|| compare_texts(name, row))
            .then_with(|| compare_times(time, row));
        order == Ordering::Greater
    })
}

/// How the row before `row` compares with it. `None` is less than any value: nulls come first.
fn compare_texts(values: &StringViewArray, row: usize) -> Ordering {
    let value = |row| values.is_valid(row).then(|| values.value(row));
    value(row - 1).cmp(&value(row))
}

fn compare_times(values: &TimestampMicrosecondArray, row: usize) -> Ordering {
    let value = |row| values.is_valid(row).then(|| values.value(row));
    value(row - 1).cmp(&value(row))
}

fn encode(layout: &Layout, arrays: &[ArrayRef]) -> Result<Vec<ArrowColumnChunk>, ParquetError> {
    let schema = layout.schema();
    // The column writers take schema and properties from a file's writer; no file is there yet.
    let writer =
        ArrowWriter::try_new(io::sink(), schema.clone(), Some(writer_properties(layout)?))?;
    let (_, factory) = writer.into_serialized_writer()?;
    let writers = factory.create_column_writers(0)?;
    let mut chunks = Vec::with_capacity(writers.len());
    for ((mut writer, array), field) in writers.into_iter().zip(arrays).zip(schema.fields()) {
        for leaf in compute_leaves(field, array)? {
            writer.write(&leaf)?;
        }
        chunks.push(writer.close()?);
    }
    Ok(chunks)
}

fn gather(
    schema: &SchemaRef,
    arrays: &[ArrayRef],
    chunks: &[ArrowColumnChunk],
    rows: usize,
) -> Facts {
    let mut facts = Facts {
        rows: rows as u64,
        ..Facts::default()
    };
    for (place, column) in statistics_columns() {
        let chunk = chunks[place].close().metadata.statistics();
        let statistics = facts::of_chunk(column.kind, &arrays[place], chunk);
        facts.statistics.insert(column.name, statistics);
    }
    if let Some(names) = text(schema, arrays, house::MISTYPED) {
        facts.mistyped = facts::count_names(names);
    }
    if let Some(buckets) = text(schema, arrays, house::BUCKET) {
        facts.buckets = facts::distinct(buckets);
    }
    if let Ok(place) = schema.index_of(house::CONFLICT)
        && let Some(conflicts) = arrays[place].as_boolean_opt()
    {
        facts.conflicts = facts::count_true(conflicts);
    }
    match times(schema, arrays) {
        Some(times) => facts.with_time(times),
        None => facts,
    }
}

fn text<'a>(schema: &SchemaRef, arrays: &'a [ArrayRef], name: &str) -> Option<&'a StringViewArray> {
    arrays[schema.index_of(name).ok()?].as_string_view_opt()
}

fn times<'a>(schema: &SchemaRef, arrays: &'a [ArrayRef]) -> Option<&'a TimestampMicrosecondArray> {
    arrays[schema.index_of(TIME).ok()?].as_primitive_opt::<TimestampMicrosecondType>()
}
