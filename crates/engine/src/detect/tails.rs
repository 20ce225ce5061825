//! What is made of the matches: timelines of rules, and correlations over them.

use std::collections::HashMap;

use rules::Field;
use rules::load::LoadedRule;
use rules::rule::{Body, Schedule, Suppression, Then};
use rules::run::{self, Correlations, Match, Options, Part, Timeline};

use super::Alert;
use crate::Error;

/// The rules of a pass after it.
pub(super) struct Tails<'r> {
    tails: Vec<Tail<'r>>,
    correlations: Option<Correlations>,
}

/// One rule.
struct Tail<'r> {
    rule: &'r LoadedRule,
    /// None for a correlation, and for what can't be run.
    timeline: Option<Timeline>,
    schedule: Option<Schedule>,
    /// The fields of a match, those of the timeline first.
    fields: Vec<Field>,
    reads: (i64, i64),
    /// For an input of correlations: its number, and where the values that they ask for stand in a match.
    input: Option<(usize, Vec<usize>)>,
    /// For a correlation: its number among them.
    part: Option<usize>,
    silent: bool,
    refused: Option<String>,
}

/// What became of one rule.
pub(super) struct Ended {
    pub(super) alerts: Result<Vec<Alert>, Error>,
    pub(super) matched: u64,
    pub(super) figures: run::Figures,
    pub(super) silent: bool,
}

