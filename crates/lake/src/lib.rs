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
//! Reading order: [`column`], [`cloudtrail`], `schema`, `layout` and `page` (the column table as schemas and as documentation);
//! `location`, `s3` and `lake` (finding and making); `file`, `entry`, `snapshot`, `info` (what the log knows);
//! `properties`, `packing`, `row_group`, `dictionary`, `plain`, `hybrid`, `delta`, `facts`, `writer`, `upload` (data files); `commit`, `declare`, `vacuum` (changes); `read`, `remote`,
//! `ids`, `contents`, `origins` (what a batch could repeat), `data_file` (rows to be written anew), `rows` (what is to be verified);
//! `coded`, `page_header`, `probe` (columns as their dictionaries and filters have them), `rejected` (what could not become rows); [`sources`] (which objects were ingested); `folder`, `fsync`, `instant`, `step`
//! (the ground).

pub mod cloudtrail;
mod coded;
pub mod column;
mod commit;
mod contents;
mod data_file;
mod declare;
mod delta;
mod dictionary;
mod entry;
mod error;
mod facts;
mod file;
mod folder;
mod fsync;
mod hybrid;
mod ids;
mod info;
mod instant;
mod lake;
mod layout;
mod location;
mod origins;
mod packing;
mod page;
mod page_header;
mod plain;
mod probe;
mod properties;
mod read;
mod refusal;
mod rejected;
mod remote;
mod row_group;
mod rows;
mod s3;
mod schema;
mod snapshot;
pub mod sources;
mod step;
mod texts;
mod upload;
mod vacuum;
mod writer;

pub use coded::{CodedTexts, Inflater};
pub use column::{Column, Kind};
pub use commit::{CommitError, Committed};
pub use contents::Contents;
pub use data_file::{DataFile, Rows};
pub use declare::{DeclareError, column_name, parse_path};
pub use dictionary::Scratch;
pub use error::{Error, Oddity, Shape};
pub use file::{File, Reach, Scalar, Statistics};
pub use ids::{IdBatch, Ids};
pub use info::{Day, Info};
pub use lake::Lake;
pub use layout::Layout;
pub use packing::Packing;
pub use page::columns_page;
pub use probe::Probe;
pub use properties::{ROW_GROUP_ROWS, SORT_COLUMNS, writer_properties};
pub use refusal::{NoCredentials, Refusal, answer};
pub use rejected::{Rejected, RejectedFile};
pub use row_group::{EncodedRowGroup, encode_row_group};
pub use rows::WholeRows;
pub use s3::{Configured, S3, S3Place, S3Settings};
pub use schema::schema;
pub use snapshot::Snapshot;
pub use step::watch;
pub use texts::{Texts, Values};
pub use vacuum::{Leftover, SHORTEST_KEEP, VacuumOptions, Vacuumed};
pub use writer::{FileWriter, NewFile};
