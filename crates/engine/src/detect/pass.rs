//! The pass that rules share: one scan, and for each event that it gives the rules that the event meets.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use arrow::array::{AsArray, StringViewArray};
use arrow::record_batch::RecordBatch;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::execute_stream_partitioned;
use futures::StreamExt;
use rules::check::Value;
use rules::ecs::{self, Geo};
use rules::evaluate::{Event, JsonEvent, Program};
use rules::load::LoadedRule;
use rules::rule::{Body, Then};
use rules::run::Match;
use rules::{Condition, Field};
use tokio::task::JoinSet;
use translator::{Catalog, Timeframe};

use super::named::{Events, NAMED, Named, Texts};
use super::plan::{self, Column, Columns, Record};
use super::screen::{self, Screen, Seeks, Sought};
use super::tails::Tails;
use super::{DetectOptions, NamedEvent, Outcome, RuleFigures};
use crate::archive::Readings;
use crate::figures::Figures;
use crate::query::scanned_files;
use crate::{Engine, Error};

/// What the pass gave.
pub(super) struct Passed<'a> {
    pub(super) outcomes: BTreeMap<usize, Outcome<'a>>,
    pub(super) figures: Figures,
    pub(super) parsed: u64,
    pub(super) untimed: u64,
    pub(super) readings: Vec<Arc<Readings>>,
}

/// A condition at work, and what its matches give.
struct Working {
    condition: Condition,
    program: Program,
    /// The times `[from, to)` of the events that count.
    reads: (i64, i64),
    /// The fields whose values a match has, and where they come from in a record.
    fields: Vec<Field>,
    sources: Vec<Source>,
    /// Whether each match is an alert of its own, which names the event.
    named: bool,
}

/// Where the values of a match come from.
enum Source {
    Path(Vec<String>),
    Ecs(ecs::EcsField),
    /// A field that no event has.
    Nowhere,
}

/// What all threads of the pass share.
struct Shared {
    working: Vec<Working>,
    geo: Option<Arc<dyn Geo + Send + Sync>>,
}

/// A scan of the pass.
struct Scan {
    screen: Arc<Screen>,
    /// Whether it reads the records' texts.
    contents: bool,
}

/// What one thread found.
#[derive(Default)]
struct Found {
    /// For each condition its matches.
    matches: Vec<Vec<Match>>,
    /// Those that alerts of their own name.
    named: Vec<(Arc<str>, Arc<NamedEvent>)>,
    /// Records that were parsed.
    parsed: u64,
    json_bytes: u64,
}

