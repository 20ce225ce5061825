//! Any bytes are read as an object of an archive.
//!
//! The files of `ingest` that do so, and those of `lake` that say what a column is, are compiled into the target: the crates
//! themselves bring Delta and Parquet along, which take many minutes to build for a fuzzer and have no part in this.

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
#[path = "../src/containers.rs"]
mod containers;
#[path = "../../crates/ingest/src/decode.rs"]
mod decode;
#[path = "../../crates/ingest/src/decoded.rs"]
mod decoded;
#[path = "../../crates/ingest/src/flatten.rs"]
mod flatten;
#[path = "../../crates/ingest/src/gunzip.rs"]
mod gunzip;
#[path = "../../crates/ingest/src/payload.rs"]
mod payload;
#[path = "../../crates/ingest/src/time.rs"]
mod time;
#[path = "../../crates/ingest/src/trie.rs"]
mod trie;
#[path = "../../crates/ingest/src/unpack.rs"]
mod unpack;
#[path = "../../crates/ingest/src/unzstd.rs"]
mod unzstd;

pub use column::{Column, Kind};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| containers::container_read(bytes));
