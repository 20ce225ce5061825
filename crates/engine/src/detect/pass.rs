//! The pass that rules share: one scan, and for each event that it gives the rules that the event meets.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

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

use super::named::{NAMED, Named, Texts};
use super::plan::{self, Column, Columns, Record};
use super::sampled::Sampled;
use super::screen::{self, Screen, Seeks, Sought};
use super::sink::{Sink, unspilled};
use super::spill::{self, Item, Merged, Sorter};
use super::tails::{Ended, Tails};
use super::{DetectOptions, Outcome, RuleFigures};
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
    /// The rule's place among those of the pass, and the group in which its matches are taken.
    place: u32,
    group: u32,
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
struct Found {
    /// The matches, sorted.
    matches: Sorter,
    /// Records that were parsed.
    parsed: u64,
    json_bytes: u64,
    /// For each condition the time spent on it.
    spent: Vec<Sampled>,
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
        let share = spill::share(self.settings.memory);
        let mut working = Vec::new();
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
                        place: place as u32,
                        group: tails.group(place),
                        condition,
                        program,
                        reads,
                        sources: fields.iter().map(Source::of).collect(),
                        fields: fields.to_vec(),
                        named: matches!(then, Then::Each) && suppression.is_none(),
                    });
                }
                Err(message) => tails.refuse(place, message),
            }
        }
        let mut sorters = Vec::new();
        let mut spent = vec![Duration::ZERO; rules.len()];
        let reads = working.iter().map(|working| working.reads);
        let reads = reads.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        let events = reads.and_then(|(from, to)| {
            let timeframe = Timeframe {
                from: (from > i64::MIN).then_some(from),
                to: (to < i64::MAX).then_some(to),
            };
            self.catalog().events(timeframe)
        });
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
            let mut streams = Vec::new();
            for scan in scans {
                let (screen, source) = (Arc::clone(&scan.screen), Arc::clone(&events.source));
                let logical = plan::scan(source, screen, reads, scan.contents)?;
                let plan = context.state().create_physical_plan(&logical).await?;
                let scan = Arc::new(scan);
                for stream in execute_stream_partitioned(Arc::clone(&plan), context.task_ctx())? {
                    streams.push((stream, Arc::clone(&scan)));
                }
                plans.push(plan);
            }
            let limit = share.map(|share| share / streams.len().max(1));
            let mut threads = JoinSet::new();
            for (stream, scan) in streams {
                let sorter = Sorter::new(limit);
                threads.spawn(read(stream, scan, Arc::clone(&shared), sorter));
            }
            passed.figures.planning = began.elapsed();
            passed
                .readings
                .extend(context.state().config().get_extension());
            let places: Vec<u32> = shared.working.iter().map(|working| working.place).collect();
            while let Some(found) = threads.join_next().await {
                let found = found.map_err(|error| Error::Interrupted(error.to_string()))??;
                for (place, time) in places.iter().zip(&found.spent) {
                    spent[*place as usize] += time.total();
                }
                sorters.push(found.matches);
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
        let mut sink = Sink::new(rules.len(), share);
        let figures = &mut passed.figures;
        let ended = self.over_time(tails, sorters, &mut sink, figures).await?;
        let alerts = sink.end(self, figures).await?;
        let ended = ended.into_iter().zip(spent);
        for (((ended, spent), alerts), (number, rule)) in ended.zip(alerts).zip(rules) {
            passed.outcomes.insert(
                *number,
                Outcome {
                    rule,
                    fields: Vec::new(),
                    alerts: match ended.refused {
                        Some(error) => Err(error),
                        None => Ok(alerts),
                    },
                    diagnostics: Vec::new(),
                    silent: ended.silent,
                    figures: RuleFigures {
                        matched: ended.matched,
                        elapsed: spent + ended.spent,
                        time: ended.figures,
                    },
                },
            );
        }
        passed.figures.elapsed = began.elapsed();
        Ok(passed)
    }

    /// What the tails make of the matches; their alerts go into the sink.
    async fn over_time(
        &self,
        mut tails: Tails<'_>,
        sorters: Vec<Sorter>,
        sink: &mut Sink,
        figures: &mut Figures,
    ) -> Result<Vec<Ended>, Error> {
        let mut matches = Merged::of(sorters).map_err(unspilled)?;
        let mut found = Vec::new();
        while let Some(mut item) = matches.next().map_err(unspilled)? {
            let place = item.place as usize;
            let (identity, event) = (Arc::clone(&item.event.id), item.named.take());
            if let Some(event) = event.as_ref().filter(|_| tails.is_late(place)) {
                sink.know(&identity, Arc::clone(event));
            }
            tails.push(place, item.event, &mut found);
            for (place, alert) in found.drain(..) {
                let event = event.as_ref().map(|event| (&identity, event));
                sink.push(place, alert, event);
            }
            if sink.is_full() {
                sink.spill(self, figures).await?;
            }
        }
        let ended = tails.end(&mut found);
        for (place, alert) in found {
            sink.push(place, alert, None);
        }
        Ok(ended)
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
            let sought = rules.map(|((number, working), told)| Sought {
                number,
                condition: &working.condition,
                fields: &working.fields,
                told: *told,
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
    matches: Sorter,
) -> Result<Found, Error> {
    let screen = &scan.screen;
    let mut memory = screen.memory();
    let mut texts = Texts::default();
    let mut candidates = Vec::new();
    let mut found = Found {
        matches,
        parsed: 0,
        json_bytes: 0,
        spent: vec![Sampled::default(); shared.working.len()],
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
            let mut told = None;
            for candidate in &candidates {
                let working = &shared.working[candidate.number as usize];
                let spent = &mut found.spent[candidate.number as usize];
                let began = spent.begin();
                let values = match (candidate.certain, &event) {
                    (Some(certain), _) => Some(screen.values(&mut memory, &columns, row, certain)),
                    (None, Some(event)) if working.program.holds(event) => {
                        let sources = working.sources.iter();
                        Some(sources.map(|source| source.values(event)).collect())
                    }
                    (None, _) => None,
                };
                spent.end(began);
                let Some(values) = values else { continue };
                let id = identity.get_or_insert_with(|| record.identity(row));
                let named = working.named.then(|| {
                    let told = told.get_or_insert_with(|| Arc::new(named.event(row, &mut texts)));
                    Arc::clone(told)
                });
                let item = Item {
                    group: working.group,
                    place: working.place,
                    event: Match {
                        time,
                        id: Arc::clone(id),
                        values,
                    },
                    named,
                };
                found.matches.push(item).map_err(unspilled)?;
            }
        }
    }
    found.matches.sort();
    Ok(found)
}

/// The records' texts, where the scan reads them.
fn contents<'a>(scan: &Scan, batch: &'a RecordBatch, place: usize) -> Option<&'a StringViewArray> {
    let column = batch.columns().get(place).filter(|_| scan.contents)?;
    column.as_string_view_opt()
}
