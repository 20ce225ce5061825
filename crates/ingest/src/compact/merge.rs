//! Files of one day to fewer files with the same rows, a slice of time after the other. Each thread holds one slice:
//! a row group to be. The day itself is never in memory.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, UInt32Array};
use arrow::compute::{concat, take};
use arrow::datatypes::TimestampMicrosecondType;
use lake::{DataFile, EncodedRowGroup, FileWriter, Lake, Layout, NewFile, Scratch, Values};

use super::backfill::Backfill;
use super::plan::Task;
use super::slices::{Counts, Finder, Piece, Slice};
use super::{Fault, Options, Progress};
use crate::sort::slices;
use crate::threads::Pool;
use crate::write::VALUE;

/// Bytes that a value of a slice takes in views while its rows are put in order.
const VIEW: usize = 32;

/// The fewest rows of a slice, however little memory there is: below, files get too bad for those who read them.
const FEWEST: usize = 4_096;

/// The rows of a slice that one more thread is worth where memory is short.
const WORTH: usize = 8_192;

/// What the process takes besides slices: its code and threads, footers, pages that are being read, dictionaries and
/// bloom filters that are being written.
const BESIDES: usize = 224 << 20;

/// What is merged, and how.
pub(super) struct Merge<'a> {
    pub(super) lake: &'a Lake,
    pub(super) layout: &'a Layout,
    pub(super) options: &'a Options,
    pub(super) progress: &'a dyn Progress,
    pub(super) pool: &'a Pool,
    pub(super) scratch: &'a Scratch,
}

/// The row groups to be written: each slice with the file that it goes into.
struct Slices {
    pieces: Vec<Piece>,
    slices: Vec<(usize, Slice)>,
    threads: usize,
    rows: u64,
}

