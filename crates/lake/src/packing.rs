//! How hard records and JSON are packed: quickly, as an ingest does, or densely, for those that are read seldom.

use parquet::errors::ParquetError;
use zstd::bulk::Compressor;
use zstd::zstd_safe::CParameter;

use crate::properties::LEVEL;

/// How hard the texts of a row group are packed. Whatever reads Parquet reads both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Packing {
    /// As fast as can be.
    #[default]
    Quick,
    /// A tenth smaller, for twice the work: what records have in common is found wherever in a page it stands, and pages are
    /// larger. Reading takes no longer.
    Dense,
}

/// Bytes that two places must share to be found.
const MATCH: u32 = 64;

/// How many quick pages a dense one holds: what records have in common is found within a page. To show one record four MiB
/// are undone, in some milliseconds.
const PAGES: usize = 4;

/// Of how many places one is remembered, as a power of two.
const RATE: u32 = 4;

impl Packing {
    /// What packs the pages.
    pub(crate) fn compressor(self) -> Result<Compressor<'static>, ParquetError> {
        let mut zstd = Compressor::new(LEVEL)?;
        if self == Packing::Dense {
            zstd.set_parameter(CParameter::EnableLongDistanceMatching(true))?;
            zstd.set_parameter(CParameter::LdmMinMatch(MATCH))?;
            zstd.set_parameter(CParameter::LdmHashRateLog(RATE))?;
        }
        Ok(zstd)
    }

    /// The bytes of a page of records or JSON, where a quick one has so many.
    pub(crate) fn page(self, quick: usize) -> usize {
        match self {
            Packing::Quick => quick,
            Packing::Dense => quick * PAGES,
        }
    }
}