impl Engine {
    /// Runs all rules that are no queries.
    pub(super) async fn shared_pass<'a>(
        &self,
        rules: &[(usize, &'a LoadedRule)],
        options: &DetectOptions,
    ) -> Result<Passed<'a>, Error> {
        let began = Instant::now();
        let time = &options.query.timeframe;
        let run = rules::run::Options {
            from: time.from.unwrap_or(i64::MIN),
            to: time.to.unwrap_or(i64::MAX),
            max_signals: options.max_signals,
            events: options.events,
            begins: None,
        };
        let mut tails = Tails::new(rules, &run);
        let mut passed = Passed {
            outcomes: BTreeMap::new(),
            figures: Figures::default(),
            parsed: 0,
            untimed: 0,
            readings: Vec::new(),
        };
        let mut working = Vec::new();
        let mut numbers = Vec::new();
        for (place, (_, rule)) in rules.iter().enumerate() {
            let Body::Events {
                condition,
                then,
                suppression,
                ..
            } = &rule.rule.body
            else {
                continue;
            };
            let Some((fields, reads)) = tails.asks(place) else {
                continue;
            };
            let condition = match &options.only {
                Some(only) => Condition::All(vec![only.clone(), condition.clone()]),
                None => condition.clone(),
            };
            match Program::of(&condition) {
                Ok(program) => {
                    working.push(Working {
                        condition,
                        program,
                        reads,
                        sources: fields.iter().map(Source::of).collect(),
                        fields: fields.to_vec(),
                        named: matches!(then, Then::Each) && suppression.is_none(),
                    });
                    numbers.push(place);
                }
                Err(message) => tails.refuse(place, message),
            }
        }
        let mut matches: Vec<Vec<Match>> = rules.iter().map(|_| Vec::new()).collect();
        let reads = working.iter().map(|working| working.reads);
        let reads = reads.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        let events = reads.and_then(|(from, to)| {
            let timeframe = Timeframe {
                from: (from > i64::MIN).then_some(from),
                to: (to < i64::MAX).then_some(to),
            };
            self.catalog().events(timeframe)
        });
        let mut named = Events::default();
        if let (Some(reads), Some(events)) = (reads, events) {
            passed.untimed = events.untimed;
            let scans = self.scans(&Column::all(&events.columns), &working)?;
            let shared = Arc::new(Shared {
                working,
                geo: options.geo.clone(),
            });
            let counted = functions::Figures::default();
            let context = self.session(&counted);
            let mut plans = Vec::new();
            let mut threads = JoinSet::new();
            for scan in scans {
                let (screen, source) = (Arc::clone(&scan.screen), Arc::clone(&events.source));
                let logical = plan::scan(source, screen, reads, scan.contents)?;
                let plan = context.state().create_physical_plan(&logical).await?;
                let scan = Arc::new(scan);
                for stream in execute_stream_partitioned(Arc::clone(&plan), context.task_ctx())? {
                    threads.spawn(read(stream, Arc::clone(&scan), Arc::clone(&shared)));
                }
                plans.push(plan);
            }
            passed.figures.planning = began.elapsed();
            passed
                .readings
                .extend(context.state().config().get_extension());
            while let Some(found) = threads.join_next().await {
                let found = found.map_err(|error| Error::Interrupted(error.to_string()))??;
                for (number, more) in numbers.iter().zip(found.matches) {
                    matches[*number].extend(more);
                }
                named.extend(found.named);
                passed.parsed += found.parsed;
                passed.figures.json_bytes_parsed += found.json_bytes;
            }
            for plan in &plans {
                let mut cost = Figures::default();
                cost.count(plan);
                cost.files = self.files();
                cost.files_read = scanned_files(plan);
                passed.figures.add(&cost);
            }
        }
        for (place, ended) in tails.end(matches).into_iter().enumerate() {
            let Some((number, rule)) = rules.get(place) else {
                continue;
            };
            passed.outcomes.insert(
                *number,
                Outcome {
                    rule,
                    fields: Vec::new(),
                    alerts: ended.alerts,
                    diagnostics: Vec::new(),
                    silent: ended.silent,
                    figures: RuleFigures {
                        matched: ended.matched,
                        elapsed: std::time::Duration::ZERO,
                        time: ended.figures,
                    },
                },
            );
        }
        self.name_events(passed.outcomes.values_mut(), named, &mut passed.figures)
            .await?;
        passed.figures.elapsed = began.elapsed();
        Ok(passed)
    }

    /// The scans of the pass. Of a lake, those rules that columns tell wholly have one that reads no records, and one of the
    /// few rows in which such a column is mistyped; only the other rules have one that reads records as it goes. Archives are
    /// read once.
    fn scans(&self, declared: &[Column], working: &[Working]) -> Result<Vec<Scan>, Error> {
        let told = |working: &Working| screen::told(declared, &working.condition, &working.fields);
        let told: Vec<bool> = working.iter().map(told).collect();
        let scan = |which: Option<bool>, seeks: Seeks| {
            let contents = seeks != Seeks::Certain;
            let rules = (0_u32..).zip(working).zip(&told);
            let rules = rules.filter(|(_, told)| which.is_none_or(|which| which == **told));
            let sought = rules.map(|((number, working), _)| Sought {
                number,
                condition: &working.condition,
                fields: &working.fields,
            });
            let sought: Vec<Sought<'_>> = sought.collect();
            // A condition that a program was made of makes a screen as well.
            Screen::new(declared, &sought, seeks)
                .map(|screen| Scan {
                    screen: Arc::new(screen),
                    contents,
                })
                .map_err(Error::Interrupted)
        };
        if self.archive.is_some() {
            return Ok(vec![scan(None, Seeks::All)?]);
        }
        let mut scans = Vec::new();
        if told.contains(&true) {
            scans.push(scan(Some(true), Seeks::Certain)?);
            scans.push(scan(Some(true), Seeks::Doubtful)?);
        }
        if told.contains(&false) {
            scans.push(scan(Some(false), Seeks::All)?);
        }
        Ok(scans)
    }
}

