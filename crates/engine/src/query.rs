//! One query: from its text to a stream of rows and the figures of the run.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::record_batch::RecordBatch;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::prelude::SessionContext;
use futures::StreamExt;
use jiff::tz::TimeZone;
use syntax::Diagnostic;
use translator::{OutputField, Timeframe, Translation};

use crate::archive::Readings;
use crate::batch::Batch;
use crate::figures::Figures;
use crate::session;
use crate::value::{self, Value};
use crate::{Engine, Error};

/// What `now()` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Now {
    /// That instant, in nanoseconds since 1970-01-01 UTC.
    At(i64),
    /// One second behind the newest event of the lake; the wall clock for a lake without events. Archives are read once
    /// more for it.
    Latest,
}

/// How a query is asked.
#[derive(Clone, Debug)]
pub struct QueryOptions {
    /// What `now()` is; the wall clock where nothing is said.
    pub now: Option<Now>,
    /// The timeframe of a `fetch` that has none of its own.
    pub timeframe: Timeframe,
    /// The time zone of alignment, series and timestamps without an offset.
    pub timezone: TimeZone,
    /// Whether JSON access is answered from columns; off for comparison.
    pub eliminate: bool,
    /// Whether DataFusion's logical optimizer rules are applied; off for comparison.
    pub optimize: bool,
    /// Whether scans are given the filters above them; off for comparison.
    pub pushdown: bool,
}

impl Default for QueryOptions {
    fn default() -> Self {
        QueryOptions {
            now: None,
            timeframe: Timeframe::default(),
            timezone: TimeZone::UTC,
            eliminate: true,
            optimize: true,
            pushdown: true,
        }
    }
}

/// A query on its way: rows come batch by batch, the figures are whole when they have ended.
pub struct Answer {
    /// The fields of the result, in order.
    pub fields: Vec<OutputField>,
    /// What a reader should know of the query; none of it is an error.
    pub diagnostics: Vec<Diagnostic>,
    /// The timeframe that was asked for.
    pub timeframe: Timeframe,
    /// What `now()` was.
    pub now: i64,
    pub(crate) plan: Arc<dyn ExecutionPlan>,
    stream: SendableRecordBatchStream,
    counted: functions::Figures,
    readings: Arc<Readings>,
    began: Instant,
    planning: Duration,
    files: u64,
    elapsed: Option<Duration>,
}

impl Answer {
    /// The next rows, each with a value a field; `None` behind the last.
    ///
    /// # Errors
    /// [`Error::Run`] where reading or computing fails.
    pub async fn next(&mut self) -> Result<Option<Vec<Vec<Value>>>, Error> {
        match self.next_records().await? {
            Some(batch) => Ok(Some(batch.records()?)),
            None => Ok(None),
        }
    }

    /// The next rows as they are, for those who need not have all values at once.
    ///
    /// # Errors
    /// As [`Answer::next`].
    pub async fn next_records(&mut self) -> Result<Option<Batch>, Error> {
        let batch = self.next_batch().await?;
        Ok(batch.map(|batch| Batch::new(batch, &self.fields)))
    }

    /// The next rows as Arrow has them.
    ///
    /// # Errors
    /// As [`Answer::next`].
    pub async fn next_batch(&mut self) -> Result<Option<RecordBatch>, Error> {
        match self.stream.next().await {
            Some(batch) => Ok(Some(batch?)),
            None => {
                self.elapsed.get_or_insert_with(|| self.began.elapsed());
                Ok(None)
            }
        }
    }

    /// All rows that are left.
    ///
    /// # Errors
    /// As [`Answer::next`].
    pub async fn rows(&mut self) -> Result<Vec<Vec<Value>>, Error> {
        let mut rows = Vec::new();
        while let Some(batch) = self.next().await? {
            rows.extend(batch);
        }
        Ok(rows)
    }

    /// What was read of archives so far, and what was wrong with it.
    pub fn readings(&self) -> Arc<Readings> {
        Arc::clone(&self.readings)
    }

    /// What the run has cost so far.
    pub fn figures(&self) -> Figures {
        let mut figures = Figures {
            elapsed: self.elapsed.unwrap_or_else(|| self.began.elapsed()),
            planning: self.planning,
            files: self.files,
            json_bytes_parsed: self.counted.json_bytes_parsed(),
            patterns_given_up: self.counted.patterns_given_up(),
            ..Figures::default()
        };
        figures.count(&self.plan);
        figures.files_read = scanned_files(&self.plan);
        if let Some(report) = self.readings.report() {
            figures.rows_scanned = report.records.written;
            figures.bytes_scanned = report.bytes.stored;
        }
        figures
    }
}

