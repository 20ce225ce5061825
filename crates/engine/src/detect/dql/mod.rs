//! Rules in DQL: each is a query, whose plan is made as for anybody, with the events carried along that its records are
//! made of (`carry`), and without those that a team knows (`narrow`). What their plans ask of the table is scanned once for
//! all of them (`feed`, `share`); a query with several scans, which would wait for each other, reads by itself. What
//! becomes of the records is in `alerts`.

mod alerts;
mod any_of;
mod carry;
mod events;
mod feed;
mod narrow;
mod planned;
mod route;
mod share;
mod taking;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use arrow::record_batch::RecordBatch;
use datafusion::common::DataFusionError;
use datafusion::datasource::source::DataSourceExec;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::logical_expr::{LogicalPlanBuilder, col};
use datafusion::physical_plan::{ExecutionPlan, execute_stream, execute_stream_partitioned};
use datafusion::prelude::SessionContext;
use functions::document::Form;
use futures::StreamExt;
use lake::cloudtrail::house;
use rules::load::LoadedRule;
use rules::rule::Query;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use translator::{Catalog, OutputField, Timeframe};

use super::{DetectOptions, Outcome};
use crate::archive::Readings;
use crate::figures::Figures;
use crate::query::{records, scanned_files};
use crate::{Engine, Error, scan, session};
use alerts::Found;
use feed::Fed;
use planned::Planned;
use taking::Takings;

/// How many queries share a scan. Each holds what its own plan gathers.
const TOGETHER: usize = 64;

/// How many batches of records wait to be taken.
const WAITING: usize = 8;

/// A rule in DQL, by its place among all rules.
pub(super) type DqlRule<'a> = (usize, &'a LoadedRule, &'a Query);

/// What rules in DQL gave.
pub(super) struct Queried<'a> {
    /// By the places of the rules.
    pub(super) outcomes: Vec<(usize, Outcome<'a>)>,
    pub(super) figures: Figures,
    pub(super) readings: Vec<Arc<Readings>>,
}

/// A rule that is run: its place among the takings, and its plan.
type Run<'a> = (usize, Planned<'a>);

/// What a query says: some of its records, or that it has ended.
enum Said {
    Found(Vec<Found>),
    Ended(Result<(), Error>),
}

