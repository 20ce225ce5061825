//! Archives read without a lake: the same objects, decoder and folding as an ingest's, given away batch by batch. Nothing
//! is written.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arrow::array::{Array, ArrayRef, AsArray, Date32Array, RecordBatch, RecordBatchOptions};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use hashbrown::HashSet;
use lake::cloudtrail::house;
use lake::{Column, Layout};

use crate::batch::{Batch, Places, Row};
use crate::begun::Begun;
use crate::block::Spare;
use crate::fetch::Fetch;
use crate::fold::Fold;
use crate::gather::{Gathered, Given, gather};
use crate::seen::{Again, Seen};
use crate::sort::day;
use crate::source::Object;
use crate::threads::Pool;
use crate::{Error, Options, Progress, Report, Selection, source};

/// The objects of some sources that a selection takes. Cheap to clone.
#[derive(Clone)]
pub struct Archive {
    objects: Arc<[Object]>,
    /// What the listing said.
    listed: Arc<Report>,
}

impl Archive {
    /// Lists `sources`, files, folders and `s3://` URLs. Needs a tokio runtime.
    ///
    /// # Errors
    /// [`Error`] where a source is not there or can't be listed. That a bucket has nothing of certain times is none.
    pub async fn list(
        sources: &[PathBuf],
        selection: &Selection,
        s3: &lake::S3,
    ) -> Result<Archive, Error> {
        let bounded = selection.from.is_some() || selection.to.is_some();
        let listing = source::list_any(sources, selection, s3, bounded).await?;
        Ok(Archive {
            listed: Arc::new(Report::listed(&listing)),
            objects: listing.objects.into(),
        })
    }

    /// How many objects will be read.
    pub fn objects(&self) -> u64 {
        self.objects.len() as u64
    }

    /// How many objects were found, those among them that are not selected. Folders of a bucket that the selection rules
    /// out are not listed, and not counted.
    pub fn found(&self) -> u64 {
        self.listed.objects.found
    }

    /// The events, each once. Of the declared columns only those that `keeps` says are looked for; `mistyped` tells of
    /// them alone. Of `options` count the bucket, and the memory, threads and records for each batch. `ids` bounds the
    /// bytes that the ids of events take, which are held until the end. Needs a tokio runtime, which must go on as long
    /// as the reader.
    ///
    /// # Errors
    /// [`Error::Column`] where the column table does not tell events apart, [`Error::Threads`] where the system gives none.
    pub fn read(
        &self,
        keeps: impl Fn(&Column) -> bool,
        options: Options,
        ids: Option<usize>,
        progress: Arc<dyn Progress>,
    ) -> Result<Reader, Error> {
        // Those that events are told apart by are always there.
        let needed = ["event_time", "event_id", "recipient_account_id"];
        let also = ["event_source", "event_name"];
        let columns: Vec<Column> = Layout::built_in()
            .columns
            .iter()
            .filter(|column| {
                let name = column.name.as_str();
                needed.contains(&name) || also.contains(&name) || keeps(column)
            })
            .cloned()
            .collect();
        let bytes = self.objects.iter().map(|object| object.size).sum();
        progress.listed(self.objects.len() as u64, bytes);
        Ok(Reader {
            places: Places::of(&columns)?,
            columns: columns.into(),
            fetch: Fetch::new(Arc::clone(&self.objects), &options),
            objects: Arc::clone(&self.objects),
            report: Arc::new(Mutex::new(self.listed.again())),
            seen: Seen::new(ids),
            progress,
            done: 0,
            begun: Vec::new(),
            spare: Spare::new(options.batch_memory()),
            pool: Pool::new(options.threads)?,
            options,
        })
    }
}