impl Merge<'_> {
    /// Writes the events of `task` anew. The files are durable, hold exactly the rows that there were, and are in no
    /// snapshot yet.
    pub(super) fn run(&self, task: &Task) -> Result<Vec<NewFile>, Fault> {
        let slices = self.slices(task)?;
        let mut done = Vec::new();
        let result = self
            .write(task, &slices, &mut done)
            .and_then(|()| self.check(task, slices.rows, &done));
        match result {
            Ok(()) => Ok(done),
            Err(fault) => {
                self.lake.discard(&done);
                Err(fault)
            }
        }
    }

    /// Reads the times of all events, and cuts the day.
    fn slices(&self, task: &Task) -> Result<Slices, Fault> {
        let mut counts = Counts::default();
        let mut pieces = Vec::new();
        let mut bytes = 0;
        let look = |file: usize| {
            let data = self.lake.data_file(&task.files[file])?;
            let mut counts = Counts::default();
            let mut pieces = Vec::new();
            let mut bytes = 0;
            for group in 0..data.row_groups() {
                bytes += data.bytes(group);
                if let Some(seconds) = counts.add(&data.times(group)?) {
                    pieces.push(Piece {
                        file,
                        group,
                        seconds,
                    });
                }
            }
            Ok::<_, Fault>((counts, pieces, bytes))
        };
        let gather = |_, (more, mut found, size): (Counts, Vec<Piece>, u64)| {
            counts.join(more);
            pieces.append(&mut found);
            bytes += size;
            Ok(())
        };
        self.pool.in_order(task.files.len(), look, gather)?;

        let rows = counts.rows();
        let (threads, most) = self.share(rows, bytes);
        let mut ends = Vec::new();
        let mut files = Vec::new();
        let outputs = task.outputs.clamp(1, rows.max(1));
        for file in 0..outputs {
            let (from, to) = (rows * file / outputs, rows * (file + 1) / outputs);
            let count = slices(to - from, most);
            for slice in 1..=count {
                ends.push(from + (to - from) * slice / count);
                files.push(file);
            }
        }
        let slices = files.into_iter().zip(counts.slices(&ends)).collect();
        Ok(Slices {
            pieces,
            slices,
            threads,
            rows: rows as u64,
        })
    }

    /// How many threads work, and how many rows each may hold: so many that all stay within the memory, and few
    /// threads rather than tiny row groups.
    fn share(&self, rows: usize, bytes: u64) -> (usize, usize) {
        let columns = self.layout.schema().fields().len();
        let text = usize::try_from(bytes).unwrap_or(usize::MAX) / rows.max(1);
        let row = text.saturating_add(columns * (VALUE + VIEW));
        let memory = self.options.memory;
        let rows = memory.saturating_sub(BESIDES).max(memory / 8) / row;
        let threads = (rows / WORTH).clamp(1, self.options.threads.max(1));
        let most = self.options.row_group_rows.clamp(1, lake::ROW_GROUP_ROWS);
        (threads, (rows / threads).max(FEWEST).min(most))
    }

    fn write(&self, task: &Task, slices: &Slices, done: &mut Vec<NewFile>) -> Result<(), Fault> {
        let mut open: Option<(usize, FileWriter)> = None;
        let work = |place: usize| {
            let (_, slice) = slices.slices[place];
            self.encode(task, &slices.pieces, slice)
        };
        let append = |place: usize, group: EncodedRowGroup| {
            let file = slices.slices[place].0;
            let mut writer = match open.take() {
                Some((current, writer)) if current == file => writer,
                other => {
                    if let Some((_, writer)) = other {
                        done.push(writer.finish()?);
                    }
                    FileWriter::create_under(self.lake, self.layout, task.date)?
                }
            };
            let rows = group.rows();
            writer.append(group)?;
            open = Some((file, writer));
            self.progress.rows(rows);
            Ok(())
        };
        self.pool
            .some_in_order(slices.slices.len(), slices.threads, work, append)?;
        if let Some((_, writer)) = open {
            done.push(writer.finish()?);
        }
        Ok(())
    }

    /// One slice as a row group.
    fn encode(
        &self,
        task: &Task,
        pieces: &[Piece],
        slice: Slice,
    ) -> Result<EncodedRowGroup, Fault> {
        let columns = self.layout.schema().fields().len();
        let mut parts: Vec<Vec<ArrayRef>> = vec![Vec::new(); columns];
        let mut finder = Finder::new(slice);
        let mut backfill = Backfill::new(self.layout)?;
        let mut open: Option<(usize, DataFile)> = None;
        for piece in pieces.iter().filter(|piece| slice.meets(piece)) {
            let data = match open.take() {
                Some((file, data)) if file == piece.file => data,
                _ => self.lake.data_file(&task.files[piece.file])?,
            };
            let ranges = finder.next(&data.times(piece.group)?);
            if !ranges.is_empty() {
                let old = task.files[piece.file].layout < self.layout.number;
                for arrays in data.read(piece.group, ranges.into_iter(), self.layout)? {
                    let arrays = arrays?;
                    let batches = match old {
                        true => backfill.rows(&arrays)?,
                        false => vec![arrays],
                    };
                    for (part, array) in batches.into_iter().flatten().enumerate() {
                        parts[part % columns].push(array);
                    }
                }
            }
            open = Some((piece.file, data));
        }
        let arrays = self.sorted(parts)?;
        let rows = arrays.first().map_or(0, |array| array.len());
        let values = |place: usize| {
            let array = &arrays[place];
            match self.layout.takes_long(place) {
                true => {
                    let texts = array.as_string_view().iter();
                    Values::Long(texts.map(|text| text.map(str::as_bytes)).collect())
                }
                false => ArrayRef::clone(array).into(),
            }
        };
        self.layout
            .encode_each(self.scratch, rows, |place| Ok(values(place)))
    }

    /// The rows in the order of row groups. Column by column, so that little is there twice.
    fn sorted(&self, parts: Vec<Vec<ArrayRef>>) -> Result<Vec<ArrayRef>, Fault> {
        let schema = self.layout.schema();
        let [source, name, time] = lake::SORT_COLUMNS.map(|column| schema.index_of(column));
        let join = |place: usize| -> Result<ArrayRef, Fault> {
            let arrays: Vec<&dyn Array> = parts[place].iter().map(AsRef::as_ref).collect();
            Ok(concat(&arrays)?)
        };
        let (source, name, time) = (join(source?)?, join(name?)?, join(time?)?);
        let (source, name) = (source.as_string_view(), name.as_string_view());
        let time = time.as_primitive::<TimestampMicrosecondType>();
        let mut order: Vec<u32> = (0..time.len() as u32).collect();
        // Nulls are less than any value. Stable: equal rows stay as they came.
        order.sort_by_cached_key(|&row| {
            let row = row as usize;
            (
                source.is_valid(row).then(|| source.value(row)),
                name.is_valid(row).then(|| name.value(row)),
                time.is_valid(row).then(|| time.value(row)),
            )
        });
        let order = UInt32Array::from(order);
        let columns = parts.iter().map(|arrays| {
            let arrays: Vec<&dyn Array> = arrays.iter().map(Arc::as_ref).collect();
            Ok(take(&concat(&arrays)?, &order, None)?)
        });
        columns.collect()
    }

    /// Looks whether the new files hold as many events as the old ones, by what was read, by the log where it knows,
    /// and by the footers of the new files.
    fn check(&self, task: &Task, read: u64, new: &[NewFile]) -> Result<(), Fault> {
        let sum =
            |count: fn(&lake::File) -> u64| new.iter().map(|new| count(new.file())).sum::<u64>();
        let mut footers = 0;
        for file in new {
            footers += self.lake.data_file(file.file())?.rows();
        }
        let ours = task.files.iter().all(|file| file.layout > 0);
        let logged = if ours { task.rows() } else { read };
        let conflicts = task.files.iter().map(|file| file.conflicts).sum::<u64>();
        let written = sum(|file| file.rows);
        let same = [logged, written, footers].iter().all(|rows| *rows == read);
        match same && (!ours || conflicts == sum(|file| file.conflicts)) {
            true => Ok(()),
            false => Err(Fault::Rows {
                before: logged,
                after: written,
            }),
        }
    }
}
