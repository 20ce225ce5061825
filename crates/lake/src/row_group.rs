//! Arrays to an encoded row group: the costly part of writing, free of any file, so that threads share it.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

use arrow::array::{Array, ArrayRef, AsArray, StringViewArray, TimestampMicrosecondArray};
use arrow::datatypes::{Field, SchemaRef, TimestampMicrosecondType};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowColumnWriter, compute_leaves};
use parquet::errors::ParquetError;

use crate::Layout;
use crate::cloudtrail::house;
use crate::error::{Error, Shape};
use crate::facts::{self, Facts};
use crate::file::TIME;
use crate::properties::{ROW_GROUP_ROWS, SORT_COLUMNS, writer_properties};
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
        let columns = self.schema().fields().len();
        let given = arrays.len();
        if given != columns {
            return Err(Error::Shape(Shape::Count { given, columns }));
        }
        let rows = arrays.first().map_or(0, |array| array.len());
        self.encode_each(rows, |place| {
            Ok::<_, Error>(ArrayRef::clone(&arrays[place]))
        })
    }

    /// The same, with arrays that are made when they are due: `column` is asked for that of each place of the schema, in
    /// order, and most are let go before the next is made.
    ///
    /// # Errors
    /// As there, and those of `column`.
    pub fn encode_each<E: From<Error>>(
        &self,
        rows: usize,
        mut column: impl FnMut(usize) -> Result<ArrayRef, E>,
    ) -> Result<EncodedRowGroup, E> {
        if rows == 0 || rows > ROW_GROUP_ROWS {
            return Err(Error::Shape(Shape::Rows(rows)).into());
        }
        let schema = self.schema();
        let required: Vec<usize> = required_columns(&schema).collect();
        let kept = kept(&schema);
        let writers = writers(self, &schema).map_err(Error::from)?;
        let mut chunks = Vec::with_capacity(writers.len());
        let mut arrays = BTreeMap::new();
        for (place, (writer, field)) in writers.into_iter().zip(schema.fields()).enumerate() {
            let array = column(place)?;
            let shape = if array.data_type() != field.data_type() {
                Some(Shape::Type(field.name().clone()))
            } else if array.len() != rows {
                Some(Shape::Length(field.name().clone()))
            } else if array.null_count() > 0 && required.contains(&place) {
                Some(Shape::Null(field.name().clone()))
            } else {
                None
            };
            if let Some(shape) = shape {
                return Err(Error::Shape(shape).into());
            }
            chunks.push(encode(writer, field, &array).map_err(Error::from)?);
            if kept.contains(&place) {
                arrays.insert(place, array);
            }
        }
        let arrays = Kept {
            schema: &schema,
            arrays,
        };
        // The file declares its order, and readers leave out sorting on the strength of it.
        if let Some(row) = arrays.first_out_of_order(rows) {
            return Err(Error::Shape(Shape::Order(row)).into());
        }
        let facts = arrays.facts(&chunks, rows);
        Ok(EncodedRowGroup { chunks, facts })
    }
}

/// The places of the columns that are looked at again once all are encoded.
fn kept(schema: &SchemaRef) -> BTreeSet<usize> {
    let house = [house::MISTYPED, house::BUCKET, house::CONFLICT];
    let names = SORT_COLUMNS.iter().chain(&house).chain([&TIME]);
    names
        .filter_map(|name| schema.index_of(name).ok())
        .chain(statistics_columns().map(|(place, _)| place))
        .collect()
}

fn writers(layout: &Layout, schema: &SchemaRef) -> Result<Vec<ArrowColumnWriter>, ParquetError> {
    // The column writers take schema and properties from a file's writer; no file is there yet.
    let properties = writer_properties(layout)?;
    let writer = ArrowWriter::try_new(io::sink(), schema.clone(), Some(properties))?;
    let (_, factory) = writer.into_serialized_writer()?;
    factory.create_column_writers(0)
}

fn encode(
    mut writer: ArrowColumnWriter,
    field: &Field,
    array: &ArrayRef,
) -> Result<ArrowColumnChunk, ParquetError> {
    for leaf in compute_leaves(field, array)? {
        writer.write(&leaf)?;
    }
    writer.close()
}

/// The arrays of a row group that its order and its facts are read from.
struct Kept<'a> {
    schema: &'a SchemaRef,
    arrays: BTreeMap<usize, ArrayRef>,
}

impl Kept<'_> {
    /// The first row that sorts before its predecessor.
    fn first_out_of_order(&self, rows: usize) -> Option<usize> {
        let source = self.text("event_source")?;
        let name = self.text("event_name")?;
        let time = self.times()?;
        (1..rows).find(|&row| {
            let order = compare_texts(source, row)
                .then_with(|| compare_texts(name, row))
                .then_with(|| compare_times(time, row));
            order == Ordering::Greater
        })
    }

    fn facts(&self, chunks: &[ArrowColumnChunk], rows: usize) -> Facts {
        let mut facts = Facts {
            rows: rows as u64,
            ..Facts::default()
        };
        for (place, column) in statistics_columns() {
            let Some(array) = self.arrays.get(&place) else {
                continue;
            };
            let chunk = chunks[place].close().metadata.statistics();
            let statistics = facts::of_chunk(column.kind, array, chunk);
            facts.statistics.insert(column.name, statistics);
        }
        if let Some(names) = self.text(house::MISTYPED) {
            facts.mistyped = facts::count_names(names);
        }
        if let Some(buckets) = self.text(house::BUCKET) {
            facts.buckets = facts::distinct(buckets);
        }
        if let Some(conflicts) = self.array(house::CONFLICT).and_then(|a| a.as_boolean_opt()) {
            facts.conflicts = facts::count_true(conflicts);
        }
        match self.times() {
            Some(times) => facts.with_time(times),
            None => facts,
        }
    }

    fn array(&self, name: &str) -> Option<&ArrayRef> {
        self.arrays.get(&self.schema.index_of(name).ok()?)
    }

    fn text(&self, name: &str) -> Option<&StringViewArray> {
        self.array(name)?.as_string_view_opt()
    }

    fn times(&self) -> Option<&TimestampMicrosecondArray> {
        self.array(TIME)?
            .as_primitive_opt::<TimestampMicrosecondType>()
    }
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