/// The fields that events have: those of a lake's data files and its partition, as a lake without columns of its own has
/// them.
pub fn schema() -> SchemaRef {
    let layout = Layout::built_in().schema();
    let date = Arc::new(Field::new(house::EVENT_DATE, DataType::Date32, true));
    let fields = layout.fields().iter().cloned().chain([date]);
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// Reads an archive from its first object to its last.
pub struct Reader {
    objects: Arc<[Object]>,
    fetch: Fetch,
    columns: Arc<[Column]>,
    places: Places,
    options: Options,
    progress: Arc<dyn Progress>,
    report: Arc<Mutex<Report>>,
    seen: Seen,
    /// Objects that are done or begun.
    done: usize,
    begun: Vec<Begun>,
    spare: Spare,
    pool: Pool,
}

impl Reader {
    /// What was read so far, and what was wrong with it. `written` counts the events that were given away.
    pub fn report(&self) -> Arc<Mutex<Report>> {
        Arc::clone(&self.report)
    }

    /// The next events, in no order that matters; `None` behind the last. Waits on the caller's thread, which must be one
    /// that may, and works on as many as the options say.
    ///
    /// # Errors
    /// [`Error::TooMany`] where ids take more memory than there is.
    pub fn next_events(&mut self) -> Result<Option<Events>, Error> {
        while !self.is_done() {
            let (batch, taken) = self.gather();
            let mut fold = Fold::new(&batch, &self.pool);
            let again = Again {
                objects: &self.objects,
                places: self.places,
                given: given(
                    &self.fetch,
                    &self.columns,
                    &self.options,
                    &(),
                    &self.spare,
                    &self.pool,
                ),
            };
            let more = self.done < self.objects.len() || !self.begun.is_empty();
            self.seen.fold(&batch, &mut fold, more, again)?;
            let rows = fold.kept();
            let kept = |row: &&Row| fold.conflicts().contains(*row);
            let mut report = lock(&self.report);
            report.records.written += rows.len() as u64;
            report.records.folded += taken - rows.len() as u64;
            report.records.conflicts += rows.iter().filter(kept).count() as u64;
            let untimed = |row: &&Row| batch.time(**row).is_none();
            report.records.untimed += rows.iter().filter(untimed).count() as u64;
            drop(report);
            if !rows.is_empty() {
                let conflicts = fold.conflicts().clone();
                return Ok(Some(Events {
                    columns: Arc::clone(&self.columns),
                    batch,
                    rows,
                    conflicts,
                }));
            }
        }
        Ok(None)
    }

    /// The times of the first and the last event, in microseconds since 1970-01-01 UTC; `None` where no event has one.
    /// Reads all that is left, and folds nothing. Waits likewise.
    pub fn span(&mut self) -> Option<(i64, i64)> {
        let mut span = None;
        while !self.is_done() {
            let (batch, _) = self.gather();
            for time in batch.rows().into_iter().filter_map(|row| batch.time(row)) {
                let (first, last) = span.get_or_insert((time, time));
                (*first, *last) = (time.min(*first), time.max(*last));
            }
        }
        span
    }

    fn is_done(&self) -> bool {
        self.done >= self.objects.len() && self.begun.is_empty()
    }

    /// A batch of records, and how many were taken in.
    fn gather(&mut self) -> (Batch, u64) {
        let begun = std::mem::take(&mut self.begun);
        let given = given(
            &self.fetch,
            &self.columns,
            &self.options,
            self.progress.as_ref(),
            &self.spare,
            &self.pool,
        );
        let Gathered {
            blocks,
            accounts,
            done,
            begun,
        } = gather(&self.objects, self.done, begun, given);
        (self.done, self.begun) = (done, begun);
        let mut report = lock(&self.report);
        let mut taken = 0;
        for (ordinal, account) in accounts {
            taken += account.records - account.rejected;
            report.enter(&self.objects[ordinal].name, account);
        }
        (Batch::new(self.places, blocks, &self.options.bucket), taken)
    }
}

fn given<'a>(
    fetch: &'a Fetch,
    columns: &'a [Column],
    options: &'a Options,
    progress: &'a dyn Progress,
    spare: &'a Spare,
    pool: &'a Pool,
) -> Given<'a> {
    Given {
        fetch,
        lake: None,
        columns,
        options,
        progress,
        spare,
        pool,
    }
}

fn lock(report: &Mutex<Report>) -> MutexGuard<'_, Report> {
    report.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Some events of an archive, in memory.
pub struct Events {
    columns: Arc<[Column]>,
    batch: Batch,
    rows: Vec<Row>,
    conflicts: HashSet<Row>,
}

impl Events {
    /// How many they are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The events from the `first` on, at most `most`, and of those as many as have about `bytes` of text, but one at
    /// least.
    pub fn part(&self, first: usize, most: usize, bytes: usize) -> Range<usize> {
        let mut sum = 0;
        let rest = self.rows.iter().skip(first).take(most);
        let fit = rest.take_while(|row| {
            let fits = sum <= bytes;
            sum += self.batch.content(**row).len();
            fits
        });
        first..first + fit.count()
    }

    /// The columns of [`schema`] at these places, for the events in `range`, in memory of their own. What was not looked
    /// for can't be given.
    ///
    /// # Errors
    /// Where a column was not looked for.
    pub fn columns(
        &self,
        range: Range<usize>,
        projection: &[usize],
    ) -> Result<RecordBatch, ArrowError> {
        let schema = Arc::new(schema().project(projection)?);
        let rows = self.rows.get(range).unwrap_or_default();
        let arrays: Vec<ArrayRef> = schema
            .fields()
            .iter()
            .map(|field| self.column(field, rows).map(own))
            .collect::<Result<_, _>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
        RecordBatch::try_new_with_options(schema, arrays, &options)
    }

    fn column(&self, field: &Field, rows: &[Row]) -> Result<ArrayRef, ArrowError> {
        let name = field.name();
        if let Some(place) = self.columns.iter().position(|column| column.name == *name) {
            return self.batch.column(rows, place);
        }
        if name == house::EVENT_DATE {
            let days = rows.iter().map(|&row| self.batch.time(row).map(day));
            return Ok(Arc::new(days.collect::<Date32Array>()));
        }
        self.batch.house(name, rows, &self.conflicts)
    }
}

/// The array without the text around its values, which would be held, and counted, as long as any of them.
fn own(array: ArrayRef) -> ArrayRef {
    match array.data_type() {
        DataType::Utf8View => Arc::new(array.as_string_view().gc()),
        _ => array,
    }
}
