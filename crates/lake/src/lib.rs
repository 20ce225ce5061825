//! The lake: a Delta table of CloudTrail events in Parquet files.
//!
//! Reading order: [`column`], [`cloudtrail`].

pub mod cloudtrail;
pub mod column;

pub use column::{Column, Kind};