impl<'r> Tails<'r> {
    /// The tails of these rules.
    pub(super) fn new(rules: &[(usize, &'r LoadedRule)], options: &Options) -> Tails<'r> {
        let mut tails: Vec<Tail<'r>> = rules
            .iter()
            .map(|(_, rule)| Tail::new(rule, options))
            .collect();
        let correlations = correlate(&mut tails, options);
        Tails {
            tails,
            correlations,
        }
    }

    /// The fields whose values a match of a rule gives, and the times `[from, to)` that it is looked for at; none for a
    /// rule that looks for nothing itself.
    pub(super) fn asks(&self, place: usize) -> Option<(&[Field], (i64, i64))> {
        let tail = self.tails.get(place)?;
        let needed = tail.refused.is_none() && (tail.timeline.is_some() || tail.input.is_some());
        needed.then_some((tail.fields.as_slice(), tail.reads))
    }

    /// Says that a rule can't be run.
    pub(super) fn refuse(&mut self, place: usize, message: String) {
        if let Some(tail) = self.tails.get_mut(place) {
            tail.refused = Some(message);
        }
    }

    /// What became of each rule whose matches these are, in any order.
    pub(super) fn end(self, mut matches: Vec<Vec<Match>>) -> Vec<Ended> {
        for matches in &mut matches {
            matches.sort_unstable_by(|a, b| (a.time, &a.id).cmp(&(b.time, &b.id)));
        }
        let correlated = self
            .correlations
            .map(|correlations| correlated(correlations, &self.tails, &matches));
        let (mut of_parts, figures) = correlated.unwrap_or_default();
        let tails = self.tails.into_iter().zip(matches);
        tails
            .map(|(tail, matches)| {
                let matched = matches.len() as u64;
                if let Some(message) = tail.refused {
                    return Ended {
                        alerts: Err(Error::Rule {
                            path: tail.rule.rule.path.display().to_string(),
                            message,
                        }),
                        matched,
                        figures: run::Figures::default(),
                        silent: false,
                    };
                }
                let (alerts, figures) = match (tail.part, tail.timeline) {
                    (Some(part), _) => (of_parts.remove(&part).unwrap_or_default(), figures),
                    (None, Some(timeline)) => ended(timeline, matches),
                    (None, None) => (Vec::new(), run::Figures::default()),
                };
                let names = key_names(&tail.rule.rule.body);
                let alerts = alerts
                    .into_iter()
                    .map(|alert| alert_of(alert, &names, tail.schedule.as_ref()))
                    .collect();
                Ended {
                    alerts: Ok(alerts),
                    matched,
                    figures,
                    silent: tail.silent,
                }
            })
            .collect()
    }
}

impl<'r> Tail<'r> {
    fn new(rule: &'r LoadedRule, options: &Options) -> Tail<'r> {
        let mut tail = Tail {
            rule,
            timeline: None,
            schedule: None,
            fields: Vec::new(),
            reads: (options.from, options.to),
            input: None,
            part: None,
            silent: false,
            refused: None,
        };
        if let Body::Events {
            then,
            schedule,
            suppression,
            ..
        } = &rule.rule.body
        {
            tail.schedule = *schedule;
            let id = &rule.rule.about.id;
            let (schedule, suppression) = (schedule.as_ref(), suppression.as_ref());
            match Timeline::new(id, then, schedule, suppression, options.clone()) {
                Ok(timeline) => {
                    tail.fields = timeline.fields().to_vec();
                    tail.reads = timeline.reads();
                    tail.timeline = Some(timeline);
                }
                Err(unfit) => tail.refused = Some(unfit.to_string()),
            }
        }
        tail
    }
}

/// Puts the correlations among the rules to work over the others.
fn correlate(tails: &mut [Tail<'_>], options: &Options) -> Option<Correlations> {
    let mut parts = Vec::new();
    for tail in tails.iter_mut() {
        if let Body::Correlation(correlation) = &tail.rule.rule.body {
            tail.part = Some(parts.len());
            parts.push(Part {
                id: tail.rule.rule.about.id.clone(),
                correlation: correlation.clone(),
            });
        }
    }
    if parts.is_empty() {
        return None;
    }
    let correlations = match Correlations::new(&parts, options.clone()) {
        Ok(correlations) => correlations,
        Err(unfit) => {
            for tail in tails.iter_mut().filter(|tail| tail.part.is_some()) {
                tail.refused = Some(unfit.to_string());
            }
            return None;
        }
    };
    let (from, to) = correlations.reads();
    for (number, input) in correlations.inputs().iter().enumerate() {
        let found = tails
            .iter_mut()
            .find(|tail| tail.rule.rule.about.id == input.rule);
        let Some(tail) = found else { continue };
        let places = input.fields.iter().map(|field| {
            let known = tail.fields.iter().position(|known| known == field);
            known.unwrap_or_else(|| {
                tail.fields.push(field.clone());
                tail.fields.len() - 1
            })
        });
        let places = places.collect();
        tail.reads = (tail.reads.0.min(from), tail.reads.1.max(to));
        tail.input = Some((number, places));
        if !input.alerts {
            tail.silent = true;
            tail.timeline = None;
        }
    }
    Some(correlations)
}

/// The alerts of each correlation, by its number, and their figures together.
fn correlated(
    mut correlations: Correlations,
    tails: &[Tail<'_>],
    matches: &[Vec<Match>],
) -> (HashMap<usize, Vec<run::Alert>>, run::Figures) {
    let mut all = Vec::new();
    for (tail, matches) in tails.iter().zip(matches) {
        if let Some((input, places)) = &tail.input {
            all.extend(matches.iter().map(|found| (*input, places, found)));
        }
    }
    all.sort_by(|(_, _, a), (_, _, b)| (a.time, &a.id).cmp(&(b.time, &b.id)));
    let mut alerts: HashMap<usize, Vec<run::Alert>> = HashMap::new();
    for (input, places, found) in all {
        let event = Match {
            time: found.time,
            id: found.id.clone(),
            values: places
                .iter()
                .map(|place| found.values.get(*place).cloned().unwrap_or_default())
                .collect(),
        };
        // They are sorted, so that nothing is refused.
        let _ = correlations.push(input, event);
        while let Some((part, alert)) = correlations.next_alert() {
            alerts.entry(part).or_default().push(alert);
        }
    }
    let (rest, figures) = correlations.finish();
    for (part, alert) in rest {
        alerts.entry(part).or_default().push(alert);
    }
    (alerts, figures)
}

fn ended(mut timeline: Timeline, matches: Vec<Match>) -> (Vec<run::Alert>, run::Figures) {
    let fields = timeline.fields().len();
    let mut alerts = Vec::new();
    for mut found in matches {
        // What correlations ask for besides stands behind.
        found.values.truncate(fields);
        // They are sorted, so that nothing is refused.
        let _ = timeline.push(found);
        while let Some(alert) = timeline.next_alert() {
            alerts.push(alert);
        }
    }
    let (rest, figures) = timeline.finish();
    alerts.extend(rest);
    (alerts, figures)
}

/// What a timeline of its own makes of a rule's matches, in any order.
pub(super) fn over_time(
    rule: &LoadedRule,
    timeline: Timeline,
    schedule: Option<&Schedule>,
    mut matches: Vec<Match>,
) -> Ended {
    matches.sort_unstable_by(|a, b| (a.time, &a.id).cmp(&(b.time, &b.id)));
    let matched = matches.len() as u64;
    let (alerts, figures) = ended(timeline, matches);
    let names = key_names(&rule.rule.body);
    let alerts = alerts.into_iter();
    Ended {
        alerts: Ok(alerts
            .map(|alert| alert_of(alert, &names, schedule))
            .collect()),
        matched,
        figures,
        silent: false,
    }
}

/// The names of the fields in an alert's key.
fn key_names(body: &Body) -> Vec<String> {
    let names = |fields: &[Field]| fields.iter().map(field_name).collect();
    match body {
        Body::Events {
            then, suppression, ..
        } => match (then, suppression) {
            (Then::Threshold { by, .. }, _) => names(by),
            (Then::NewTerms { fields, .. }, _) => names(fields),
            (Then::Each, Some(Suppression { by, .. })) => names(by),
            (Then::Each, None) => Vec::new(),
        },
        Body::Correlation(correlation) => {
            let by = correlation.by.iter();
            by.map(|by| by.name.clone()).collect()
        }
        Body::Query(query) => match &query.then {
            Then::Threshold { by, .. } => names(by),
            Then::Each | Then::NewTerms { .. } => Vec::new(),
        },
    }
}

/// A field as rules write it.
pub(super) fn field_name(field: &Field) -> String {
    match field {
        Field::Path(path) => path.join("."),
        Field::Ecs(name) => name.clone(),
        Field::Anywhere => "any field".to_owned(),
    }
}

fn alert_of(alert: run::Alert, names: &[String], schedule: Option<&Schedule>) -> Alert {
    Alert {
        id: alert.id,
        kind: Some(alert.kind),
        run: Some(alert.run),
        window: schedule.map(|schedule| schedule.window(alert.run)),
        first: Some(alert.first),
        last: Some(alert.last),
        key: names.iter().cloned().zip(alert.key).collect(),
        count: alert.count,
        distinct: alert.distinct,
        value: alert.value,
        suppressed: alert.suppressed,
        identities: alert.events,
        reach: None,
        events: Vec::new(),
        record: Vec::new(),
    }
}