impl Engine {
    /// Runs rules in DQL; about `limit` bytes of alerts are held, and more are on disk. `progress` is told what comes next,
    /// and how many of them are done.
    ///
    /// # Errors
    /// Where alerts can't be put to disk, or the events that they name can't be read.
    pub(super) async fn dql_rules<'a>(
        &self,
        rules: Vec<DqlRule<'a>>,
        options: &DetectOptions,
        limit: Option<usize>,
        progress: &(dyn Fn(&str, usize) + Send + Sync),
    ) -> Result<Queried<'a>, Error> {
        let mut takings = Takings::new(rules.len(), options, limit);
        let mut readings = Vec::new();
        let (mut fit, mut alone) = (Vec::new(), Vec::new());
        for rule in rules {
            match self.planned_rule(rule, options).await {
                Err(error) => takings.failed(rule, error),
                Ok(mut planned) => {
                    let place = takings.planned(&mut planned);
                    match self.fed(&planned, options).await {
                        Some(fed) => fit.push(((place, planned), fed)),
                        None => alone.push((place, planned)),
                    }
                }
            }
        }
        // One alone is scanned as queries are.
        if fit.len() == 1 {
            alone.extend(fit.pop().map(|(run, _)| run));
        }
        let count = fit.len() + alone.len();
        let mut fit = fit.into_iter().peekable();
        while fit.peek().is_some() {
            let (runs, fed): (Vec<Run<'a>>, Vec<Fed>) = fit.by_ref().take(TOGETHER).unzip();
            let what = format!("{} queries in one scan", runs.len());
            progress(&what, count - alone.len() - fit.len() - runs.len());
            alone.extend(self.share(runs, fed, &mut takings, &mut readings).await?);
        }
        let left = alone.len();
        for (done, (place, planned)) in alone.into_iter().enumerate() {
            progress(&planned.rule.1.rule.about.id, count - left + done);
            let began = Instant::now();
            let ran = self.run_alone(place, &planned, options, &mut takings, &mut readings);
            match ran.await {
                Ok(()) => {}
                Err(error @ Error::Spill(_)) => return Err(error),
                Err(error) => takings.fails(place, error),
            }
            takings.cost(place, began.elapsed());
        }
        let (outcomes, figures) = takings.end(self).await?;
        Ok(Queried {
            outcomes,
            figures,
            readings,
        })
    }

    /// Runs queries over one scan, or the few that one takes. Gives those back that have to read by themselves.
    async fn share<'a>(
        &self,
        runs: Vec<Run<'a>>,
        fed: Vec<Fed>,
        takings: &mut Takings<'a>,
        readings: &mut Vec<Arc<Readings>>,
    ) -> Result<Vec<Run<'a>>, Error> {
        let began = Instant::now();
        let spent: Vec<Arc<AtomicU64>> = fed.iter().map(|_| Arc::default()).collect();
        let mut plans = Vec::new();
        let mut wants = Vec::new();
        for (fed, spent) in fed.into_iter().zip(&spent) {
            plans.push(fed.plan);
            wants.push((fed.wants, Arc::clone(spent)));
        }
        let context = self.session(&functions::Figures::default());
        let scans = match self.shared_scans(&context, &runs, &wants).await {
            Ok(scans) => scans,
            Err(_) => return Ok(runs),
        };
        // Each way has senders of its own: where the last has ended, no row comes any more.
        drop(wants);
        let mut scanned = Vec::new();
        let mut pumps = JoinSet::new();
        for shared in scans.into_iter().map(Arc::new) {
            let state = context.state();
            let plan = Arc::clone(&shared.plan);
            let parted = plan.repartitioned(self.settings.threads, state.config_options())?;
            let plan = parted.unwrap_or(plan);
            let footers = self.environment.cache_manager.get_file_metadata_cache();
            let lean = match plan.downcast_ref::<DataSourceExec>() {
                Some(exec) => scan::lean(exec, &footers)?,
                None => None,
            };
            let plan = lean.unwrap_or(plan);
            let parts = execute_stream_partitioned(Arc::clone(&plan), context.task_ctx())?;
            for (partition, rows) in parts.into_iter().enumerate() {
                pumps.spawn(Arc::clone(&shared).pump(partition, rows));
            }
            scanned.push(plan);
        }
        let (out, mut said) = mpsc::channel(WAITING);
        let mut tasks = JoinSet::new();
        for (number, ((_, planned), plan)) in runs.iter().zip(&plans).enumerate() {
            let rows = execute_stream(Arc::clone(plan), planned.context.task_ctx());
            let (fields, out) = (planned.fields.clone(), out.clone());
            tasks.spawn(async move {
                let ended = match rows {
                    Ok(rows) => tell(rows, &fields, number, &out).await,
                    Err(error) => Err(error.into()),
                };
                // Nobody listens where the whole has failed.
                let _ = out.send((number, Said::Ended(ended))).await;
            });
        }
        drop(out);
        let mut again = vec![false; runs.len()];
        while let Some((number, said)) = said.recv().await {
            let Some((place, _)) = runs.get(number) else {
                continue;
            };
            match said {
                Said::Found(found) => takings.take(self, *place, found).await?,
                Said::Ended(Ok(())) => {}
                // What many at once have no room for, one may.
                Said::Ended(Err(Error::Run(error))) if is_short_of_memory(&error) => {
                    takings.forget(*place);
                    again[number] = true;
                }
                Said::Ended(Err(error)) => takings.fails(*place, error),
            }
        }
        while let Some(ended) = pumps.join_next().await {
            ended.map_err(|error| Error::Interrupted(error.to_string()))?;
        }
        while let Some(ended) = tasks.join_next().await {
            ended.map_err(|error| Error::Interrupted(error.to_string()))?;
        }
        let mut cost = Figures {
            files: self.files(),
            elapsed: began.elapsed(),
            ..Figures::default()
        };
        for plan in &scanned {
            cost.count(plan);
            cost.files_read = cost.files_read.max(scanned_files(plan));
        }
        for ((place, planned), (plan, spent)) in runs.iter().zip(plans.iter().zip(&spent)) {
            cost.json_bytes_parsed += planned.counted.json_bytes_parsed();
            cost.patterns_given_up += planned.counted.patterns_given_up();
            let scanning = Duration::from_nanos(spent.load(Ordering::Relaxed));
            takings.cost(*place, scanning + computed(plan));
        }
        takings.figures.add(&cost);
        readings.extend(context.state().config().get_extension());
        let runs = runs.into_iter().zip(again);
        Ok(runs
            .filter_map(|(run, again)| again.then_some(run))
            .collect())
    }

    /// The scans that give queries what they want.
    async fn shared_scans(
        &self,
        context: &SessionContext,
        runs: &[Run<'_>],
        wants: &[share::Wanted],
    ) -> Result<Vec<share::Shared>, Error> {
        if self.archive.is_none() {
            let events = self.catalog().events(Timeframe::default());
            let columns = events.into_iter().flat_map(|events| events.columns);
            let json = columns.filter(|column| column.form == Form::Json);
            let heavy = json.map(|column| column.name);
            let heavy = heavy.chain([house::CONTENT.to_owned()]).collect();
            return Ok(share::of_lake(wants, self.settings.threads, &heavy)?);
        }
        let frames = runs.iter().map(|(_, planned)| planned.timeframe);
        let whole = frames.reduce(|a, b| Timeframe {
            from: a.from.zip(b.from).map(|(a, b)| a.min(b)),
            to: a.to.zip(b.to).map(|(a, b)| a.max(b)),
        });
        let events = self.catalog().events(whole.unwrap_or_default());
        let events =
            events.ok_or_else(|| Error::Interrupted("there are no archives".to_owned()))?;
        let columns = share::columns_of_archive(wants);
        let logical = LogicalPlanBuilder::scan("cloudtrail", events.source, None)?
            .project(columns.iter().map(|name| col(name.as_str())))?
            .build()?;
        let plan = context.state().create_physical_plan(&logical).await?;
        Ok(vec![share::of_archive(wants, plan)?])
    }

    /// Runs one query by itself.
    async fn run_alone<'a>(
        &self,
        place: usize,
        planned: &Planned<'a>,
        options: &DetectOptions,
        takings: &mut Takings<'a>,
        readings: &mut Vec<Arc<Readings>>,
    ) -> Result<(), Error> {
        let began = Instant::now();
        let context = &planned.context;
        let state = session::planner(context, &options.query);
        let plan = state.create_physical_plan(&planned.logical).await?;
        let counted = planned.counted.clone();
        let fields = planned.fields.to_vec();
        let mut answer = self.answer(began, counted, context, plan, fields, &options.query)?;
        while let Some(batch) = answer.next_batch().await? {
            let found = of_batch(&batch, &planned.fields)?;
            takings.take(self, place, found).await?;
        }
        takings.figures.add(&answer.figures());
        readings.push(answer.readings());
        Ok(())
    }
}

