//! `parquet` and `arrow`: results as columns, for other programs to go on with.
//!
//! Each field's DQL type stands in its metadata, `dql.type`, by the name that the Grail API gives it. Booleans, longs,
//! doubles, strings and timestamps (nanoseconds, UTC) are columns of these types, durations longs of nanoseconds, arrays of
//! longs or doubles lists of them. All other values are JSON text, as `--format json` writes them.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{
    ArrayRef, BooleanBuilder, Float64Builder, Int64Builder, ListBuilder, StringBuilder,
    TimestampNanosecondBuilder,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use arrow::error::ArrowError;
use arrow::record_batch::{RecordBatch, RecordBatchOptions};
use arrow_ipc::writer::FileWriter;
use engine::{OutputField, Type, Value};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::{Closing, Output, json_text};

/// Rows of a batch, which is a row group in Parquet.
const BATCH: usize = 1 << 16;

/// How columns are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    /// Parquet, with zstd.
    Parquet,
    /// Arrow's file format, also known as Feather.
    Arrow,
}

/// Results as columns.
pub(super) struct Columnar {
    fields: Vec<OutputField>,
    schema: SchemaRef,
    container: Container,
    waiting: Vec<Vec<Value>>,
    writer: Option<Writer>,
    pipe: Pipe,
}

enum Writer {
    Parquet(Box<ArrowWriter<Pipe>>),
    Arrow(Box<FileWriter<Pipe>>),
}

/// Where writers write, until it is taken on to the result's own place.
#[derive(Clone, Default)]
struct Pipe(Arc<Mutex<Vec<u8>>>);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Columnar {
    pub(super) fn new(fields: Vec<OutputField>, container: Container) -> Columnar {
        let column = |field: &OutputField| {
            let name = field.ty.api_name().to_owned();
            let metadata = HashMap::from([("dql.type".to_owned(), name)]);
            Field::new(&field.name, arrow_type(&field.ty), true).with_metadata(metadata)
        };
        Columnar {
            schema: Arc::new(Schema::new(fields.iter().map(column).collect::<Vec<_>>())),
            fields,
            container,
            waiting: Vec::new(),
            writer: None,
            pipe: Pipe::default(),
        }
    }

    /// Writes the rows that wait as one batch.
    fn batch(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let rows = std::mem::take(&mut self.waiting);
        let columns = self
            .fields
            .iter()
            .enumerate()
            .map(|(place, field)| column(&field.ty, rows.iter().map(|row| row.get(place))))
            .collect();
        let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)
            .map_err(fault)?;
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => self.open()?,
        };
        match self.writer.insert(writer) {
            Writer::Parquet(writer) => {
                writer.write(&batch).map_err(io::Error::other)?;
                writer.flush().map_err(io::Error::other)?;
            }
            Writer::Arrow(writer) => writer.write(&batch).map_err(fault)?,
        }
        self.pass_on(out)
    }

    fn open(&self) -> io::Result<Writer> {
        let (pipe, schema) = (self.pipe.clone(), Arc::clone(&self.schema));
        Ok(match self.container {
            Container::Parquet => {
                let properties = WriterProperties::builder()
                    .set_compression(Compression::ZSTD(ZstdLevel::default()))
                    .build();
                let writer = ArrowWriter::try_new(pipe, schema, Some(properties));
                Writer::Parquet(Box::new(writer.map_err(io::Error::other)?))
            }
            Container::Arrow => {
                Writer::Arrow(Box::new(FileWriter::try_new(pipe, &schema).map_err(fault)?))
            }
        })
    }

    fn pass_on(&self, out: &mut dyn Write) -> io::Result<()> {
        let held = {
            let mut held = self.pipe.0.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *held)
        };
        out.write_all(&held)
    }
}

impl Output for Columnar {
    fn rows(&mut self, rows: Vec<Vec<Value>>, out: &mut dyn Write) -> io::Result<()> {
        for row in rows {
            self.waiting.push(row);
            if self.waiting.len() == BATCH {
                self.batch(out)?;
            }
        }
        Ok(())
    }

