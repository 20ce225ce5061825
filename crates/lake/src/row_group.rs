//! Arrays to an encoded row group: the costly part of writing, free of any file, so that threads share it.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StringViewArray, TimestampMicrosecondArray};
use arrow::datatypes::{FieldRef, Schema, SchemaRef, TimestampMicrosecondType};
use parquet::arrow::arrow_writer::{ArrowColumnChunk, compute_leaves};
use parquet::arrow::{ArrowSchemaConverter, ArrowWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedRowGroupWriter;
use parquet::schema::types::SchemaDescriptor;

use crate::cloudtrail::house;
use crate::error::{Error, Shape};
use crate::facts::{self, Facts};
use crate::file::TIME;
use crate::properties::{ROW_GROUP_ROWS, SORT_COLUMNS, properties_of};
use crate::schema::{required_columns, statistics_columns};
use crate::texts::{Texts, Values};
use crate::{Layout, Packing, Scratch, dictionary};

/// A row group in Parquet's form, in memory, ready for a [`FileWriter`](crate::FileWriter).
pub struct EncodedRowGroup {
    pub(crate) chunks: Vec<Encoded>,
    pub(crate) packing: Packing,
    pub(crate) facts: Facts,
}

/// A chunk of a column.
pub(crate) enum Encoded {
    /// Of an array.
    Array(ArrowColumnChunk),
    /// Of texts.
    Texts(dictionary::Chunk),
}

impl Encoded {
    fn close(&self) -> &ColumnCloseResult {
        match self {
            Encoded::Array(chunk) => chunk.close(),
            Encoded::Texts(chunk) => &chunk.close,
        }
    }

    /// Appends it to a row group of a file.
    pub(crate) fn append_to<W: io::Write + Send>(
        self,
        writer: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        match self {
            Encoded::Array(chunk) => chunk.append_to_row_group(writer),
            Encoded::Texts(chunk) => writer.append_column(&chunk.bytes, chunk.close),
        }
    }
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
        self.encode_each(&Scratch::default(), rows, |place| {
            Ok::<_, Error>(ArrayRef::clone(&arrays[place]).into())
        })
    }

    /// The same, with values that are made when they are due: `column` is asked for those of each place of the schema, in
    /// order, and most are let go before the next are made. Where [`takes_texts`](Layout::takes_texts) says so they may be
    /// texts, which is several times faster.
    ///
    /// # Errors
    /// As there, and those of `column`.
    pub fn encode_each<'a, E: From<Error>>(
        &self,
        scratch: &Scratch,
        rows: usize,
        mut column: impl FnMut(usize) -> Result<Values<'a>, E>,
    ) -> Result<EncodedRowGroup, E> {
        if rows == 0 || rows > ROW_GROUP_ROWS {
            return Err(Error::Shape(Shape::Rows(rows)).into());
        }
        let schema = self.schema();
        let required: Vec<usize> = required_columns(&schema).collect();
        let kept = kept(&schema);
        let mut encoder = Encoder::new(self, &schema, rows, scratch).map_err(Error::from)?;
        let mut chunks = Vec::with_capacity(schema.fields().len());
        let mut arrays = BTreeMap::new();
        let mut nulls = Vec::with_capacity(schema.fields().len());
        for (place, field) in schema.fields().iter().enumerate() {
            let values = column(place)?;
            let (length, null_count) = match &values {
                Values::Array(array) => (array.len(), array.null_count()),
                Values::Texts(texts) => (texts.rows(), texts.nulls()),
                Values::Long(texts) => {
                    let nulls = texts.iter().filter(|text| text.is_none());
                    (texts.len(), nulls.count())
                }
            };
            let fitting = match &values {
                Values::Array(array) => array.data_type() == field.data_type(),
                Values::Texts(_) => self.takes_texts(place),
                Values::Long(_) => self.takes_long(place),
            };
            let shape = if !fitting {
                Some(Shape::Type(field.name().clone()))
            } else if length != rows {
                Some(Shape::Length(field.name().clone()))
            } else if null_count > 0 && required.contains(&place) {
                Some(Shape::Null(field.name().clone()))
            } else {
                None
            };
            if let Some(shape) = shape {
                return Err(Error::Shape(shape).into());
            }
            nulls.push(null_count);
            let chunk = match &values {
                Values::Texts(texts) if dictionary::fits(texts) => encoder.texts(place, texts),
                Values::Texts(texts) => encoder.array(field, &texts.array()),
                Values::Long(texts) => encoder.long(place, texts),
                Values::Array(array) => encoder.array(field, array),
            };
            chunks.push(chunk.map_err(Error::from)?);
            if let Values::Array(array) = values
                && kept.contains(&place)
            {
                arrays.insert(place, array);
            }
        }
        scratch.put(encoder.texts);
        let arrays = Kept {
            schema: &schema,
            arrays,
            nulls,
        };
        // The file declares its order, and readers leave out sorting on the strength of it.
        if let Some(row) = arrays.first_out_of_order(rows) {
            return Err(Error::Shape(Shape::Order(row)).into());
        }
        let facts = arrays.facts(&chunks, rows);
        Ok(EncodedRowGroup {
            chunks,
            packing: scratch.packing(),
            facts,
        })
    }
}

