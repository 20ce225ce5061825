//! The rows of the ledger that a listing could meet.

use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, Int64Type};
use arrow::error::ArrowError;
use bytes::Bytes;
use deltalake_core::DeltaTableError;
use futures::TryStreamExt;
use object_store::ObjectStoreExt;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

use super::Sources;
use super::encode::{DELIVERED, ETAG, SIZE, SOURCE};
use crate::read::column;
use crate::{Error, instant};

/// What is to be found: the least and the greatest name of an object, and day of delivery.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Names of objects.
    pub sources: Option<(String, String)>,
    /// Days since 1970-01-01, of objects whose path says one.
    pub days: Option<(i32, i32)>,
    /// Whether there are objects whose path does not say.
    pub undated: bool,
}

/// A state of an object that was ingested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known<'a> {
    /// The object.
    pub source: &'a str,
    /// Its bytes.
    pub size: u64,
    /// Its ETag or the like.
    pub etag: &'a str,
}

/// Somebody who is told of rows of the ledger.
pub trait Visitor: Send + 'static {
    /// One row.
    fn visit(&mut self, known: Known<'_>);
}

impl Sources {
    /// Tells `visitor` of the rows that may be within `span`, and of others. Rows without an ETag tell nothing and are
    /// left out. Gives the visitor back. One file of the ledger is in memory at a time.
    ///
    /// # Errors
    /// [`Error::Log`] where the table can't be read, [`Error::Parquet`] where one of its files is damaged.
    pub async fn read<V: Visitor>(&self, span: &Span, mut visitor: V) -> Result<V, Error> {
        let views = self
            .state
            .snapshot()
            .file_views(self.table.log().as_ref(), None);
        let files = views.map_ok(|view| (view.path().to_string(), view.stats()));
        let files: Result<Vec<_>, DeltaTableError> = files.try_collect().await;
        let files = files.map_err(|error| self.failure(error))?;
        for (path, stats) in files {
            if !stats.is_none_or(|stats| meets(&stats, span)) {
                continue;
            }
            let object = self.table.table_prefix().clone().join(path.as_str());
            let bytes = async { self.table.store().get(&object).await?.bytes().await };
            let bytes = bytes.await.map_err(|error| self.failure(error.into()))?;
            let decoded = tokio::task::spawn_blocking(move || {
                let decoded = decode(bytes, &mut visitor);
                (visitor, decoded)
            });
            let decoded = decoded
                .await
                .map_err(|error| Error::io(self.table.folder(), std::io::Error::other(error)))?;
            visitor = decoded.0;
            let path = self.table.folder().join(path);
            decoded.1.map_err(|error| Error::arrow(&path, error))?;
        }
        Ok(visitor)
    }
}

fn decode(bytes: Bytes, visitor: &mut impl Visitor) -> Result<(), ArrowError> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes)?;
    let mask = ProjectionMask::columns(builder.parquet_schema(), [SOURCE, SIZE, ETAG]);
    for batch in builder.with_projection(mask).build()? {
        let batch = batch?;
        let texts = |name| column(&batch, name, &DataType::Utf8View);
        let (sources, etags) = (texts(SOURCE)?, texts(ETAG)?);
        let (sources, etags) = (sources.as_string_view(), etags.as_string_view());
        let sizes = column(&batch, SIZE, &DataType::Int64)?;
        let sizes = sizes.as_primitive::<Int64Type>();
        for row in 0..batch.num_rows() {
            if sources.is_null(row) || sizes.is_null(row) || etags.is_null(row) {
                continue;
            }
            if let Ok(size) = u64::try_from(sizes.value(row)) {
                visitor.visit(Known {
                    source: sources.value(row),
                    size,
                    etag: etags.value(row),
                });
            }
        }
    }
    Ok(())
}

/// Whether a file may have rows within `span`, by what the log says of it; other engines may have left that out, and may
/// have cut texts.
fn meets(stats: &str, span: &Span) -> bool {
    let Ok(stats) = serde_json::from_str::<Value>(stats) else {
        return true;
    };
    let value = |part: &str, column: &str| stats.get(part)?.get(column)?.as_str();
    let bounds = |column| value("minValues", column).zip(value("maxValues", column));
    if let (Some((least, greatest)), Some((min, max))) = (&span.sources, bounds(SOURCE)) {
        // A greatest value that was cut may be less than what it stands for.
        let cut = max.len() < greatest.len() && greatest.starts_with(max);
        if greatest.as_str() < min || (least.as_str() > max && !cut && !least.starts_with(max)) {
            return false;
        }
    }
    let undated = stats
        .get("nullCount")
        .and_then(|nulls| nulls.get(DELIVERED));
    if span.undated && undated.and_then(Value::as_u64) != Some(0) {
        return true;
    }
    let days = bounds(DELIVERED)
        .and_then(|(min, max)| instant::parse_day(min).zip(instant::parse_day(max)));
    match (span.days, days) {
        (Some((from, to)), Some((min, max))) => from <= max && min <= to,
        (Some(_), None) => {
            // No day is known of the file, or it has none.
            let rows = stats.get("numRecords").and_then(Value::as_u64);
            rows.is_none() || undated.and_then(Value::as_u64) != rows
        }
        (None, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Entry, Outcome, encode};
    use super::*;

    fn stats(rows: &[(&str, Option<i32>)]) -> String {
        let entry = |(source, delivered): &(&str, Option<i32>)| Entry {
            source: (*source).to_owned(),
            size: 1,
            etag: None,
            delivered: *delivered,
            outcome: Outcome::Read,
            records: 0,
            written: 0,
            folded: 0,
            rejected: 0,
        };
        encode::stats(&rows.iter().map(entry).collect::<Vec<_>>())
    }

    fn span(sources: (&str, &str), days: Option<(i32, i32)>, undated: bool) -> Span {
        Span {
            sources: Some((sources.0.to_owned(), sources.1.to_owned())),
            days,
            undated,
        }
    }

    #[test]
    fn a_file_is_passed_over_only_where_it_has_no_row_of_the_span() {
        let january = stats(&[("b", Some(19_724)), ("d", Some(19_726))]);
        assert!(meets(
            &january,
            &span(("a", "z"), Some((19_726, 19_800)), false)
        ));
        assert!(!meets(
            &january,
            &span(("a", "z"), Some((19_727, 19_800)), true)
        ));
        assert!(!meets(
            &january,
            &span(("e", "z"), Some((19_724, 19_724)), false)
        ));
        assert!(!meets(
            &january,
            &span(("a", "az"), Some((19_724, 19_724)), false)
        ));
        // What begins with the greatest name may have been cut to it.
        assert!(meets(
            &january,
            &span(("dx", "z"), Some((19_724, 19_724)), false)
        ));

        let mixed = stats(&[("b", Some(19_724)), ("c", None)]);
        assert!(meets(&mixed, &span(("a", "z"), None, true)));
        assert!(!meets(&mixed, &span(("a", "z"), Some((1, 2)), false)));
        let undated = stats(&[("b", None)]);
        assert!(!meets(
            &undated,
            &span(("a", "z"), Some((0, 99_999)), false)
        ));
        assert!(meets(&undated, &span(("a", "z"), Some((0, 99_999)), true)));
        assert!(meets("{}", &span(("a", "z"), Some((0, 1)), false)));
        assert!(meets("no JSON", &span(("a", "z"), None, false)));
    }
}