/// The rows of a batch, each with a value for a field. The first columns are those of the fields.
pub(crate) fn records(
    batch: &RecordBatch,
    fields: &[OutputField],
) -> datafusion::common::Result<Vec<Vec<Value>>> {
    let columns = batch.columns().iter().zip(fields);
    let columns: Vec<Vec<Value>> = columns
        .map(|(column, field)| value::values(column, &field.ty))
        .collect::<datafusion::common::Result<_>>()?;
    let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
    let row = |_| columns.iter_mut().filter_map(Iterator::next).collect();
    Ok((0..batch.num_rows()).map(row).collect())
}

/// The data files that the scans of a plan were given; one that is read by several is one.
pub(crate) fn scanned_files(plan: &Arc<dyn ExecutionPlan>) -> u64 {
    let mut paths = HashSet::new();
    gather_files(plan, &mut paths);
    paths.len() as u64
}

fn gather_files(plan: &Arc<dyn ExecutionPlan>, paths: &mut HashSet<object_store::path::Path>) {
    use datafusion::datasource::physical_plan::FileScanConfig;
    use datafusion::datasource::source::DataSourceExec;
    let config = plan
        .downcast_ref::<DataSourceExec>()
        .and_then(|scan| scan.data_source().downcast_ref::<FileScanConfig>());
    if let Some(config) = config {
        let files = config.file_groups.iter().flat_map(|group| group.files());
        // A large file may be read in several ranges.
        paths.extend(files.map(|file| file.object_meta.location.clone()));
    }
    for child in plan.children() {
        gather_files(child, paths);
    }
}

/// A query that was translated and is ready to be planned.
pub(crate) struct Translated {
    pub(crate) translation: Translation,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) now: i64,
}

impl Engine {
    /// Translates a query, without running it.
    pub(crate) fn translate(
        &self,
        text: &str,
        options: &QueryOptions,
    ) -> Result<Translated, Error> {
        let now = self.now(options.now);
        let asked = translator::Options {
            now,
            timeframe: options.timeframe,
            timezone: options.timezone.clone(),
            eliminate: options.eliminate,
        };
        match translator::dql(text, &self.catalog(), &asked) {
            (Some(translation), diagnostics) => Ok(Translated {
                translation,
                diagnostics,
                now,
            }),
            (None, diagnostics) => Err(Error::Query { diagnostics }),
        }
    }

    /// Runs a query. Must be called on a runtime made by [`crate::runtime`]: plans can be deep.
    ///
    /// # Errors
    /// [`Error::Query`] where the text is wrong, [`Error::Run`] where the plan can't be made.
    pub async fn query(&self, text: &str, options: &QueryOptions) -> Result<Answer, Error> {
        let began = Instant::now();
        self.prepare(options).await?;
        let counted = functions::Figures::default();
        let Translated {
            translation,
            diagnostics,
            now,
        } = self.translate(text, options)?;
        let context = self.session(&counted);
        let state = session::planner(&context, options);
        let plan = state.create_physical_plan(&translation.plan).await?;
        let mut answer =
            self.answer(began, counted, &context, plan, translation.fields, options)?;
        answer.diagnostics = diagnostics;
        answer.timeframe = translation.timeframe;
        answer.now = now;
        Ok(answer)
    }

    /// Learns what has to be known before a query can be translated.
    pub(crate) async fn prepare(&self, options: &QueryOptions) -> Result<(), Error> {
        match options.now {
            Some(Now::Latest) => self.survey().await,
            _ => Ok(()),
        }
    }

    /// Begins to run a plan that was made since `began`.
    pub(crate) fn answer(
        &self,
        began: Instant,
        counted: functions::Figures,
        context: &SessionContext,
        plan: Arc<dyn ExecutionPlan>,
        fields: Vec<OutputField>,
        options: &QueryOptions,
    ) -> datafusion::common::Result<Answer> {
        let planning = began.elapsed();
        let stream =
            datafusion::physical_plan::execute_stream(Arc::clone(&plan), context.task_ctx())?;
        Ok(Answer {
            fields,
            diagnostics: Vec::new(),
            timeframe: options.timeframe,
            now: self.now(options.now),
            plan,
            stream,
            counted,
            readings: context
                .state_ref()
                .read()
                .config()
                .get_extension()
                .unwrap_or_default(),
            began,
            planning,
            files: self.files(),
            elapsed: None,
        })
    }
}
