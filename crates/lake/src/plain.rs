//! Records and other long texts to a chunk of a column without a dictionary: each is copied once, into the page that is
//! compressed next, and the room for pages is used again. Lengths stand before the texts, apart: what follows a record is
//! then the next one, and compression finds more in common.

use parquet::basic::{Encoding, EncodingMask, PageType, Type};
use parquet::column::page::Page;
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, PageEncodingStats};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::statistics::Statistics;
use parquet::schema::types::ColumnDescPtr;

use crate::dictionary::{Chunk, Encoder};
use crate::properties::{PAGE_ROWS, UNIQUE_TEXTS};
use crate::{delta, hybrid};

impl Encoder {
    /// Encodes a chunk of texts, of a column that may be null and of which bounds tell nothing.
    pub(crate) fn plain(
        &mut self,
        column: ColumnDescPtr,
        properties: &WriterProperties,
        texts: &[Option<&[u8]>],
    ) -> Result<Chunk, ParquetError> {
        let path = column.path().clone();
        let limit = properties.column_data_page_size_limit(&path);
        let limit = self.packing.page(limit);
        let mut pages = self.pages(Type::BYTE_ARRAY);
        let (mut levels, mut lengths) = (Vec::new(), Vec::new());
        let mut rest = texts;
        while !rest.is_empty() {
            let (rows, behind) = rest.split_at(page(rest, limit));
            rest = behind;
            levels.clear();
            levels.extend(rows.iter().map(|text| u32::from(text.is_some())));
            self.raw.clear();
            hybrid::levels(&levels, &mut self.raw);
            lengths.clear();
            lengths.extend(rows.iter().flatten().map(|text| text.len() as u32));
            delta::encode(&lengths, &mut self.raw);
            for text in rows.iter().flatten() {
                self.raw.extend_from_slice(text);
            }
            pages.offsets.append_row_count(rows.len() as i64);
            let data = Page::DataPage {
                buf: self.compress()?,
                num_values: rows.len() as u32,
                encoding: UNIQUE_TEXTS,
                def_level_encoding: Encoding::RLE,
                rep_level_encoding: Encoding::RLE,
                statistics: None,
            };
            pages.write(data, self.raw.len())?;
        }
        let mut metadata = ColumnChunkMetaData::builder(column)
            .set_compression(properties.compression(&path))
            .set_encodings_mask(EncodingMask::new_from_encodings(
                [UNIQUE_TEXTS, Encoding::RLE].iter(),
            ))
            .set_page_encoding_stats(vec![PageEncodingStats {
                page_type: PageType::DATA_PAGE,
                encoding: UNIQUE_TEXTS,
                count: pages.count,
            }])
            .set_total_compressed_size(pages.sink.bytes_written() as i64)
            .set_total_uncompressed_size(pages.uncompressed as i64)
            .set_num_values(texts.len() as i64)
            .set_data_page_offset(0);
        if properties.statistics_enabled(&path) != EnabledStatistics::None {
            let nulls = texts.iter().filter(|text| text.is_none()).count() as u64;
            let none = None::<ByteArray>;
            metadata = metadata.set_statistics(Statistics::new(
                none.clone(),
                none,
                None,
                Some(nulls),
                false,
            ));
        }
        let bytes = self.end(pages.sink)?;
        Ok(Chunk {
            close: ColumnCloseResult {
                bytes_written: bytes.len() as u64,
                rows_written: texts.len() as u64,
                metadata: metadata.build()?,
                bloom_filter: None,
                column_index: None,
                offset_index: Some(pages.offsets.build()),
            },
            bytes,
        })
    }
}

/// How many of the rows go into the next page, one at least.
fn page(rows: &[Option<&[u8]>], limit: usize) -> usize {
    let mut bytes = 0;
    let full = rows.iter().position(|text| {
        bytes += text.map_or(0, |text| text.len() + 4);
        bytes >= limit
    });
    full.map_or(rows.len(), |last| last + 1).min(PAGE_ROWS)
}