/// Tells the records of the query `number`, batch by batch.
async fn tell(
    mut rows: SendableRecordBatchStream,
    fields: &[OutputField],
    number: usize,
    out: &mpsc::Sender<(usize, Said)>,
) -> Result<(), Error> {
    while let Some(batch) = rows.next().await {
        let found = of_batch(&batch?, fields)?;
        if out.send((number, Said::Found(found))).await.is_err() {
            break;
        }
    }
    Ok(())
}

/// The records of a batch: its first columns are those of the fields, and one behind them has the events.
fn of_batch(batch: &RecordBatch, fields: &[OutputField]) -> Result<Vec<Found>, Error> {
    let records = records(batch, fields)?;
    let events = match batch.columns().get(fields.len()) {
        Some(events) => events::read(events),
        None => vec![events::Oldest::default(); records.len()],
    };
    Ok(records.into_iter().zip(events).collect())
}

/// The time that the operators of a plan have worked.
fn computed(plan: &Arc<dyn ExecutionPlan>) -> Duration {
    let own = plan.metrics().and_then(|metrics| metrics.elapsed_compute());
    let own = Duration::from_nanos(own.unwrap_or_default() as u64);
    plan.children()
        .into_iter()
        .map(computed)
        .fold(own, Duration::saturating_add)
}

fn is_short_of_memory(error: &DataFusionError) -> bool {
    matches!(error.find_root(), DataFusionError::ResourcesExhausted(_))
}