    fn end(&mut self, _: &Closing<'_>, out: &mut dyn Write) -> io::Result<()> {
        // A result without records has its columns all the same.
        if !self.waiting.is_empty() || self.writer.is_none() {
            self.batch(out)?;
        }
        match self.writer.take() {
            Some(Writer::Parquet(writer)) => {
                writer.close().map_err(io::Error::other)?;
            }
            Some(Writer::Arrow(mut writer)) => writer.finish().map_err(fault)?,
            None => {}
        }
        self.pass_on(out)
    }
}

fn fault(error: ArrowError) -> io::Error {
    io::Error::other(error)
}

fn utc() -> Arc<str> {
    Arc::from("UTC")
}

fn arrow_type(ty: &Type) -> DataType {
    match ty {
        Type::Boolean => DataType::Boolean,
        Type::Long | Type::Duration => DataType::Int64,
        Type::Double => DataType::Float64,
        Type::Timestamp(_) => DataType::Timestamp(TimeUnit::Nanosecond, Some(utc())),
        Type::Array(element) if matches!(**element, Type::Long | Type::Double) => {
            DataType::new_list(arrow_type(element), true)
        }
        _ => DataType::Utf8,
    }
}

/// A column of the values of one field; what is of another type than the field is null.
fn column<'v>(ty: &Type, values: impl Iterator<Item = Option<&'v Value>>) -> ArrayRef {
    let values = values.map(|value| value.unwrap_or(&Value::Null));
    match ty {
        Type::Boolean => {
            let mut column = BooleanBuilder::new();
            values.for_each(|value| {
                column.append_option(match value {
                    Value::Boolean(value) => Some(*value),
                    _ => None,
                });
            });
            Arc::new(column.finish())
        }
        Type::Long | Type::Duration => {
            let mut column = Int64Builder::new();
            values.for_each(|value| column.append_option(long(value)));
            Arc::new(column.finish())
        }
        Type::Double => {
            let mut column = Float64Builder::new();
            values.for_each(|value| column.append_option(double(value)));
            Arc::new(column.finish())
        }
        Type::Timestamp(_) => {
            let mut column = TimestampNanosecondBuilder::new().with_timezone(utc());
            values.for_each(|value| {
                column.append_option(match value {
                    Value::Timestamp(nanos) => Some(*nanos),
                    _ => None,
                });
            });
            Arc::new(column.finish())
        }
        Type::Array(element) if **element == Type::Long => {
            let mut column = ListBuilder::new(Int64Builder::new());
            values.for_each(|value| {
                let elements = elements(value);
                column.append_option(elements.map(|all| all.iter().map(long)));
            });
            Arc::new(column.finish())
        }
        Type::Array(element) if **element == Type::Double => {
            let mut column = ListBuilder::new(Float64Builder::new());
            values.for_each(|value| {
                let elements = elements(value);
                column.append_option(elements.map(|all| all.iter().map(double)));
            });
            Arc::new(column.finish())
        }
        _ => {
            let mut column = StringBuilder::new();
            values.for_each(|value| match (value, ty) {
                (Value::Null, _) => column.append_null(),
                (Value::String(text), Type::String) => column.append_value(text),
                (value, _) => column.append_value(json_text(value)),
            });
            Arc::new(column.finish())
        }
    }
}

fn long(value: &Value) -> Option<i64> {
    match value {
        Value::Long(value) | Value::Duration(value) => Some(*value),
        _ => None,
    }
}

fn double(value: &Value) -> Option<f64> {
    match value {
        Value::Double(value) => Some(*value),
        _ => None,
    }
}

