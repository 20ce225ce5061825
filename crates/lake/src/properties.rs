//! How each class of column is written to Parquet.

use arrow::datatypes::DataType;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;

use crate::cloudtrail::house;
use crate::column::UNIQUE;
use crate::{Column, Kind, Layout};

/// The most rows of a row group.
pub const ROW_GROUP_ROWS: usize = 131_072;

/// The columns that every row group is sorted by, the first foremost, each ascending with nulls first: detections
/// ask for one source and one name, whose pages then lie together.
pub const SORT_COLUMNS: [&str; 3] = ["event_source", "event_name", "event_time"];

/// The chance that a bloom filter fails to rule out a value that is not there.
const BLOOM_FALSE_POSITIVES: f64 = 0.01;

/// Page bounds and file bounds of texts are cut at this many bytes. ARNs share long prefixes, and the limit can't be
/// set by column; texts shorter than it cost nothing more.
pub(crate) const BOUND_BYTES: usize = 256;

/// The rows of a page at most: about Parquet's usual page, whose bounds detections prune by, and a multiple of the rows after
/// which its writer looks whether a page is full, so that the pages of all columns end together.
pub(crate) const PAGE_ROWS: usize = 20_480;

/// The bytes of a page of `content` before compression: what has to be undone to show one record, which takes a
/// millisecond. A quarter of it made lakes 3 % larger.
const CONTENT_PAGE_BYTES: usize = 1024 * 1024;

/// The level of zstd. Of sorted records higher ones make no less.
pub(crate) const LEVEL: i32 = 1;

/// How texts stand that hardly ever repeat: their lengths apart from them, which compresses better.
pub(crate) const UNIQUE_TEXTS: Encoding = Encoding::DELTA_LENGTH_BYTE_ARRAY;

/// The key under which a file's own metadata hold its layout.
pub(crate) const LAYOUT_KEY: &str = "trailsift.layout";

/// How data files of a layout are written: zstd, page statistics and page index, dictionaries and bloom filters by column, and
/// [`SORT_COLUMNS`] declared as the order inside each row group.
///
/// # Errors
/// Only if the compression level is refused.
pub fn writer_properties(layout: &Layout) -> Result<WriterProperties, ParquetError> {
    properties_of(layout, ROW_GROUP_ROWS)
}

/// The same for row groups of at most `rows` rows: bloom filters are laid out for so many values, in memory that is
/// cleared and folded whatever comes.
pub(crate) fn properties_of(
    layout: &Layout,
    rows: usize,
) -> Result<WriterProperties, ParquetError> {
    let builder = WriterProperties::builder()
        .set_created_by(concat!("trailsift ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(LEVEL)?))
        .set_max_row_group_row_count(Some(rows.max(1)))
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_statistics_truncate_length(Some(BOUND_BYTES))
        .set_column_index_truncate_length(Some(BOUND_BYTES))
        .set_sorting_columns(Some(sorting(layout)))
        .set_key_value_metadata(Some(vec![KeyValue::new(
            LAYOUT_KEY.to_owned(),
            layout.number.to_string(),
        )]));
    let builder = layout.columns.iter().fold(builder, declared);
    Ok(content(builder).build())
}

impl Layout {
    /// Whether the column at a place of the [`schema`](Layout::schema) may be given as [`Texts`](crate::Texts): one of texts that
    /// repeat, and that nothing but its dictionary is made of.
    pub fn takes_texts(&self, place: usize) -> bool {
        let looked_at = [house::MISTYPED, house::BUCKET, house::CONTENT];
        let schema = self.schema();
        let Some(field) = schema.fields().get(place) else {
            return false;
        };
        let name = field.name().as_str();
        let declared = self.columns.get(place);
        *field.data_type() == DataType::Utf8View
            && declared.is_none_or(Column::repeats)
            && !looked_at.contains(&name)
            && !SORT_COLUMNS.contains(&name)
    }
}

impl Layout {
    /// Whether the column at a place of the [`schema`](Layout::schema) may be given as [`Values::Long`](crate::Values::Long): records,
    /// and JSON within them, which have neither a dictionary nor bounds.
    pub fn takes_long(&self, place: usize) -> bool {
        match self.columns.get(place) {
            Some(column) => column.kind == Kind::Json,
            None => self.schema().index_of(house::CONTENT).ok() == Some(place),
        }
    }
}

/// A declared column.
fn declared(builder: WriterPropertiesBuilder, column: &Column) -> WriterPropertiesBuilder {
    let path = || ColumnPath::from(column.name.as_str());
    let builder = match column.bloom {
        true => builder.set_column_bloom_filter_fpp(path(), BLOOM_FALSE_POSITIVES),
        false => builder,
    };
    match column.kind {
        // Bounds of JSON text rule nothing out; the count of nulls does. Few texts come twice, so that a dictionary would be
        // full before it pays.
        Kind::Json => builder
            .set_column_statistics_enabled(path(), EnabledStatistics::Chunk)
            .set_column_dictionary_enabled(path(), false)
            .set_column_encoding(path(), UNIQUE_TEXTS),
        _ if UNIQUE.contains(&column.name.as_str()) => builder
            .set_column_dictionary_enabled(path(), false)
            .set_column_encoding(path(), UNIQUE_TEXTS),
        _ => builder,
    }
}

/// The records' text: the bulk of the file, never looked up by value.
fn content(builder: WriterPropertiesBuilder) -> WriterPropertiesBuilder {
    let path = || ColumnPath::from(house::CONTENT);
    builder
        .set_column_dictionary_enabled(path(), false)
        .set_column_encoding(path(), UNIQUE_TEXTS)
        .set_column_statistics_enabled(path(), EnabledStatistics::None)
        .set_column_data_page_size_limit(path(), CONTENT_PAGE_BYTES)
}

fn sorting(layout: &Layout) -> Vec<SortingColumn> {
    let schema = layout.schema();
    SORT_COLUMNS
        .iter()
        .filter_map(|name| schema.index_of(name).ok())
        .filter_map(|place| i32::try_from(place).ok())
        .map(|column_idx| SortingColumn {
            column_idx,
            descending: false,
            nulls_first: true,
        })
        .collect()
}
