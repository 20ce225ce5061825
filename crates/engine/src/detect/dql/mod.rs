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
mod share;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use arrow::record_batch::RecordBatch;
use datafusion::common::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder, col};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::{ExecutionPlan, execute_stream, execute_stream_partitioned};
use datafusion::prelude::SessionContext;
use futures::StreamExt;
use rules::load::LoadedRule;
use rules::rule::{Query, Then};
use rules::run::Timeline;
use rules::{Condition, run};
use syntax::Diagnostic;
use tokio::task::JoinSet;
use translator::{Catalog, OutputField, Timeframe};

use super::plan::Column;
use super::{DetectOptions, Outcome, RuleFigures};
use crate::archive::Readings;
use crate::figures::Figures;
use crate::query::{Translated, records, scanned_files};
use crate::specialize::Specialize;
use crate::{Engine, Error, session};
use alerts::Found;
use feed::Fed;

/// How many queries share a scan. Each holds what its own plan gathers.
const TOGETHER: usize = 64;

/// A rule in DQL, by its place among all rules.
pub(super) type DqlRule<'a> = (usize, &'a LoadedRule, &'a Query);

/// What rules in DQL gave.
#[derive(Default)]
pub(super) struct Queried<'a> {
    /// By the places of the rules.
    pub(super) outcomes: Vec<(usize, Outcome<'a>)>,
    pub(super) figures: Figures,
    pub(super) readings: Vec<Arc<Readings>>,
}

/// A rule that was planned.
struct Planned<'a> {
    rule: DqlRule<'a>,
    timeline: Option<Timeline>,
    logical: LogicalPlan,
    fields: Vec<OutputField>,
    diagnostics: Vec<Diagnostic>,
    timeframe: Timeframe,
    context: SessionContext,
    counted: functions::Figures,
}

/// What a query gave, and the time that it took.
type Ran = (Result<Vec<Found>, Error>, Duration);

