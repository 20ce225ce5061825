//! Any text is cut into pieces, as that of a large object of an archive is.
//!
//! Compiled like `container_read`, without Delta and Parquet.

#![no_main]
#![allow(dead_code, reason = "of these files not all is needed here")]

// What the files call by the name of their crates is here.
extern crate self as lake;

#[path = "../../crates/ingest/src/block.rs"]
mod block;
#[path = "../../crates/lake/src/cloudtrail.rs"]
pub mod cloudtrail;
#[path = "../../crates/lake/src/column.rs"]
mod column;
#[path = "../../crates/ingest/src/container.rs"]
mod container;
#[path = "../../crates/ingest/src/decode.rs"]
mod decode;
#[path = "../../crates/ingest/src/flatten.rs"]
mod flatten;
#[path = "../../crates/ingest/src/gunzip.rs"]
mod gunzip;
#[path = "../../crates/ingest/src/payload.rs"]
mod payload;
#[path = "../src/pieces.rs"]
mod pieces;
#[path = "../../crates/ingest/src/time.rs"]
mod time;
#[path = "../../crates/ingest/src/trie.rs"]
mod trie;
#[path = "../../crates/ingest/src/unpack.rs"]
mod unpack;
#[path = "../../crates/ingest/src/unzstd.rs"]
mod unzstd;
#[path = "../../crates/ingest/src/windows.rs"]
mod windows;

/// Nothing is read from S3 here.
mod remote {
    pub(crate) fn refusal(_: &std::io::Error) -> Option<()> {
        None
    }
}

pub use column::{Column, Kind};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| pieces::pieces_cut(bytes));
