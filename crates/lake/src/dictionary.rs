//! Texts to a chunk of a column with a dictionary, with all that Parquet's own writer makes of one: bounds of pages, their
//! places, a bloom filter. Only the different texts are hashed and compared, not those of all rows.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use parquet::basic::{BoundaryOrder, Encoding, EncodingMask, PageType, Type};
use parquet::bloom_filter::Sbbf;
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::metadata::{
    ColumnChunkMetaData, ColumnIndexBuilder, OffsetIndexBuilder, PageEncodingStats,
};
use parquet::file::properties::WriterProperties;
use parquet::file::statistics::{Statistics, ValueStatistics};
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;
use zstd::bulk::Compressor;

use crate::hybrid;
use crate::packing::Packing;
use crate::properties::{BOUND_BYTES, PAGE_ROWS};
use crate::texts::Texts;

/// The most bytes of a dictionary: readers hold it whole.
const DICTIONARY_BYTES: usize = 1024 * 1024;

/// A chunk in Parquet's form.
pub(crate) struct Chunk {
    pub(crate) bytes: Bytes,
    pub(crate) close: ColumnCloseResult,
}

/// Encodes one chunk after the other.
pub(crate) struct Encoder {
    zstd: Compressor<'static>,
    pub(crate) packing: Packing,
    /// The page at hand, before compression and after it.
    pub(crate) raw: Vec<u8>,
    packed: Vec<u8>,
    /// The pages of the chunk at hand.
    chunk: Vec<u8>,
}

/// The memory that encoding takes, to be used again: share it among threads and row groups. It also says how hard they try.
#[derive(Default)]
pub struct Scratch {
    packing: Packing,
    spare: Mutex<Vec<Encoder>>,
}

impl Scratch {
    /// None yet, for row groups that are packed so.
    pub fn new(packing: Packing) -> Scratch {
        Scratch {
            packing,
            spare: Mutex::default(),
        }
    }

    /// How row groups are packed.
    pub(crate) fn packing(&self) -> Packing {
        self.packing
    }

    /// An encoder that nobody uses.
    pub(crate) fn take(&self) -> Result<Encoder, ParquetError> {
        let spare = self.spare().pop();
        spare.map_or_else(|| Encoder::new(self.packing), Ok)
    }

    /// Takes it back.
    pub(crate) fn put(&self, encoder: Encoder) {
        self.spare().push(encoder);
    }

    fn spare(&self) -> MutexGuard<'_, Vec<Encoder>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The pages of a chunk so far.
pub(crate) struct Pages {
    pub(crate) sink: TrackedWrite<Vec<u8>>,
    pub(crate) uncompressed: usize,
    indexes: ColumnIndexBuilder,
    pub(crate) offsets: OffsetIndexBuilder,
    /// Pages of data.
    pub(crate) count: i32,
}

/// The least and the greatest text.
type Bounds<'a> = Option<(&'a str, &'a str)>;

/// Whether there is room for a dictionary of the texts, none of them longer than bounds may be.
pub(crate) fn fits(texts: &Texts<'_>) -> bool {
    let bytes: usize = texts.values().iter().map(|text| text.len() + 4).sum();
    bytes <= DICTIONARY_BYTES && texts.values().iter().all(|text| text.len() <= BOUND_BYTES)
}

impl Encoder {
    fn new(packing: Packing) -> Result<Encoder, ParquetError> {
        Ok(Encoder {
            zstd: packing.compressor()?,
            packing,
            raw: Vec::new(),
            packed: Vec::new(),
            chunk: Vec::new(),
        })
    }

