//! Rows to data files: all threads encode row groups, one writes them.

use lake::{FileWriter, Lake, Layout, NewFile};

use crate::Error;
use crate::batch::Batch;
use crate::fold::Fold;
use crate::job::{Free, Job};
use crate::sort::{Day, days, sort};

/// Bytes that a value takes while its row group is encoded: its view, and its share of pages and dictionaries.
pub(crate) const VALUE: usize = 24;

/// Writes what is new of a batch to data files, which are durable and in no snapshot yet. Says when the last row group is
/// at work.
pub(crate) fn write(
    batch: &Batch,
    fold: &Fold,
    job: &Job,
    free: &Free,
) -> Result<Vec<NewFile>, Error> {
    let (lake, options) = (&job.lake, &job.options);
    let most = options.row_group_rows.clamp(1, lake::ROW_GROUP_ROWS);
    let days = days(batch, &fold.kept(), most);
    let groups: Vec<(usize, usize)> = days
        .iter()
        .enumerate()
        .flat_map(|(day, rows)| (0..rows.groups.len()).map(move |group| (day, group)))
        .collect();
    let largest = groups
        .iter()
        .map(|&(day, group)| days[day].groups[group].len())
        .max()
        .unwrap_or_default();
    let mut files = Files {
        lake,
        layout: &job.layout,
        days: &days,
        open: None,
        done: Vec::new(),
    };
    let encode = |place: usize| {
        let (day, group) = groups[place];
        if place + 1 == groups.len() {
            free.tell();
        }
        let rows = &sort(batch, &days[day].groups[group]);
        job.layout.encode_each(&job.scratch, rows.len(), |place| {
            Ok::<_, Error>(batch.values_of(rows, fold.conflicts(), place, &job.layout)?)
        })
    };
    let take = |place: usize, group: lake::EncodedRowGroup| {
        let rows = group.rows();
        files.append(groups[place].0, group)?;
        job.progress.written(rows);
        Ok(())
    };
    match job
        .pool
        .some_in_order(groups.len(), encoders(job, largest), encode, take)
        .and_then(|()| files.finish())
    {
        Ok(()) => Ok(files.done),
        Err(error) => {
            lake.discard(&files.done);
            Err(error)
        }
    }
}

/// How many row groups may be encoded at once in the half of the memory that is for writing.
fn encoders(job: &Job, rows: usize) -> usize {
    let group = rows * job.layout.schema().fields().len() * VALUE;
    (job.options.memory / 2 / group.max(1)).clamp(1, job.pool.threads())
}

/// The data files of a batch, written one after the other.
struct Files<'a> {
    lake: &'a Lake,
    layout: &'a Layout,
    days: &'a [Day],
    open: Option<(usize, FileWriter)>,
    done: Vec<NewFile>,
}

impl Files<'_> {
    fn append(&mut self, day: usize, group: lake::EncodedRowGroup) -> Result<(), Error> {
        let mut writer = match self.open.take() {
            Some((open, writer)) if open == day => writer,
            other => {
                self.open = other;
                self.finish()?;
                FileWriter::create_under(self.lake, self.layout, self.days[day].date)?
            }
        };
        writer.append(group)?;
        self.open = Some((day, writer));
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Error> {
        if let Some((_, writer)) = self.open.take() {
            self.done.push(writer.finish()?);
        }
        Ok(())
    }
}