impl Engine {
    /// Runs rules in DQL. `progress` is told what comes next, and how many of them are done.
    pub(super) async fn dql_rules<'a>(
        &self,
        rules: Vec<DqlRule<'a>>,
        options: &DetectOptions,
        progress: &(dyn Fn(&str, usize) + Send + Sync),
    ) -> Queried<'a> {
        let mut queried = Queried::default();
        let (mut fit, mut alone) = (Vec::new(), Vec::new());
        for rule in rules {
            let planned = match self.planned(rule, options).await {
                Ok(planned) => planned,
                Err(error) => {
                    queried.outcomes.push((rule.0, failed(rule.1, error)));
                    continue;
                }
            };
            match self.fed(&planned, options).await {
                Some(fed) => fit.push((planned, fed)),
                None => alone.push(planned),
            }
        }
        // One alone is scanned as queries are.
        if fit.len() == 1 {
            alone.extend(fit.pop().map(|(planned, _)| planned));
        }
        let mut fit = fit.into_iter().peekable();
        while fit.peek().is_some() {
            let together: Vec<(Planned<'a>, Fed)> = fit.by_ref().take(TOGETHER).collect();
            let what = format!("{} queries in one scan", together.len());
            progress(&what, queried.outcomes.len());
            let (planned, fed): (Vec<_>, Vec<_>) = together.into_iter().unzip();
            match self.share(&planned, fed, &mut queried).await {
                Ok(ran) => {
                    for (planned, ran) in planned.into_iter().zip(ran) {
                        match ran {
                            // What many at once have no room for, one may.
                            (Err(Error::Run(error)), _) if is_short_of_memory(&error) => {
                                alone.push(planned);
                            }
                            ran => queried.end(planned, ran, options),
                        }
                    }
                }
                Err(_) => alone.extend(planned),
            }
        }
        for planned in alone {
            progress(&planned.rule.1.rule.about.id, queried.outcomes.len());
            let ran = self.run_alone(&planned, options, &mut queried).await;
            queried.end(planned, ran, options);
        }
        queried
    }

    async fn planned<'a>(
        &self,
        rule: DqlRule<'a>,
        options: &DetectOptions,
    ) -> Result<Planned<'a>, Error> {
        let (_, loaded, query) = rule;
        let mut asked = options.query.clone();
        let timeline = match &query.schedule {
            None => None,
            Some(schedule) => {
                let frame = &mut asked.timeframe;
                let run = run::Options {
                    from: frame.from.unwrap_or(i64::MIN),
                    to: frame.to.unwrap_or(i64::MAX),
                    max_signals: options.max_signals,
                    events: options.events,
                    begins: None,
                };
                let id = &loaded.rule.about.id;
                let timeline = Timeline::new(id, &query.then, Some(schedule), None, run)
                    .map_err(|unfit| refused(loaded, unfit.to_string()))?;
                let (from, to) = timeline.reads();
                *frame = Timeframe {
                    from: (from > i64::MIN).then_some(from),
                    to: (to < i64::MAX).then_some(to),
                };
                Some(timeline)
            }
        };
        self.prepare(&asked).await?;
        let Translated {
            translation,
            diagnostics,
            ..
        } = self.translate(&query.text, &asked)?;
        for name in query.needs() {
            if !translation.fields.iter().any(|field| field.name == name) {
                let message = format!(
                    "its schedule needs a field `{name}`, which its query's records do not have"
                );
                return Err(refused(loaded, message));
            }
        }
        let mut logical = translation.plan;
        let only: Vec<Condition> = options.only.iter().chain(&query.only).cloned().collect();
        if !only.is_empty() {
            let events = self.catalog().events(Timeframe::default());
            let declared = events.map(|events| Column::all(&events.columns));
            logical = narrow::narrowed(
                logical,
                &Condition::All(only),
                &declared.unwrap_or_default(),
            )
            .map_err(|message| refused(loaded, message))?;
        }
        if let Some(carried) = carry::carried(&logical, options.events) {
            logical = carried;
        }
        let counted = functions::Figures::default();
        Ok(Planned {
            rule,
            timeline,
            logical,
            fields: translation.fields,
            diagnostics,
            timeframe: translation.timeframe,
            context: self.session(&counted),
            counted,
        })
    }

    /// The rule's plan with its scan replaced; none where that can't be.
    async fn fed(&self, planned: &Planned<'_>, options: &DetectOptions) -> Option<Fed> {
        if !options.query.optimize || !options.query.pushdown {
            return None;
        }
        let state = general(&planned.context);
        let plan = state.create_physical_plan(&planned.logical).await.ok()?;
        feed::fed(&plan, &self.store).ok()?
    }

    /// Runs queries over one scan, or the few that one takes.
    async fn share(
        &self,
        planned: &[Planned<'_>],
        fed: Vec<Fed>,
        queried: &mut Queried<'_>,
    ) -> Result<Vec<Ran>, Error> {
        let began = Instant::now();
        let spent: Vec<Arc<AtomicU64>> = fed.iter().map(|_| Arc::default()).collect();
        let mut plans = Vec::new();
        let mut wants = Vec::new();
        for (fed, spent) in fed.into_iter().zip(&spent) {
            plans.push(fed.plan);
            wants.push((fed.wants, Arc::clone(spent)));
        }
        let counted = functions::Figures::default();
        let context = self.session(&counted);
        let scans = match &self.archive {
            None => share::of_lake(&wants, self.settings.threads)?,
            Some(_) => {
                let plan = self.archive_scan(&context, planned, &wants).await?;
                vec![share::of_archive(&wants, plan)?]
            }
        };
        // Each way has senders of its own: where the last has ended, no row comes any more.
        drop(wants);
        let mut scanned = Vec::new();
        let mut pumps = JoinSet::new();
        for scan in scans.into_iter().map(Arc::new) {
            let config = context.state();
            let options = config.config_options();
            let plan = Arc::clone(&scan.plan);
            let plan = match plan.repartitioned(self.settings.threads, options)? {
                Some(parted) => parted,
                None => plan,
            };
            for (partition, rows) in
                execute_stream_partitioned(Arc::clone(&plan), context.task_ctx())?
                    .into_iter()
                    .enumerate()
            {
                pumps.spawn(Arc::clone(&scan).pump(partition, rows));
            }
            scanned.push(plan);
        }
        let mut tasks = Vec::new();
        for (planned, plan) in planned.iter().zip(&plans) {
            let rows = execute_stream(Arc::clone(plan), planned.context.task_ctx());
            let fields = planned.fields.clone();
            tasks.push(tokio::spawn(async move { gathered(rows?, &fields).await }));
        }
        let mut ran = Vec::new();
        for (task, (plan, spent)) in tasks.into_iter().zip(plans.iter().zip(&spent)) {
            let found = task.await;
            let found = found.map_err(|error| Error::Interrupted(error.to_string()));
            let scanning = Duration::from_nanos(spent.load(Ordering::Relaxed));
            ran.push((found.flatten(), scanning + computed(plan)));
        }
        while let Some(pumped) = pumps.join_next().await {
            pumped.map_err(|error| Error::Interrupted(error.to_string()))?;
        }
        let mut cost = Figures::default();
        for plan in &scanned {
            cost.count(plan);
            cost.files_read = cost.files_read.max(scanned_files(plan));
        }
        cost.files = self.files();
        cost.elapsed = began.elapsed();
        let parsed = planned.iter().map(|planned| &planned.counted);
        for counted in parsed {
            cost.json_bytes_parsed += counted.json_bytes_parsed();
            cost.patterns_given_up += counted.patterns_given_up();
        }
        queried.figures.add(&cost);
        queried
            .readings
            .extend(context.state().config().get_extension());
        Ok(ran)
    }

    /// A scan of archives with all that queries ask of them.
    async fn archive_scan(
        &self,
        context: &SessionContext,
        planned: &[Planned<'_>],
        wants: &[share::Wanted],
    ) -> Result<Arc<dyn ExecutionPlan>, Error> {
        let frames = planned.iter().map(|planned| planned.timeframe);
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
        Ok(context.state().create_physical_plan(&logical).await?)
    }

    /// Runs one query by itself.
    async fn run_alone(
        &self,
        planned: &Planned<'_>,
        options: &DetectOptions,
        queried: &mut Queried<'_>,
    ) -> Ran {
        let began = Instant::now();
        let found = self.answered(planned, options, queried, began).await;
        (found, began.elapsed())
    }

    async fn answered(
        &self,
        planned: &Planned<'_>,
        options: &DetectOptions,
        queried: &mut Queried<'_>,
        began: Instant,
    ) -> Result<Vec<Found>, Error> {
        let context = &planned.context;
        let state = session::planner(context, &options.query);
        let plan = state.create_physical_plan(&planned.logical).await?;
        let counted = planned.counted.clone();
        let fields = planned.fields.clone();
        let mut answer = self.answer(began, counted, context, plan, fields, &options.query)?;
        let mut found = Vec::new();
        while let Some(batch) = answer.next_batch().await? {
            found.extend(of_batch(&batch, &planned.fields)?);
        }
        queried.figures.add(&answer.figures());
        queried.readings.push(answer.readings());
        Ok(found)
    }
}

impl<'a> Queried<'a> {
    /// Puts in what became of a rule.
    fn end(&mut self, planned: Planned<'a>, (found, elapsed): Ran, options: &DetectOptions) {
        let (place, rule, query) = planned.rule;
        let fields = planned.fields;
        let mut figures = RuleFigures {
            elapsed,
            ..RuleFigures::default()
        };
        let alerts = found.and_then(|found| {
            figures.matched = found.len() as u64;
            match planned.timeline {
                None => Ok(alerts::each(rule, &fields, found).into()),
                Some(timeline) => {
                    let most = options.events;
                    let (alerts, time) =
                        alerts::over_time(rule, query, timeline, &fields, found, most);
                    figures.time = time;
                    Ok(alerts.into())
                }
            }
        });
        let outcome = Outcome {
            rule,
            // Of many records none is the alert's.
            fields: match query.then {
                Then::Threshold { .. } => Vec::new(),
                _ => fields,
            },
            alerts,
            diagnostics: planned.diagnostics,
            silent: false,
            figures,
        };
        self.outcomes.push((place, outcome));
    }
}

/// The session's planner without scans that know their files: what a scan asks is to stand as it was meant.
fn general(context: &SessionContext) -> SessionState {
    let state = context.state();
    let rules = state.physical_optimizers().iter();
    let rules = rules.filter(|rule| rule.name() != Specialize.name());
    let rules = rules.cloned().collect();
    SessionStateBuilder::new_from_existing(state)
        .with_physical_optimizer_rules(rules)
        .build()
}

async fn gathered(
    mut rows: SendableRecordBatchStream,
    fields: &[OutputField],
) -> Result<Vec<Found>, Error> {
    let mut found = Vec::new();
    while let Some(batch) = rows.next().await {
        found.extend(of_batch(&batch?, fields)?);
    }
    Ok(found)
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

fn refused(rule: &LoadedRule, message: String) -> Error {
    Error::Rule {
        path: rule.rule.path.display().to_string(),
        message,
    }
}

fn failed(rule: &LoadedRule, error: Error) -> Outcome<'_> {
    Outcome {
        rule,
        fields: Vec::new(),
        alerts: Err(error),
        diagnostics: Vec::new(),
        silent: false,
        figures: RuleFigures::default(),
    }
}
