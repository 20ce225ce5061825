//! Queries straight over archives: ingest's own listing, decoder and folding behind a table that reads while a query runs.
//! Nothing is written, and nothing is known of the events before they are read.

mod readings;
mod scan;
mod table;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use datafusion::datasource::provider_as_source;
use ingest::{Options, Progress, Report, Selection};
use lake::{Layout, S3};
use translator::{EventColumn, Events, Timeframe};

use crate::{Error, Settings, catalog};

pub use readings::Readings;
pub(crate) use table::ArchiveTable;

/// Enough for all threads to have work, and few enough for the first records to come soon.
const BATCH_RECORDS: u64 = 1 << 16;

/// Memory for reading where none was said: an eighth of it each for the text of two batches.
const MEMORY: usize = 1 << 30;

/// CloudTrail archives that are asked as they are.
#[derive(Clone)]
pub struct Archive {
    /// Files, folders and `s3://` URLs.
    pub sources: Vec<PathBuf>,
    /// The bucket (`dt.system.bucket`) that the events are in.
    pub bucket: String,
    /// Records of a batch, about; memory may end it earlier. Two batches are in memory: one is read while the query has
    /// the other.
    pub batch_records: u64,
    /// Who is told how far each pass over the objects is. Several passes are told one after the other.
    pub progress: Arc<dyn Progress>,
}

impl Archive {
    /// The archives of `sources`, in the bucket that an ingest would put them in; nobody is told of progress.
    pub fn of(sources: Vec<PathBuf>) -> Archive {
        Archive {
            sources,
            bucket: Options::default().bucket,
            batch_records: BATCH_RECORDS,
            progress: ingest::quiet(),
        }
    }
}

impl fmt::Debug for Archive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Archive")
            .field("sources", &self.sources)
            .finish_non_exhaustive()
    }
}

/// The archives of an engine.
pub(crate) struct Source {
    archive: Archive,
    s3: S3,
    options: Options,
    /// Bytes that the ids of events may take in one pass, if there is a bound.
    ids: Option<usize>,
    /// What was listed, by the timeframe for which it was.
    listings: Mutex<Vec<(Timeframe, ingest::archive::Archive)>>,
    survey: OnceLock<Survey>,
}

/// What a pass over all objects found.
struct Survey {
    /// The first and the last event, in microseconds.
    span: Option<(i64, i64)>,
    report: Arc<Mutex<Report>>,
}

impl Source {
    /// Half of the memory is for the query; of the other half, a half each is for ids and for batches.
    pub(crate) async fn new(archive: Archive, settings: &Settings) -> Result<Source, Error> {
        ingest::look_at(&archive.sources, &settings.s3)
            .await
            .map_err(Arc::new)?;
        let memory = settings.memory.unwrap_or(MEMORY);
        Ok(Source {
            options: Options {
                bucket: archive.bucket.clone(),
                s3: settings.s3.clone(),
                batch_records: archive.batch_records,
                // Of which a batch takes a half.
                memory: memory / 4,
                threads: settings.threads,
                ..Options::default()
            },
            s3: settings.s3.clone(),
            ids: settings.memory.map(|memory| memory / 4),
            archive,
            listings: Mutex::default(),
            survey: OnceLock::new(),
        })
    }

    /// What the translator is told: that there may be anything in every column.
    pub(crate) fn events(self: &Arc<Self>, timeframe: Timeframe) -> Events {
        let layout = Layout::built_in();
        let columns = layout.columns.iter().map(|column| EventColumn {
            path: column.path.clone(),
            name: column.name.clone(),
            form: catalog::form(column.kind),
            // Nobody has counted: one is enough for the text to be asked where a record says so.
            mistyped: 1,
            listed: true,
        });
        Events {
            columns: columns.collect(),
            house: catalog::house_names(),
            over_limit: 1,
            covered: self.covered(),
            events: 0,
            untimed: 0,
            buckets: vec![self.archive.bucket.clone()],
            whole: "archive",
            source: provider_as_source(Arc::new(self.table(timeframe))),
        }
    }

    /// The events of a timeframe as a table, and perhaps others.
    pub(crate) fn table(self: &Arc<Self>, timeframe: Timeframe) -> ArchiveTable {
        ArchiveTable::new(Arc::clone(self), timeframe)
    }

    /// The first and the last event in nanoseconds, once a pass over all objects has found them.
    pub(crate) fn covered(&self) -> Option<(i64, i64)> {
        let (first, last) = self.survey.get()?.span?;
        Some((first.saturating_mul(1_000), last.saturating_mul(1_000)))
    }

    /// Reads all objects for the times of the first and the last event, unless that was done before.
    pub(crate) async fn survey(&self) -> Result<(), Error> {
        if self.survey.get().is_some() {
            return Ok(());
        }
        let archive = self.list(Timeframe::default()).await?;
        let progress = Arc::clone(&self.archive.progress);
        let mut reader = archive
            .read(|_| false, self.options.clone(), None, progress)
            .map_err(Arc::new)?;
        let report = reader.report();
        let span = tokio::task::spawn_blocking(move || reader.span())
            .await
            .map_err(|error| Error::Interrupted(error.to_string()))?;
        // Whoever was first has found the same.
        let _ = self.survey.set(Survey { span, report });
        Ok(())
    }

    /// The objects that may hold events of a timeframe, by the days of delivery in their names.
    async fn list(
        &self,
        timeframe: Timeframe,
    ) -> Result<ingest::archive::Archive, Arc<ingest::Error>> {
        let known = |listings: &Vec<(Timeframe, ingest::archive::Archive)>| {
            let found = listings.iter().find(|(listed, _)| *listed == timeframe);
            found.map(|(_, archive)| archive.clone())
        };
        let lock = || {
            let listings = self.listings.lock();
            listings.unwrap_or_else(std::sync::PoisonError::into_inner)
        };
        if let Some(archive) = known(&lock()) {
            return Ok(archive);
        }
        let selection = Selection {
            from: timeframe.from.map(|nanos| nanos.div_euclid(1_000)),
            to: timeframe
                .to
                .map(|nanos| nanos.div_euclid(1_000) + i64::from(nanos.rem_euclid(1_000) != 0)),
            ..Selection::default()
        };
        let archive = ingest::archive::Archive::list(&self.archive.sources, &selection, &self.s3)
            .await
            .map_err(Arc::new)?;
        lock().push((timeframe, archive.clone()));
        Ok(archive)
    }

    /// What queries begin to count with.
    pub(crate) fn readings(&self) -> Readings {
        let readings = Readings::default();
        if let Some(survey) = self.survey.get() {
            readings.read(Arc::clone(&survey.report));
        }
        readings
    }
}
