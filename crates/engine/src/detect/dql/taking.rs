//! The records of rules as they come, made into alerts.

use std::time::Duration;

use super::DqlRule;
use super::alerts::{self, Found, Records};
use super::planned::Planned;
use crate::detect::sink::Sink;
use crate::detect::{Alerts, DetectOptions, Outcome, RuleFigures};
use crate::figures::Figures;
use crate::{Engine, Error};
use rules::rule::Then;
use rules::run::Timeline;
use syntax::Diagnostic;
use translator::OutputField;

/// Takes the records of rules in DQL, and gives what became of each.
pub(super) struct Takings<'a> {
    rules: Vec<Taking<'a>>,
    sink: Sink,
    /// How many events an alert names at most.
    most: usize,
    pub(super) figures: Figures,
}

/// What one rule gives.
struct Taking<'a> {
    rule: DqlRule<'a>,
    fields: Vec<OutputField>,
    diagnostics: Vec<Diagnostic>,
    /// Nothing once it has failed.
    records: Option<Records<'a>>,
    /// For a rule with a schedule, what it makes of all records, and those.
    timeline: Option<(Timeline, Vec<Found>)>,
    error: Option<Error>,
    figures: RuleFigures,
}

impl<'a> Takings<'a> {
    /// Of no rule yet; alerts beyond about `limit` bytes go to disk.
    pub(super) fn new(rules: usize, options: &DetectOptions, limit: Option<usize>) -> Takings<'a> {
        Takings {
            rules: Vec::new(),
            sink: Sink::new(rules, limit),
            most: options.events,
            figures: Figures::default(),
        }
    }

    /// One more rule, which can't be run.
    pub(super) fn failed(&mut self, rule: DqlRule<'a>, error: Error) {
        self.rules.push(Taking {
            rule,
            fields: Vec::new(),
            diagnostics: Vec::new(),
            records: None,
            timeline: None,
            error: Some(error),
            figures: RuleFigures::default(),
        });
    }

    /// One more rule; gives its place.
    pub(super) fn planned(&mut self, planned: &mut Planned<'a>) -> usize {
        let rule = planned.rule;
        self.rules.push(Taking {
            rule,
            fields: planned.fields.to_vec(),
            diagnostics: std::mem::take(&mut planned.diagnostics),
            records: Some(Records::new(rule.1, planned.fields.clone())),
            timeline: planned
                .timeline
                .take()
                .map(|timeline| (timeline, Vec::new())),
            error: None,
            figures: RuleFigures::default(),
        });
        self.rules.len() - 1
    }

    /// Takes records of the rule at `place`.
    ///
    /// # Errors
    /// Where alerts can't be put to disk.
    pub(super) async fn take(
        &mut self,
        engine: &Engine,
        place: usize,
        found: Vec<Found>,
    ) -> Result<(), Error> {
        let Some(rule) = self.rules.get_mut(place) else {
            return Ok(());
        };
        rule.figures.matched += found.len() as u64;
        match (&mut rule.timeline, &mut rule.records) {
            (Some((_, all)), _) => all.extend(found),
            (None, Some(records)) => {
                for record in found {
                    self.sink.push(place, records.alert(record), None);
                }
            }
            (None, None) => {}
        }
        if self.sink.is_full() {
            self.sink.spill(engine, &mut self.figures).await?;
        }
        Ok(())
    }

    /// Says that the rule at `place` has failed, and what it cost.
    pub(super) fn fails(&mut self, place: usize, error: Error) {
        if let Some(rule) = self.rules.get_mut(place) {
            rule.error = Some(error);
        }
    }

    /// Says that the rule at `place` begins anew.
    pub(super) fn forget(&mut self, place: usize) {
        self.sink.forget(place);
        if let Some(rule) = self.rules.get_mut(place) {
            rule.figures.matched = 0;
            if let Some(records) = &mut rule.records {
                records.forget();
            }
            if let Some((_, found)) = &mut rule.timeline {
                found.clear();
            }
        }
    }

    /// Says what the rule at `place` cost.
    pub(super) fn cost(&mut self, place: usize, elapsed: Duration) {
        if let Some(rule) = self.rules.get_mut(place) {
            rule.figures.elapsed = elapsed;
        }
    }

    /// What became of each rule, by its place among all rules.
    ///
    /// # Errors
    /// Where the events that alerts name can't be read, or alerts can't be put to disk.
    pub(super) async fn end(
        mut self,
        engine: &Engine,
    ) -> Result<(Vec<(usize, Outcome<'a>)>, Figures), Error> {
        for (place, rule) in self.rules.iter_mut().enumerate() {
            let (Some((timeline, found)), Some(records)) =
                (rule.timeline.take(), rule.records.take())
            else {
                continue;
            };
            let (alerts, time) =
                alerts::over_time(records, rule.rule.2, timeline, found, self.most);
            rule.figures.time = time;
            for alert in alerts {
                self.sink.push(place, alert, None);
            }
            if self.sink.is_full() {
                self.sink.spill(engine, &mut self.figures).await?;
            }
        }
        let lists = self.sink.end(engine, &mut self.figures).await?;
        let outcomes = self.rules.into_iter().zip(lists);
        let outcomes = outcomes.map(|(rule, alerts)| (rule.rule.0, rule.outcome(alerts)));
        Ok((outcomes.collect(), self.figures))
    }
}

impl<'a> Taking<'a> {
    fn outcome(self, alerts: Alerts) -> Outcome<'a> {
        let (_, rule, query) = self.rule;
        Outcome {
            rule,
            // Of many records none is the alert's.
            fields: match query.then {
                Then::Threshold { .. } => Vec::new(),
                _ => self.fields,
            },
            alerts: match self.error {
                Some(error) => Err(error),
                None => Ok(alerts),
            },
            diagnostics: self.diagnostics,
            silent: false,
            figures: self.figures,
        }
    }
}
