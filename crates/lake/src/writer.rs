//! Encoded row groups to a data file, streamed to disk or to S3 and made durable before anybody may name it in a commit.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use parquet::arrow::ArrowWriter;
use parquet::errors::ParquetError;
use parquet::file::writer::SerializedFileWriter;
use uuid::Uuid;

use crate::cloudtrail::house;
use crate::error::{Error, Shape};
use crate::facts::Facts;
use crate::file::File;
use crate::properties::writer_properties;
use crate::row_group::EncodedRowGroup;
use crate::upload::Upload;
use crate::{Lake, Layout, Packing, folder, instant, step};

/// What the partition of events without a usable time is called, by the convention of all engines.
pub(crate) const NULL_PARTITION: &str = "__HIVE_DEFAULT_PARTITION__";

/// A data file that is written and durable, and in no snapshot until it is committed.
#[derive(Clone, Debug, PartialEq)]
pub struct NewFile(pub(crate) File);

impl NewFile {
    /// The file as snapshots will show it.
    pub fn file(&self) -> &File {
        &self.0
    }
}

/// A data file being written, under a name that nobody reads until [`finish`](FileWriter::finish). Dropped before
/// that, it takes its file with it, or what of it is in S3.
pub struct FileWriter {
    // Declared before `staged`: the file is closed before it is removed.
    writer: SerializedFileWriter<Sink>,
    staged: Staged,
    target: PathBuf,
    path: String,
    date: Option<i32>,
    layout: u32,
    /// Whether all row groups are packed so.
    dense: bool,
    facts: Facts,
}

impl FileWriter {
    /// Begins a file without columns of the lake's own: see [`create_under`](FileWriter::create_under).
    ///
    /// # Errors
    /// As there.
    pub fn create(lake: &Lake, date: Option<i32>) -> Result<FileWriter, Error> {
        FileWriter::create_under(lake, &Layout::built_in(), date)
    }

    /// Begins a file under a layout of the lake's, for the events of one day, given in days since 1970-01-01, or with `None` for events without a
    /// usable time. Blocks.
    ///
    /// # Errors
    /// [`Error::Shape`] for a day beyond the calendar; [`Error::NoPermission`] or [`Error::Io`] where the file can't
    /// be made.
    pub fn create_under(
        lake: &Lake,
        layout: &Layout,
        date: Option<i32>,
    ) -> Result<FileWriter, Error> {
        let partition = match date {
            Some(day) => instant::day_text(day).ok_or(Error::Shape(Shape::Calendar(day)))?,
            None => NULL_PARTITION.to_owned(),
        };
        let id = Uuid::new_v4();
        let path = format!("{}={partition}/{id}.parquet", house::EVENT_DATE);
        let target = lake.folder().join(&path);
        let (sink, staged) = match lake.remote() {
            Some(handle) => {
                let upload = Upload::new(handle, lake.store(), lake.path_of(&path));
                (Sink::Upload(upload), Staged(None))
            }
            None => {
                // Engines pass over hidden files, and a vacuum takes what a crash left.
                let staged = target.with_file_name(format!(".{id}.parquet.tmp"));
                step::next("data create");
                let file =
                    folder::create_file(&staged).map_err(|error| Error::io(&staged, error))?;
                (Sink::File(file), Staged(Some(staged)))
            }
        };
        let writer = begin(layout, sink).map_err(|error| Error::parquet(&target, error))?;
        Ok(FileWriter {
            writer,
            staged,
            target,
            path,
            date,
            layout: layout.number,
            dense: true,
            facts: Facts::default(),
        })
    }

    /// Appends a row group. Blocks on the disk.
    ///
    /// # Errors
    /// [`Error::Shape`] where an event is outside the file's day, or has no time in a file of a day: under a wrong
    /// day no query would find it. [`Error::Parquet`] where it can't be written.
    pub fn append(&mut self, group: EncodedRowGroup) -> Result<(), Error> {
        let EncodedRowGroup {
            chunks,
            packing,
            facts,
        } = group;
        if let Some(day) = self.date
            && !within(day, &facts)
        {
            return Err(Error::Shape(Shape::Day));
        }
        step::next("data append");
        let written = (|| {
            let mut writer = self.writer.next_row_group()?;
            for chunk in chunks {
                chunk.append_to(&mut writer)?;
            }
            writer.close()
        })();
        written.map_err(|error| Error::parquet(&self.target, error))?;
        self.dense &= packing == Packing::Dense;
        self.facts = std::mem::take(&mut self.facts).join(facts);
        Ok(())
    }

    /// Rows so far.
    pub fn rows(&self) -> u64 {
        self.facts.rows
    }

    /// Bytes so far, without the footer.
    pub fn bytes(&self) -> u64 {
        self.writer.bytes_written() as u64
    }

    /// Ends the file, and makes it durable under its own name. Blocks on the disk.
    ///
    /// # Errors
    /// [`Error::Shape`] for a file without a row group; [`Error::Parquet`] or [`Error::Io`] where it can't be
    /// written to the end.
    pub fn finish(self) -> Result<NewFile, Error> {
        if self.facts.rows == 0 {
            return Err(Error::Shape(Shape::Empty));
        }
        let sink = self.writer.into_inner();
        let landed = match sink.map_err(|error| Error::parquet(&self.target, error))? {
            Sink::File(file) => land(file, self.staged, &self.target),
            Sink::Upload(upload) => upload.finish(),
        };
        let size = landed.map_err(|error| Error::io(&self.target, error))?;
        Ok(NewFile(File {
            path: self.path,
            date: self.date,
            size,
            rows: self.facts.rows,
            time: self.facts.time,
            mistyped: self.facts.mistyped,
            conflicts: self.facts.conflicts,
            buckets: self.facts.buckets.into_iter().collect(),
            layout: self.layout,
            dense: self.dense,
            statistics: self.facts.statistics,
        }))
    }
}

/// Where a file's bytes go.
enum Sink {
    File(fs::File),
    Upload(Upload),
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Sink::File(file) => file.write(bytes),
            Sink::Upload(upload) => upload.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Sink::File(file) => file.flush(),
            Sink::Upload(upload) => upload.flush(),
        }
    }
}

fn begin(layout: &Layout, file: Sink) -> Result<SerializedFileWriter<Sink>, ParquetError> {
    // Arrow's writer is what adds the Arrow schema to the file's metadata.
    let writer = ArrowWriter::try_new(file, layout.schema(), Some(writer_properties(layout)?))?;
    Ok(writer.into_serialized_writer()?.0)
}

fn within(day: i32, facts: &Facts) -> bool {
    let of_day = |time| instant::day_of(time) == i64::from(day);
    facts.untimed == 0
        && facts
            .time
            .is_none_or(|(min, max)| of_day(min) && of_day(max))
}

/// Makes the contents durable, then the name. Gives the size.
fn land(file: fs::File, mut staged: Staged, target: &Path) -> io::Result<u64> {
    step::next("data sync");
    file.sync_all()?;
    let size = file.metadata()?.len();
    if let Some(path) = &staged.0 {
        step::next("data rename");
        fs::rename(path, target)?;
    }
    staged.0 = None;
    step::next("data folder");
    folder::sync_parent(target)?;
    Ok(size)
}

/// A file to be removed unless it was renamed.
struct Staged(Option<PathBuf>);

impl Drop for Staged {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // A file that can't be removed is hidden, and goes with the next vacuum.
            let _ = fs::remove_file(path);
        }
    }
}
