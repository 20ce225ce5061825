//! Whether a bloom filter rules a text out: of the filter, which may have a hundred thousand bytes, only the block is read
//! that the text would be in.

use std::ops::Range;

use parquet::file::metadata::ColumnChunkMetaData;
use xxhash_rust::xxh64::xxh64;

use crate::page_header;

/// Bytes of a block, eight words of 32 bits.
const BLOCK: u64 = 32;

/// The format's constants, by which each word's bit is found.
const SALT: [u32; 8] = [
    0x47b6_137b,
    0x4497_4d91,
    0x8824_ad5b,
    0xa2b7_289d,
    0x7054_95c7,
    0x2df1_424b,
    0x9efc_4947,
    0x5c6b_fb31,
];

/// What is to be read of a chunk's bloom filter to look for one text.
#[derive(Clone, Debug)]
pub struct Probe {
    hash: u64,
    bits: u64,
    /// Where in the file the filter's header is.
    pub header: Range<u64>,
    /// Where the block is.
    pub block: Range<u64>,
}

impl Probe {
    /// The probe for a text; none where the chunk has no filter, or its size is not known.
    pub fn new(chunk: &ColumnChunkMetaData, text: &str) -> Option<Probe> {
        let start = u64::try_from(chunk.bloom_filter_offset()?).ok()?;
        let length = u64::try_from(chunk.bloom_filter_length()?).ok()?;
        // A filter has a power of two of bytes, and its header less than a block.
        let bits = 1_u64.checked_shl(length.checked_ilog2()?)?;
        let header = length - bits;
        if bits < BLOCK || header >= BLOCK {
            return None;
        }
        let hash = xxh64(text.as_bytes(), 0);
        let place = ((hash >> 32) * (bits / BLOCK)) >> 32;
        let block = start + header + place * BLOCK;
        Some(Probe {
            hash,
            bits,
            header: start..start + header,
            block: block..block + BLOCK,
        })
    }

    /// Whether the text is in no row of the chunk, by the bytes of both ranges. What is no such filter rules nothing out.
    pub fn rules_out(&self, header: &[u8], block: &[u8]) -> bool {
        // A header begins with the number of bytes, as that of a page with its kind.
        let sized = page_header::read(header)
            .is_some_and(|(said, length)| said.kind == self.bits && length == header.len());
        let (words, rest) = block.as_chunks::<4>();
        if !sized || words.len() != SALT.len() || !rest.is_empty() {
            return false;
        }
        let absent = |(word, salt): (&[u8; 4], &u32)| {
            let bit = (self.hash as u32).wrapping_mul(*salt) >> 27;
            u32::from_le_bytes(*word) & 1 << bit == 0
        };
        words.iter().zip(&SALT).any(absent)
    }
}