    /// Encodes a chunk of texts that fit, of a column that may be null.
    pub(crate) fn encode(
        &mut self,
        column: ColumnDescPtr,
        properties: &WriterProperties,
        texts: &Texts<'_>,
    ) -> Result<Chunk, ParquetError> {
        let values = texts.values();
        let mut pages = self.pages(Type::BYTE_ARRAY);
        self.raw.clear();
        for text in values {
            self.raw.extend((text.len() as u32).to_le_bytes());
            self.raw.extend(text.as_bytes());
        }
        let dictionary = Page::DictionaryPage {
            buf: self.compress()?,
            num_values: values.len() as u32,
            encoding: Encoding::PLAIN,
            is_sorted: false,
        };
        pages.write(dictionary, self.raw.len())?;
        let first = pages.sink.bytes_written();

        let places: Vec<Option<u32>> = texts.places().collect();
        let (mut levels, mut present) = (Vec::new(), Vec::new());
        // The page in which a text came last.
        let mut seen = vec![0; values.len()];
        let mut all: Vec<Bounds<'_>> = Vec::new();
        let width = hybrid::width(values.len());
        for (page, rows) in (1_u32..).zip(places.chunks(PAGE_ROWS)) {
            levels.clear();
            levels.extend(rows.iter().map(|place| u32::from(place.is_some())));
            present.clear();
            present.extend(rows.iter().flatten());
            self.raw.clear();
            hybrid::levels(&levels, &mut self.raw);
            self.raw.push(width);
            hybrid::encode(&present, width, &mut self.raw);
            let buf = self.compress()?;

            let new = present
                .iter()
                .map(|&place| place as usize)
                .filter(|&place| {
                    let new = seen[place] != page;
                    seen[place] = page;
                    new
                });
            let bounds = bounds(new.map(|place| values[place]));
            let (least, greatest) = bounds.unwrap_or_default();
            let bytes = |text: &str| text.as_bytes().to_vec();
            let nulls = (rows.len() - present.len()) as i64;
            let (least, greatest) = (bytes(least), bytes(greatest));
            pages
                .indexes
                .append(present.is_empty(), least, greatest, nulls);
            pages.offsets.append_row_count(rows.len() as i64);
            all.push(bounds);
            let data = Page::DataPage {
                buf,
                num_values: rows.len() as u32,
                encoding: Encoding::RLE_DICTIONARY,
                def_level_encoding: Encoding::RLE,
                rep_level_encoding: Encoding::RLE,
                statistics: None,
            };
            pages.write(data, self.raw.len())?;
        }
        pages.indexes.set_boundary_order(order(&all));

        let path = column.path().clone();
        let metadata = ColumnChunkMetaData::builder(column)
            .set_compression(properties.compression(&path))
            .set_encodings_mask(EncodingMask::new_from_encodings(
                [Encoding::PLAIN, Encoding::RLE, Encoding::RLE_DICTIONARY].iter(),
            ))
            .set_page_encoding_stats(pages.encodings())
            .set_total_compressed_size(pages.sink.bytes_written() as i64)
            .set_total_uncompressed_size(pages.uncompressed as i64)
            .set_num_values(texts.rows() as i64)
            .set_dictionary_page_offset(Some(0))
            .set_data_page_offset(first as i64)
            .set_statistics(statistics(&all, texts.nulls()))
            .build()?;
        let bloom = properties.bloom_filter_properties(&path);
        let bloom_filter = bloom.map(|bloom| filter(values, bloom.fpp())).transpose()?;
        let bytes = self.end(pages.sink)?;
        Ok(Chunk {
            close: ColumnCloseResult {
                bytes_written: bytes.len() as u64,
                rows_written: texts.rows() as u64,
                metadata,
                bloom_filter,
                column_index: Some(pages.indexes.build()?),
                offset_index: Some(pages.offsets.build()),
            },
            bytes,
        })
    }

    /// The pages of a chunk, none yet, of a column of this type.
    pub(crate) fn pages(&mut self, kind: Type) -> Pages {
        let mut room = std::mem::take(&mut self.chunk);
        room.clear();
        Pages {
            sink: TrackedWrite::new(room),
            uncompressed: 0,
            indexes: ColumnIndexBuilder::new(kind),
            offsets: OffsetIndexBuilder::new(),
            count: 0,
        }
    }

