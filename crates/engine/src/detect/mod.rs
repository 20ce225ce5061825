//! Detection: rules of any origin over a lake, and their alerts.
//!
//! Rules in DQL are queries, which share scans (`dql`). All others share one pass over the lake: what events must be is told
//! from columns as far as they say it (`screen`), and only for what is left from the records themselves (`pass`); what is
//! made of the matches over time is [`rules::run`]'s (`tails`). In the end the events that alerts name are read (`named`).
//! Matches and alerts that memory can't hold are on disk meanwhile (`spill`, `sink`).

mod alert;
mod alerts;
mod dql;
mod named;
mod pass;
mod plan;
mod row_test;
mod sampled;
mod screen;
mod sink;
mod spill;
mod tails;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rules::ecs::Geo;
use rules::load::LoadedRule;
use rules::rule::Body;
use rules::{Condition, run};
use syntax::Diagnostic;
use translator::OutputField;

pub use alert::{Alert, NamedEvent};
pub use alerts::Alerts;

use crate::archive::Readings;
use crate::figures::Figures;
use crate::query::QueryOptions;
use crate::{Engine, Error};

/// How rules are run.
#[derive(Clone)]
pub struct DetectOptions {
    /// The timeframe of the alerts, what `now()` is, and the time zone.
    pub query: QueryOptions,
    /// How many alerts a run of a rule gives at most, instead of what the rule says.
    pub max_signals: Option<u64>,
    /// How many of its events an alert names at most.
    pub events: usize,
    /// What all events must be besides.
    pub only: Option<Condition>,
    /// Who knows where addresses are.
    pub geo: Option<Arc<dyn Geo + Send + Sync>>,
}

impl Default for DetectOptions {
    fn default() -> Self {
        DetectOptions {
            query: QueryOptions::default(),
            max_signals: None,
            events: 100,
            only: None,
            geo: None,
        }
    }
}

impl std::fmt::Debug for DetectOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DetectOptions")
            .field("query", &self.query)
            .field("max_signals", &self.max_signals)
            .field("events", &self.events)
            .field("only", &self.only)
            .finish_non_exhaustive()
    }
}

/// What one rule found.
#[derive(Debug)]
pub struct Outcome<'a> {
    /// The rule.
    pub rule: &'a LoadedRule,
    /// For a rule in DQL, what the records of its alerts hold; nothing for others.
    pub fields: Vec<OutputField>,
    /// The alerts, by time, or for DQL as the query gives them; or why the rule could not be run.
    pub alerts: Result<Alerts, Error>,
    /// What a reader should know of a rule's query.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether its events only feed correlations, and it gives no alerts of its own.
    pub silent: bool,
    /// What the rule cost.
    pub figures: RuleFigures,
}

/// The figures of one rule.
#[derive(Clone, Debug, Default)]
pub struct RuleFigures {
    /// Events that met its condition; for DQL the records that its query gave.
    pub matched: u64,
    /// For a query that read by itself the time from its start to its last record, for one that shared a scan the time of all
    /// threads that was spent on its rows. For rules that share the pass the time of all threads that was spent on what the
    /// screen left for them: asking records, taking values, and what was made of the matches over time; not the scan. It is
    /// sampled. Correlations are run together, and each has the time of all.
    pub elapsed: Duration,
    /// What became of its matches over time.
    pub time: run::Figures,
}

/// What all rules found, and what that cost.
#[derive(Debug)]
pub struct Detection<'a> {
    /// One for each rule, in the order of the rules.
    pub outcomes: Vec<Outcome<'a>>,
    /// What all scans cost.
    pub figures: Figures,
    /// Events that the shared pass read from their records, not from columns alone.
    pub parsed: u64,
    /// Events without a time, which no window sees; only counted where rules share a pass.
    pub untimed: u64,
    /// What each scan read of archives, and what was wrong with it.
    pub readings: Vec<Arc<Readings>>,
}

impl Engine {
    /// Runs rules. A rule that can't be run is an outcome too: the others go on. `progress` is told the name of what
    /// comes next, and how many of the rules are done. Must be called on a runtime made by [`crate::runtime`].
    ///
    /// # Errors
    /// Where the pass that rules share fails.
    pub async fn detect<'a>(
        &self,
        rules: &'a [LoadedRule],
        options: &DetectOptions,
        progress: &(dyn Fn(&str, usize) + Send + Sync),
    ) -> Result<Detection<'a>, Error> {
        let mut found: BTreeMap<usize, Outcome<'a>> = BTreeMap::new();
        let queries = rules.iter().enumerate();
        let queries = queries.filter_map(|(number, rule)| match &rule.rule.body {
            Body::Query(query) => Some((number, rule, query)),
            _ => None,
        });
        let queried = self
            .dql_rules(
                queries.collect(),
                options,
                spill::share(self.settings.memory),
                progress,
            )
            .await?;
        let (mut figures, mut readings) = (queried.figures, queried.readings);
        found.extend(queried.outcomes);
        let shared: Vec<(usize, &LoadedRule)> = rules
            .iter()
            .enumerate()
            .filter(|(number, _)| !found.contains_key(number))
            .collect();
        let (mut parsed, mut untimed) = (0, 0);
        if !shared.is_empty() {
            progress("one pass for all others", found.len());
            let passed = self.shared_pass(&shared, options).await?;
            figures.add(&passed.figures);
            (parsed, untimed) = (passed.parsed, passed.untimed);
            readings.extend(passed.readings);
            found.extend(passed.outcomes);
        }
        Ok(Detection {
            outcomes: found.into_values().collect(),
            figures,
            parsed,
            untimed,
            readings,
        })
    }
}