/// The places of the columns that are looked at again once all are encoded.
fn kept(schema: &SchemaRef) -> BTreeSet<usize> {
    let house = [house::MISTYPED, house::BUCKET, house::CONFLICT];
    let names = SORT_COLUMNS.iter().chain(&house).chain([&TIME]);
    names
        .filter_map(|name| schema.index_of(name).ok())
        .collect()
}

/// Encodes the columns of a row group.
struct Encoder {
    properties: WriterProperties,
    columns: SchemaDescriptor,
    texts: dictionary::Encoder,
}

impl Encoder {
    fn new(
        layout: &Layout,
        schema: &SchemaRef,
        rows: usize,
        scratch: &Scratch,
    ) -> Result<Encoder, ParquetError> {
        Ok(Encoder {
            properties: properties_of(layout, rows)?,
            columns: ArrowSchemaConverter::new().convert(schema)?,
            texts: scratch.take()?,
        })
    }

    fn texts(&mut self, place: usize, texts: &Texts<'_>) -> Result<Encoded, ParquetError> {
        let column = self.columns.column(place);
        let chunk = self.texts.encode(column, &self.properties, texts)?;
        Ok(Encoded::Texts(chunk))
    }

    fn long(&mut self, place: usize, texts: &[Option<&[u8]>]) -> Result<Encoded, ParquetError> {
        let column = self.columns.column(place);
        let chunk = self.texts.plain(column, &self.properties, texts)?;
        Ok(Encoded::Texts(chunk))
    }

    fn array(&self, field: &FieldRef, array: &ArrayRef) -> Result<Encoded, ParquetError> {
        // A column's writer takes schema and properties from that of a file; no file is there yet.
        let schema = Arc::new(Schema::new(vec![FieldRef::clone(field)]));
        let writer = ArrowWriter::try_new(io::sink(), schema, Some(self.properties.clone()))?;
        let (_, factory) = writer.into_serialized_writer()?;
        let writer = factory.create_column_writers(0)?.pop();
        let nothing = || ParquetError::General("no writer for a column".to_owned());
        let mut writer = writer.ok_or_else(nothing)?;
        for leaf in compute_leaves(field, array)? {
            writer.write(&leaf)?;
        }
        Ok(Encoded::Array(writer.close()?))
    }
}

/// The arrays of a row group that its order and its facts are read from.
struct Kept<'a> {
    schema: &'a SchemaRef,
    arrays: BTreeMap<usize, ArrayRef>,
    /// Of every column the rows without a value.
    nulls: Vec<usize>,
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

    fn facts(&self, chunks: &[Encoded], rows: usize) -> Facts {
        let mut facts = Facts {
            rows: rows as u64,
            ..Facts::default()
        };
        for (place, column) in statistics_columns() {
            let chunk = chunks[place].close().metadata.statistics();
            let statistics = facts::of_chunk(column.kind, self.nulls[place], chunk);
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