fn elements(value: &Value) -> Option<&[Value]> {
    match value {
        Value::Array(elements) => Some(elements),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use arrow::util::display::{ArrayFormatter, FormatOptions};
    use arrow_ipc::reader::FileReader;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    use super::*;
    use crate::args::Format;
    use crate::output::{Look, list};

    fn fields() -> Vec<OutputField> {
        let array = |element| Type::Array(Box::new(element));
        [
            ("boolean", Type::Boolean),
            ("long", Type::Long),
            ("double", Type::Double),
            ("text", Type::String),
            ("time", Type::TIMESTAMP),
            ("duration", Type::Duration),
            ("series", array(Type::Double)),
            ("texts", array(Type::String)),
            ("any", Type::Dynamic),
        ]
        .map(|(name, ty)| OutputField {
            name: name.to_owned(),
            ty,
        })
        .into()
    }

    fn row() -> Vec<Value> {
        vec![
            Value::Boolean(true),
            Value::Long(i64::MIN),
            Value::Double(0.5),
            Value::String("ü\"".to_owned()),
            Value::Timestamp(1_000_000_001),
            Value::Duration(60),
            Value::Array(vec![Value::Double(1.5), Value::Null]),
            Value::Array(vec![Value::String("a".to_owned())]),
            Value::Record(vec![("k".to_owned(), Value::Long(1))]),
        ]
    }

    const SHOWN: [&str; 9] = [
        "true",
        "-9223372036854775808",
        "0.5",
        "ü\"",
        "1970-01-01T00:00:01.000000001Z",
        "60",
        "[1.5, ]",
        "[\"a\"]",
        "{\"k\":1}",
    ];

    fn written(format: Format, rows: Vec<Vec<Value>>) -> Vec<u8> {
        let mut out = Vec::new();
        list(format, &fields(), rows, Look::plain(None), &mut out).expect("written");
        out
    }

    fn read(format: Format, bytes: Vec<u8>) -> (SchemaRef, Vec<RecordBatch>) {
        if format == Format::Arrow {
            let reader = FileReader::try_new(io::Cursor::new(bytes), None).expect("a file");
            return (
                reader.schema(),
                reader.collect::<Result<_, _>>().expect("batches"),
            );
        }
        let reader = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(bytes));
        let reader = reader.expect("a file");
        let schema = Arc::clone(reader.schema());
        let batches = reader.build().expect("a reader");
        (schema, batches.collect::<Result<_, _>>().expect("batches"))
    }

    #[test]
    fn what_is_written_can_be_read() {
        for format in [Format::Parquet, Format::Arrow] {
            let nothing = vec![Value::Null; SHOWN.len()];
            let (schema, batches) = read(format, written(format, vec![row(), nothing]));
            let batch = &batches[0];
            assert_eq!((batches.len(), batch.num_rows()), (1, 2));
            let options = FormatOptions::default().with_null("");
            for (place, expected) in SHOWN.iter().enumerate() {
                let column = batch.column(place);
                let shown = ArrayFormatter::try_new(column, &options).expect("shown");
                assert_eq!(shown.value(0).to_string(), *expected, "{format:?}");
                assert!(column.is_null(1), "{format:?} {expected}");
            }
            let ty = |place: usize| schema.field(place).metadata()["dql.type"].clone();
            assert_eq!(
                (ty(1), ty(5), ty(8)),
                ("long".into(), "duration".into(), "undefined".into())
            );
        }
    }

    #[test]
    fn a_result_without_records_has_its_columns() {
        for format in [Format::Parquet, Format::Arrow] {
            let (schema, batches) = read(format, written(format, Vec::new()));
            assert_eq!(schema.fields().len(), SHOWN.len());
            assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), 0);
        }
    }

    #[test]
    fn long_results_are_written_in_batches() {
        let rows = vec![row(); BATCH + 1];
        let (_, batches) = read(Format::Arrow, written(Format::Arrow, rows));
        let sizes: Vec<usize> = batches.iter().map(RecordBatch::num_rows).collect();
        assert_eq!(sizes, [BATCH, 1]);
    }
}
