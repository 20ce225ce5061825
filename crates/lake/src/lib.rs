//! The lake: a Delta table of CloudTrail events in Parquet files.
//!
//! Writing: [`encode_row_group`] on many threads, [`FileWriter`] to disk, [`Lake::commit`] to make the files part of the
//! table. Reading: [`Lake::snapshot`] tells what there is without opening a data file; scans read the files from
//! [`Lake::store`]. Only the log is Delta's library; the data files are written and read here.
//!
//! ```no_run
//! # async fn example(arrays: Vec<arrow::array::ArrayRef>) -> Result<(), Box<dyn std::error::Error>> {
//! let lake = lake::Lake::open_or_create("lake").await?;
//! let base = lake.snapshot().await?;
//!
//! let mut writer = lake::FileWriter::create(&lake, Some(19_723))?;
//! writer.append(lake::encode_row_group(&arrays)?)?;
//! let file = writer.finish()?;
//!
//! let committed = lake.commit(&base, uuid::Uuid::new_v4(), vec![file], Default::default()).await?;
//! assert_eq!(committed.snapshot.rows(), base.rows() + arrays[0].len() as u64);
//! # Ok(())
//! # }
//! ```
//!
//! Reading order: [`column`], [`cloudtrail`], `schema` and `page` (the column table as schemas and as documentation);
//! `location` and `lake` (finding and making); `file`, `entry`, `snapshot`, `info` (what the log knows);
//! `properties`, `row_group`, `facts`, `writer` (data files); `commit`; `read`, `ids`, `contents`, `origins` (what a batch could
//! repeat); [`sources`] (which objects were ingested); `folder`, `fsync`, `instant`, `step` (the ground).

pub mod cloudtrail;
pub mod column;
mod commit;
mod contents;
mod entry;
mod error;
mod facts;
mod file;
mod folder;
mod fsync;
mod ids;
mod info;
mod instant;
mod lake;
mod location;
mod origins;
mod page;
mod properties;
mod read;
mod row_group;
mod schema;
mod snapshot;
pub mod sources;
mod step;
mod writer;

pub use column::{Column, Kind};
pub use commit::{CommitError, Committed};
pub use contents::Contents;
pub use error::{Error, Oddity, Shape};
pub use file::{File, Reach, Scalar, Statistics};
pub use ids::{IdBatch, Ids};
pub use info::{Day, Info};
pub use lake::Lake;
pub use page::columns_page;
pub use properties::{ROW_GROUP_ROWS, SORT_COLUMNS, writer_properties};
pub use row_group::{EncodedRowGroup, encode_row_group};
pub use schema::schema;
pub use snapshot::Snapshot;
pub use step::watch;
pub use writer::{FileWriter, NewFile};
