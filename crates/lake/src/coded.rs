//! Chunks of text columns read as what they are on disk: the different texts, and runs of numbers that say which one stands
//! where. A condition that is decided for the texts is decided for all rows.

use arrow::array::StringViewArray;
use parquet::basic::{Compression, Encoding, Type};
use parquet::file::metadata::ColumnChunkMetaData;
use zstd::bulk::Decompressor;

use crate::hybrid::Runs;
use crate::page_header::{self, PageHeader};

/// The most bytes that a page may have before compression: a header that says more is not believed.
const PAGE_BYTES: usize = 64 << 20;

const DATA: u64 = 0;
const DICTIONARY: u64 = 2;

/// Undoes compression, one page after the other.
pub struct Inflater {
    zstd: Decompressor<'static>,
    page: Vec<u8>,
}

impl Inflater {
    /// One for any number of chunks.
    ///
    /// # Errors
    /// Where the library has no memory.
    pub fn new() -> std::io::Result<Inflater> {
        Ok(Inflater {
            zstd: Decompressor::new()?,
            page: Vec::new(),
        })
    }

    /// The page of a header, of which `bytes` are what is stored.
    fn inflate<'a>(
        &'a mut self,
        header: &PageHeader,
        bytes: &'a [u8],
        compression: Compression,
    ) -> Option<&'a [u8]> {
        match compression {
            Compression::UNCOMPRESSED => Some(bytes),
            Compression::ZSTD(_) if header.inflated <= PAGE_BYTES => {
                self.page.resize(header.inflated, 0);
                let written = self
                    .zstd
                    .decompress_to_buffer(bytes, self.page.as_mut_slice());
                (written.ok()? == header.inflated).then_some(&self.page)
            }
            _ => None,
        }
    }
}

/// A chunk of a text column, all of whose values stand in its dictionary.
pub struct CodedTexts<'a> {
    texts: StringViewArray,
    /// The pages behind the dictionary, as they are stored.
    pages: &'a [u8],
    compression: Compression,
    nullable: bool,
    rows: usize,
}

impl<'a> CodedTexts<'a> {
    /// Whether a chunk may be such a one, by its file's footer.
    pub fn possible(chunk: &ColumnChunkMetaData) -> bool {
        let column = chunk.column_descr();
        column.physical_type() == Type::BYTE_ARRAY
            && column.max_rep_level() == 0
            && column.max_def_level() <= 1
            && chunk.dictionary_page_offset().is_some()
            // A writer that finds a dictionary too large goes on without, and the dictionary has not all texts.
            && chunk.page_encoding_stats_mask().is_some_and(|pages| {
                pages.is_only(Encoding::RLE_DICTIONARY) || pages.is_only(Encoding::PLAIN_DICTIONARY)
            })
    }

    /// The chunk whose bytes in the file are these, of a row group of so many rows; none where it is of another form.
    pub fn new(
        chunk: &ColumnChunkMetaData,
        bytes: &'a [u8],
        rows: usize,
        inflater: &mut Inflater,
    ) -> Option<CodedTexts<'a>> {
        if !CodedTexts::possible(chunk) {
            return None;
        }
        let compression = chunk.compression();
        let (header, page, rest) = next_page(bytes)?;
        let plain = [Encoding::PLAIN, Encoding::PLAIN_DICTIONARY];
        if header.kind != DICTIONARY || !plain.iter().any(|&plain| is(header.encoding, plain)) {
            return None;
        }
        let mut left = inflater.inflate(&header, page, compression)?;
        let mut texts = Vec::with_capacity(header.values.min(left.len()));
        while let Some((length, more)) = left.split_first_chunk() {
            let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
            let (text, more) = more.split_at_checked(length)?;
            texts.push(std::str::from_utf8(text).ok()?);
            left = more;
        }
        if !left.is_empty() || texts.len() != header.values {
            return None;
        }
        Some(CodedTexts {
            texts: StringViewArray::from_iter_values(texts),
            pages: rest,
            compression,
            nullable: chunk.column_descr().max_def_level() == 1,
            rows,
        })
    }

    /// The different texts, each once as far as the writer looked.
    pub fn texts(&self) -> &StringViewArray {
        &self.texts
    }

    /// Tells `each` of all rows in order, as runs: which of the texts, none for null, and how many rows of it. None where
    /// the pages turn out to be of another form: then what was told counts for nothing.
    pub fn runs(
        &self,
        inflater: &mut Inflater,
        mut each: impl FnMut(Option<usize>, usize),
    ) -> Option<()> {
        use arrow::array::Array;
        let mut left = self.rows;
        let mut pages = self.pages;
        while left > 0 {
            let (header, page, rest) = next_page(pages)?;
            pages = rest;
            let coded = [Encoding::RLE_DICTIONARY, Encoding::PLAIN_DICTIONARY];
            if header.kind != DATA || !coded.iter().any(|&coded| is(header.encoding, coded)) {
                return None;
            }
            left = left.checked_sub(header.values)?;
            let page = inflater.inflate(&header, page, self.compression)?;
            let (mut levels, codes) = match self.nullable {
                true => {
                    if !is(header.levels, Encoding::RLE) {
                        return None;
                    }
                    let (length, rest) = page.split_first_chunk()?;
                    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
                    let (levels, codes) = rest.split_at_checked(length)?;
                    (Some(Runs::new(levels, 1)), codes)
                }
                false => (None, page),
            };
            // A page of nulls may end with its levels.
            let (width, codes) = match codes.split_first() {
                Some((&width, codes)) if width <= 32 => (width, codes),
                Some(_) => return None,
                None => (0, codes),
            };
            let mut codes = Runs::new(codes, width);
            let mut rows = header.values;
            while rows > 0 {
                let (level, count) = match &mut levels {
                    Some(levels) => levels.next(rows)?,
                    None => (1, rows),
                };
                rows -= count;
                if level == 0 {
                    each(None, count);
                    continue;
                }
                let mut present = count;
                while present > 0 {
                    let (code, count) = codes.next(present)?;
                    let code = usize::try_from(code).ok()?;
                    if code >= self.texts.len() {
                        return None;
                    }
                    each(Some(code), count);
                    present -= count;
                }
            }
        }
        Some(())
    }
}

/// The first page of `bytes`: its header, what is stored of it, and what follows.
fn next_page(bytes: &[u8]) -> Option<(PageHeader, &[u8], &[u8])> {
    let (header, length) = page_header::read(bytes)?;
    let (page, rest) = bytes.get(length..)?.split_at_checked(header.stored)?;
    Some((header, page, rest))
}

/// Whether a number in a header stands for an encoding.
fn is(number: u64, encoding: Encoding) -> bool {
    number == encoding as u64
}
