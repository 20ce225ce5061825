//! Rows of the ledger to a Parquet file and back. A batch has some hundred to some hundred thousand: they fit memory.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use deltalake_core::kernel::{DataType as DeltaType, PrimitiveType, StructField};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::Entry;
use crate::instant;

/// Name, type, documentation.
const COLUMNS: [(&str, PrimitiveType, &str); 11] = [
    (
        SOURCE,
        PrimitiveType::String,
        "the object, as `source` of its events",
    ),
    (SIZE, PrimitiveType::Long, "its bytes as they are stored"),
    (
        ETAG,
        PrimitiveType::String,
        "its ETag, or the time at which the file was modified; null where it had just been",
    ),
    (
        DELIVERED,
        PrimitiveType::Date,
        "the day of delivery by its path",
    ),
    (
        "outcome",
        PrimitiveType::String,
        "read, broken (to some place) or skipped (no records in a known form)",
    ),
    ("records", PrimitiveType::Long, "records found whole"),
    ("written", PrimitiveType::Long, "of those, new in the lake"),
    ("folded", PrimitiveType::Long, "of those, repeats"),
    ("rejected", PrimitiveType::Long, "of those, not acceptable"),
    (
        "batch",
        PrimitiveType::String,
        "the id in the commit of its events",
    ),
    (
        "ingested_at",
        PrimitiveType::Timestamp,
        "when it was ingested",
    ),
];

pub(super) const SOURCE: &str = "source";
pub(super) const SIZE: &str = "size";
pub(super) const ETAG: &str = "etag";
pub(super) const DELIVERED: &str = "delivered";

/// The columns as Delta has them.
pub(super) fn delta_fields() -> Vec<StructField> {
    COLUMNS
        .iter()
        .map(|(name, kind, doc)| {
            let kind = DeltaType::Primitive(kind.clone());
            StructField::nullable(*name, kind).with_metadata([("comment", *doc)])
        })
        .collect()
}

fn schema() -> SchemaRef {
    let fields = COLUMNS.iter().map(|(name, kind, _)| {
        let kind = match kind {
            PrimitiveType::Long => DataType::Int64,
            PrimitiveType::Date => DataType::Date32,
            PrimitiveType::Timestamp => {
                DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
            }
            _ => DataType::Utf8,
        };
        Field::new(*name, kind, true)
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// The bytes of a file of `entries`, ingested at an instant in microseconds.
pub(super) fn encode(entries: &[Entry], batch: Uuid, now: i64) -> Result<Vec<u8>, ParquetError> {
    let count = |value: fn(&Entry) -> u64| -> ArrayRef {
        let values = entries.iter().map(value);
        Arc::new(Int64Array::from_iter_values(
            values.map(|value| i64::try_from(value).unwrap_or(i64::MAX)),
        ))
    };
    let texts = |value: fn(&Entry) -> Option<&str>| -> ArrayRef {
        Arc::new(entries.iter().map(value).collect::<StringArray>())
    };
    let delivered: Date32Array = entries.iter().map(|entry| entry.delivered).collect();
    let batch = batch.to_string();
    let arrays: Vec<ArrayRef> = vec![
        texts(|entry| Some(&entry.source)),
        count(|entry| entry.size),
        texts(|entry| entry.etag.as_deref()),
        Arc::new(delivered),
        texts(|entry| Some(entry.outcome.name())),
        count(|entry| entry.records),
        count(|entry| entry.written),
        count(|entry| entry.folded),
        count(|entry| entry.rejected),
        Arc::new(StringArray::from_iter_values(
            entries.iter().map(|_| &batch),
        )),
        Arc::new(TimestampMicrosecondArray::from(vec![now; entries.len()]).with_timezone("UTC")),
    ];
    let rows = RecordBatch::try_new(schema(), arrays)?;
    let properties = WriterProperties::builder()
        .set_created_by(concat!("trailsift ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        // Neighbours share all but the end of their names; a dictionary would hold each whole.
        .set_column_dictionary_enabled(SOURCE.into(), false)
        .set_column_dictionary_enabled(ETAG.into(), false)
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, rows.schema(), Some(properties))?;
    writer.write(&rows)?;
    writer.close()?;
    Ok(bytes)
}

/// What the log says of a file: rows, and the bounds by which a listing passes over it.
pub(super) fn stats(entries: &[Entry]) -> String {
    let undelivered = entries.iter().filter(|entry| entry.delivered.is_none());
    let days = || entries.iter().filter_map(|entry| entry.delivered);
    let sources = || entries.iter().map(|entry| entry.source.as_str());
    let bounds = |day: Option<i32>, source: Option<&str>| {
        let mut bounds = Map::new();
        let day = day.and_then(instant::day_text);
        bounds.extend(day.map(|day| (DELIVERED.to_owned(), Value::from(day))));
        bounds.extend(source.map(|source| (SOURCE.to_owned(), Value::from(source))));
        bounds
    };
    json!({
        "numRecords": entries.len(),
        "minValues": bounds(days().min(), sources().min()),
        "maxValues": bounds(days().max(), sources().max()),
        "nullCount": {DELIVERED: undelivered.count(), SOURCE: 0},
    })
    .to_string()
}
