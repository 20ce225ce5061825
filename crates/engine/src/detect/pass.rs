//! The pass that rules share: one scan, and for each event that it gives the rules that the event meets.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use arrow::array::AsArray;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::execute_stream_partitioned;
use futures::StreamExt;
use rules::check::Value;
use rules::ecs::{self, Geo};
use rules::evaluate::{Event, JsonEvent, Program};
use rules::load::LoadedRule;
use rules::rule::Body;
use rules::run::Match;
use rules::{Condition, Field};
use tokio::task::JoinSet;
use translator::{Catalog, Timeframe};

use super::plan::{self, Column, Columns, Record};
use super::screen::Screen;
use super::tails::Tails;
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
    condition: Condition,
    program: Program,
    /// The times `[from, to)` of the events that count.
    reads: (i64, i64),
    fields: Vec<Source>,
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
    screen: Arc<Screen>,
    working: Vec<Working>,
    geo: Option<Arc<dyn Geo + Send + Sync>>,
}

/// What one thread found.
#[derive(Default)]
struct Found {
    /// For each condition its matches.
    matches: Vec<Vec<Match>>,
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
            let Body::Events { condition, .. } = &rule.rule.body else {
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
                        fields: fields.iter().map(Source::of).collect(),
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
        if let (Some(reads), Some(events)) = (reads, events) {
            passed.untimed = events.untimed;
            let conditions: Vec<&Condition> =
                working.iter().map(|working| &working.condition).collect();
            let screen =
                Screen::new(&Column::all(&events.columns), &conditions).map_err(|message| {
                    // A condition that a program was made of makes a screen as well.
                    Error::Interrupted(message)
                })?;
            let screen = Arc::new(screen);
            let logical = plan::scan(events.source, Arc::clone(&screen), reads)?;
            let counted = functions::Figures::default();
            let context = self.session(&counted);
            let plan = context.state().create_physical_plan(&logical).await?;
            passed.figures.planning = began.elapsed();
            passed
                .readings
                .extend(context.state().config().get_extension());
            let streams = execute_stream_partitioned(Arc::clone(&plan), context.task_ctx())?;
            let shared = Arc::new(Shared {
                screen,
                working,
                geo: options.geo.clone(),
            });
            let mut threads = JoinSet::new();
            for stream in streams {
                threads.spawn(read(stream, Arc::clone(&shared)));
            }
            while let Some(found) = threads.join_next().await {
                let found = found.map_err(|error| Error::Interrupted(error.to_string()))??;
                for (number, more) in numbers.iter().zip(found.matches) {
                    matches[*number].extend(more);
                }
                passed.parsed += found.parsed;
                passed.figures.json_bytes_parsed += found.json_bytes;
            }
            passed.figures.count(&plan);
            passed.figures.files = self.files();
            passed.figures.files_read = scanned_files(&plan);
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
        self.name_events(passed.outcomes.values_mut(), &mut passed.figures)
            .await?;
        passed.figures.elapsed = began.elapsed();
        Ok(passed)
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
            let text: Option<&str> = match value {
                Value::String(text) => Some(text),
                Value::Number(text) => Some(text),
                Value::Boolean(true) => Some("true"),
                Value::Boolean(false) => Some("false"),
                // An array gives its elements besides; an object is no value to group by.
                Value::Json(_) | Value::Null => None,
            };
            if let Some(text) = text
                && !values.iter().any(|known| **known == *text)
            {
                values.push(text.into());
            }
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

async fn read(mut stream: SendableRecordBatchStream, shared: Arc<Shared>) -> Result<Found, Error> {
    let screen = &shared.screen;
    let mut memory = screen.memory();
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
        let contents = batch.column(first + Record::NAMES.len()).as_string_view();
        for row in 0..batch.num_rows() {
            let (time, content) = (record.time(row), contents.value(row));
            screen.candidates(&mut memory, &columns, (row, content), &mut candidates);
            candidates.retain(|number| {
                let working = shared.working.get(*number as usize);
                working.is_some_and(|working| (working.reads.0..working.reads.1).contains(&time))
            });
            if candidates.is_empty() {
                continue;
            }
            // What the lake holds was JSON when it was taken in.
            let Ok(event) = JsonEvent::new(content) else {
                continue;
            };
            let event = match &shared.geo {
                Some(geo) => event.with_geo(geo.as_ref()),
                None => event,
            };
            found.parsed += 1;
            found.json_bytes += content.len() as u64;
            let mut identity = None;
            for number in &candidates {
                let working = &shared.working[*number as usize];
                if !working.program.holds(&event) {
                    continue;
                }
                let id = identity.get_or_insert_with(|| record.identity(row));
                found.matches[*number as usize].push(Match {
                    time,
                    id: Arc::clone(id),
                    values: working
                        .fields
                        .iter()
                        .map(|field| field.values(&event))
                        .collect(),
                });
            }
        }
    }
    Ok(found)
}
