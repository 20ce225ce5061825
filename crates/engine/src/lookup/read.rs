//! The records of the files of lookup tables, as values.
//!
//! JSON and Parquet have types of their own. All columns of a CSV are strings: an account id of twelve digits is no
//! number, and `toLong(field)` makes one of what is. An empty cell is null.

use std::fs::{self, File};
use std::path::Path;

use arrow::array::{Array, AsArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use functions::value::column::Reader;
use functions::{Type, Value};

use super::Columns;

/// Reads a file by its extension.
///
/// # Errors
/// Why it can't be read, as a person is told.
pub(super) fn read(file: &Path) -> Result<Columns, String> {
    match super::extension(file) {
        Some("csv") => csv(&text(file)?),
        Some("parquet") => parquet(file),
        _ => json(&text(file)?),
    }
}

fn text(file: &Path) -> Result<String, String> {
    let bytes = fs::read(file).map_err(|error| error.to_string())?;
    let text = String::from_utf8(bytes).map_err(|_| "it is no UTF-8 text".to_owned())?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(text) => text.to_owned(),
        None => text,
    })
}

/// A line of names, then a line a record.
fn csv(text: &str) -> Result<Columns, String> {
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let why = |error: csv::Error| match error.position() {
        Some(position) => format!(
            "line {}: it has more or fewer cells than the head",
            position.line()
        ),
        None => error.to_string(),
    };
    let mut columns: Columns = Vec::new();
    for name in reader.headers().map_err(why)? {
        if name.is_empty() {
            return Err("a column has no name in the first line".to_owned());
        }
        if columns.iter().any(|(known, _)| known == name) {
            return Err(format!("two columns are named `{name}`"));
        }
        columns.push((name.to_owned(), Vec::new()));
    }
    for record in reader.records() {
        let record = record.map_err(why)?;
        for ((_, values), cell) in columns.iter_mut().zip(&record) {
            values.push(match cell {
                "" => Value::Null,
                cell => Value::string(cell.to_owned()),
            });
        }
    }
    Ok(columns)
}

/// An object a line, or one array of objects.
fn json(text: &str) -> Result<Columns, String> {
    let mut columns: Columns = Vec::new();
    let mut rows = 0;
    if text.trim_start().starts_with('[') {
        json::validate(text).map_err(|error| error.to_string())?;
        let Value::Array(records) = functions::value::from_json(text) else {
            return Err("it is no array of objects".to_owned());
        };
        for record in records {
            push(&mut columns, rows, record)
                .ok_or_else(|| format!("element {rows} of the array is no object"))?;
            rows += 1;
        }
        return Ok(columns);
    }
    for (place, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let number = place + 1;
        json::validate(line).map_err(|error| format!("line {number}: {error}"))?;
        push(&mut columns, rows, functions::value::from_json(line))
            .ok_or_else(|| format!("line {number} is no object"))?;
        rows += 1;
    }
    Ok(columns)
}

/// Adds the record of a row; none where it is no record.
fn push(columns: &mut Columns, row: usize, record: Value<'_>) -> Option<()> {
    let Value::Record(members) = record else {
        return None;
    };
    for (key, value) in members {
        let place = columns.iter().position(|(known, _)| *known == key);
        let place = place.unwrap_or_else(|| {
            columns.push((key.into_owned(), Vec::new()));
            columns.len() - 1
        });
        let (_, values) = columns.get_mut(place)?;
        values.resize(row, Value::Null);
        values.push(value.into_owned());
    }
    Some(())
}

fn parquet(file: &Path) -> Result<Columns, String> {
    let open = || -> Result<Columns, Box<dyn std::error::Error>> {
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(file)?)?.build()?;
        let mut columns: Columns = Vec::new();
        for batch in reader {
            let batch = batch?;
            for (place, field) in batch.schema().fields().iter().enumerate() {
                if columns.len() <= place {
                    columns.push((field.name().clone(), Vec::new()));
                }
                let read = values(batch.column(place).as_ref())?;
                if let Some((_, values)) = columns.get_mut(place) {
                    values.extend(read);
                }
            }
        }
        Ok(columns)
    };
    open().map_err(|error| error.to_string())
}

/// The values of a column of any Arrow type; times without a zone are in UTC.
fn values(column: &dyn Array) -> arrow::error::Result<Vec<Value<'static>>> {
    let rows = 0..column.len();
    let ty = match column.data_type() {
        DataType::Struct(fields) => {
            let whole = column.as_struct();
            let members = whole
                .columns()
                .iter()
                .map(|column| values(column.as_ref()))
                .collect::<Result<Vec<_>, _>>()?;
            let record = |row: usize| {
                let names = fields.iter().map(|field| field.name().clone().into());
                let values = members.iter().map(|member| member[row].clone());
                Value::Record(names.zip(values).collect())
            };
            return Ok(present(column, record));
        }
        DataType::List(_) => {
            let list = column.as_list::<i32>();
            let elements = values(list.values().as_ref())?;
            let array = |row: usize| {
                let offsets = list.value_offsets();
                let range = offsets[row] as usize..offsets[row + 1] as usize;
                Value::Array(elements[range].to_vec())
            };
            return Ok(present(column, array));
        }
        DataType::Binary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            let bytes = cast(column, &DataType::LargeBinary)?;
            let bytes = bytes.as_binary::<i64>();
            return Ok(present(column, |row| {
                Value::Binary(bytes.value(row).to_vec().into())
            }));
        }
        DataType::Boolean => Type::Boolean,
        ty if ty.is_integer() => Type::Long,
        ty if ty.is_numeric() => Type::Double,
        DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 => Type::TIMESTAMP,
        DataType::Duration(_) => Type::Duration,
        _ => Type::String,
    };
    let column = cast(column, &ty.arrow())?;
    let reader = Reader::new(column.as_ref(), &ty)
        .map_err(|error| arrow::error::ArrowError::CastError(error.to_string()))?;
    Ok(rows.map(|row| reader.get(row).into_owned()).collect())
}

fn present(column: &dyn Array, value: impl Fn(usize) -> Value<'static>) -> Vec<Value<'static>> {
    let row = |row| match column.is_null(row) {
        true => Value::Null,
        false => value(row),
    };
    (0..column.len()).map(row).collect()
}