    /// The bytes of a chunk, in as much memory as they take.
    pub(crate) fn end(&mut self, sink: TrackedWrite<Vec<u8>>) -> Result<Bytes, ParquetError> {
        self.chunk = sink.into_inner()?;
        Ok(Bytes::copy_from_slice(&self.chunk))
    }

    /// The page at hand, compressed.
    pub(crate) fn compress(&mut self) -> Result<Bytes, ParquetError> {
        self.packed.clear();
        let bound = zstd::zstd_safe::compress_bound(self.raw.len());
        self.packed.reserve(bound);
        self.zstd.compress_to_buffer(&self.raw, &mut self.packed)?;
        Ok(Bytes::copy_from_slice(&self.packed))
    }
}

impl Pages {
    /// Appends a page that has so many bytes before compression.
    pub(crate) fn write(&mut self, page: Page, uncompressed: usize) -> Result<(), ParquetError> {
        let data = page.is_data_page();
        let page = CompressedPage::new(page, uncompressed);
        let written = SerializedPageWriter::new(&mut self.sink).write_page(page)?;
        self.uncompressed += written.uncompressed_size;
        if data {
            let size = written.compressed_size as i32;
            self.offsets
                .append_offset_and_size(written.offset as i64, size);
            self.count += 1;
        }
        Ok(())
    }

    fn encodings(&self) -> Vec<PageEncodingStats> {
        let stats = |page_type, encoding, count| PageEncodingStats {
            page_type,
            encoding,
            count,
        };
        vec![
            stats(PageType::DICTIONARY_PAGE, Encoding::PLAIN, 1),
            stats(PageType::DATA_PAGE, Encoding::RLE_DICTIONARY, self.count),
        ]
    }
}

/// A filter for these values, which are different: laid out for so many of them, and not for all rows.
fn filter(values: &[&str], false_positives: f64) -> Result<Sbbf, ParquetError> {
    let mut filter = Sbbf::new_with_ndv_fpp(values.len().max(1) as u64, false_positives)?;
    for value in values {
        filter.insert(value.as_bytes());
    }
    // It is laid out in powers of two.
    filter.fold_to_target_fpp(false_positives);
    Ok(filter)
}

/// The order of bytes, which is that of characters.
fn bounds<'a>(texts: impl Iterator<Item = &'a str>) -> Bounds<'a> {
    texts.fold(None, |bounds, text| match bounds {
        Some((least, greatest)) => Some((text.min(least), text.max(greatest))),
        None => Some((text, text)),
    })
}

/// Whether the bounds of pages ascend or descend. Pages of nulls have none, and do not count.
fn order(pages: &[Bounds<'_>]) -> BoundaryOrder {
    let bounds: Vec<(&str, &str)> = pages.iter().flatten().copied().collect();
    let holds = |ordered: fn(&str, &str) -> bool| {
        bounds
            .windows(2)
            .all(|pair| ordered(pair[0].0, pair[1].0) && ordered(pair[0].1, pair[1].1))
    };
    match (holds(|a, b| a <= b), holds(|a, b| a >= b)) {
        (true, _) => BoundaryOrder::ASCENDING,
        (_, true) => BoundaryOrder::DESCENDING,
        _ => BoundaryOrder::UNORDERED,
    }
}

fn statistics(pages: &[Bounds<'_>], nulls: usize) -> Statistics {
    let least = pages.iter().flatten().map(|bounds| bounds.0).min();
    let greatest = pages.iter().flatten().map(|bounds| bounds.1).max();
    let value = |text: &str| ByteArray::from(text.as_bytes().to_vec());
    let (least, greatest) = (least.map(value), greatest.map(value));
    let statistics = ValueStatistics::new(least, greatest, None, Some(nulls as u64), false);
    statistics.with_backwards_compatible_min_max(false).into()
}