impl Source {
    fn of(field: &Field) -> Source {
        match field {
            Field::Path(path) => Source::Path(path.clone()),
            Field::Ecs(name) => ecs::find(name).map_or(Source::Nowhere, Source::Ecs),
            // No rule groups by all values there are.
            Field::Anywhere => Source::Nowhere,
        }
    }

    /// The texts of the values, each once, in the order in which they come first.
    fn values(&self, event: &JsonEvent<'_>) -> Vec<Arc<str>> {
        let mut values: Vec<Arc<str>> = Vec::new();
        let mut visit = |value: &Value<'_>| {
            screen::note(value, &mut values);
            false
        };
        match self {
            Source::Path(path) => event.path(path, &mut visit),
            Source::Ecs(field) => event.ecs(field, &mut visit),
            Source::Nowhere => false,
        };
        values
    }
}

async fn read(
    mut stream: SendableRecordBatchStream,
    scan: Arc<Scan>,
    shared: Arc<Shared>,
) -> Result<Found, Error> {
    let screen = &scan.screen;
    let mut memory = screen.memory();
    let mut texts = Texts::default();
    let mut candidates = Vec::new();
    let mut found = Found {
        matches: shared.working.iter().map(|_| Vec::new()).collect(),
        ..Found::default()
    };
    while let Some(batch) = stream.next().await {
        let batch = batch?;
        let columns = Columns::new(screen.columns(), batch.columns())?;
        let first = screen.columns().len() + 1;
        let record = Record::new(&batch, first)?;
        let first = first + Record::NAMES.len();
        let named = Named::new(&batch, &record, first)?;
        let contents = contents(&scan, &batch, first + NAMED.len());
        for row in 0..batch.num_rows() {
            let time = record.time(row);
            let content = contents.map(|contents| contents.value(row));
            screen.candidates(&mut memory, &columns, (row, content), &mut candidates);
            candidates.retain(|candidate| {
                let working = shared.working.get(candidate.number as usize);
                working.is_some_and(|working| (working.reads.0..working.reads.1).contains(&time))
            });
            let certain = |candidate: &screen::Candidate| candidate.certain.is_some();
            let event = match content {
                Some(content) if !candidates.iter().all(certain) => {
                    found.parsed += 1;
                    found.json_bytes += content.len() as u64;
                    // What the lake holds was JSON when it was taken in.
                    JsonEvent::new(content).ok()
                }
                _ => None,
            };
            let event = match (event, &shared.geo) {
                (Some(event), Some(geo)) => Some(event.with_geo(geo.as_ref())),
                (event, _) => event,
            };
            let mut identity = None;
            let mut is_named = false;
            for candidate in &candidates {
                let working = &shared.working[candidate.number as usize];
                let values = match (candidate.certain, &event) {
                    (Some(certain), _) => screen.values(&mut memory, &columns, row, certain),
                    (None, Some(event)) if working.program.holds(event) => {
                        let sources = working.sources.iter();
                        sources.map(|source| source.values(event)).collect()
                    }
                    (None, _) => continue,
                };
                let id = identity.get_or_insert_with(|| record.identity(row));
                if working.named && !is_named {
                    is_named = true;
                    let event = Arc::new(named.event(row, &mut texts));
                    found.named.push((Arc::clone(id), event));
                }
                found.matches[candidate.number as usize].push(Match {
                    time,
                    id: Arc::clone(id),
                    values,
                });
            }
        }
    }
    Ok(found)
}

/// The records' texts, where the scan reads them.
fn contents<'a>(scan: &Scan, batch: &'a RecordBatch, place: usize) -> Option<&'a StringViewArray> {
    let column = batch.columns().get(place).filter(|_| scan.contents)?;
    column.as_string_view_opt()
}
