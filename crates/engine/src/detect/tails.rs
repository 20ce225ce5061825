//! What is made of the matches: timelines of rules, and correlations over them.

use std::time::{Duration, Instant};

use rules::Field;
use rules::load::LoadedRule;
use rules::rule::{Body, Schedule, Suppression, Then};
use rules::run::{self, Correlations, Match, Options, Part, Timeline};

use super::Alert;
use super::sampled::Sampled;
use crate::Error;

/// The rules of a pass after it.
pub(super) struct Tails<'r> {
    tails: Vec<Tail<'r>>,
    correlations: Option<Correlations>,
    /// For each correlation, what its alerts look like.
    of_parts: Vec<OfPart>,
    /// The rule whose match came last.
    at: Option<usize>,
    of_correlations: Sampled,
}

/// One rule.
struct Tail<'r> {
    rule: &'r LoadedRule,
    /// None for a correlation, and for what can't be run.
    timeline: Option<Timeline>,
    /// The fields of a match, those of the timeline first.
    fields: Vec<Field>,
    reads: (i64, i64),
    /// For an input of correlations: its number, and where the values that they ask for stand in a match.
    input: Option<(usize, Vec<usize>)>,
    is_part: bool,
    shape: Shape,
    matched: u64,
    figures: run::Figures,
    spent: Sampled,
    silent: bool,
    refused: Option<String>,
}

/// What a rule's alerts have in common.
#[derive(Clone, Default)]
struct Shape {
    /// The names of the fields in their keys.
    names: Vec<String>,
    schedule: Option<Schedule>,
}

/// A correlation: the place of its rule, and the shape of its alerts.
struct OfPart(usize, Shape);

impl OfPart {
    fn alert(&self, alert: run::Alert) -> (usize, Alert) {
        (self.0, self.1.alert(alert))
    }
}

/// What became of one rule.
pub(super) struct Ended {
    /// Why it could not be run.
    pub(super) refused: Option<Error>,
    pub(super) matched: u64,
    pub(super) figures: run::Figures,
    /// The time that this took; of a correlation that of all.
    pub(super) spent: Duration,
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
        let parts = tails.iter().enumerate().filter(|(_, tail)| tail.is_part);
        let of_parts = parts.map(|(place, tail)| OfPart(place, tail.shape.clone()));
        Tails {
            of_parts: of_parts.collect(),
            correlations,
            at: None,
            of_correlations: Sampled::default(),
            tails,
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

    /// The group in which a rule's matches are taken: its own, or that of all rules that correlations look at, whose matches
    /// they see in the order of time. Groups are taken one after the other, that of correlations last.
    pub(super) fn group(&self, place: usize) -> u32 {
        let correlated = |tail: &Tail<'_>| tail.input.is_some();
        match self.tails.get(place).is_some_and(correlated) {
            true => u32::MAX,
            false => place as u32,
        }
    }

    /// Whether a rule's events are named by alerts that come after further matches.
    pub(super) fn is_late(&self, place: usize) -> bool {
        let late = |tail: &Tail<'_>| tail.input.is_some() || tail.shape.schedule.is_some();
        self.tails.get(place).is_some_and(late)
    }

    /// Takes the next match of the rule at `place`, and gives the alerts that no later match changes, with the places of
    /// their rules. Matches come by group, time and identity.
    pub(super) fn push(&mut self, place: usize, found: Match, out: &mut Vec<(usize, Alert)>) {
        if self.at != Some(place) {
            // Nothing more comes for a rule of the groups before.
            if let Some(before) = self
                .at
                .replace(place)
                .filter(|at| self.group(*at) != u32::MAX)
            {
                self.close(before, out);
            }
        }
        let Some(tail) = self
            .tails
            .get_mut(place)
            .filter(|tail| tail.refused.is_none())
        else {
            return;
        };
        tail.matched += 1;
        if let (Some((input, places)), Some(correlations)) = (&tail.input, &mut self.correlations) {
            let values = |place: &usize| found.values.get(*place).cloned().unwrap_or_default();
            let event = Match {
                time: found.time,
                id: found.id.clone(),
                values: places.iter().map(values).collect(),
            };
            let began = self.of_correlations.begin();
            // They are sorted, so that nothing is refused.
            let _ = correlations.push(*input, event);
            while let Some((part, alert)) = correlations.next_alert() {
                out.extend(self.of_parts.get(part).map(|part| part.alert(alert)));
            }
            self.of_correlations.end(began);
        }
        if let Some(timeline) = &mut tail.timeline {
            let mut found = found;
            // What correlations ask for besides stands behind.
            found.values.truncate(timeline.fields().len());
            let began = tail.spent.begin();
            // They are sorted, so that nothing is refused.
            let _ = timeline.push(found);
            while let Some(alert) = timeline.next_alert() {
                out.push((place, tail.shape.alert(alert)));
            }
            tail.spent.end(began);
        }
    }

    /// Says that no match comes any more for the rule at `place`.
    fn close(&mut self, place: usize, out: &mut Vec<(usize, Alert)>) {
        let Some(tail) = self
            .tails
            .get_mut(place)
            .filter(|tail| tail.refused.is_none())
        else {
            return;
        };
        if let Some(timeline) = tail.timeline.take() {
            let began = Instant::now();
            let (rest, figures) = timeline.finish();
            tail.figures = figures;
            let alerts = rest.into_iter().map(|alert| tail.shape.alert(alert));
            out.extend(alerts.map(|alert| (place, alert)));
            tail.spent.once(began);
        }
    }

    /// Says that no match comes any more, gives the remaining alerts, and what became of each rule.
    pub(super) fn end(mut self, out: &mut Vec<(usize, Alert)>) -> Vec<Ended> {
        for place in 0..self.tails.len() {
            self.close(place, out);
        }
        let mut of_correlations = run::Figures::default();
        if let Some(correlations) = self.correlations.take() {
            let began = Instant::now();
            let (rest, figures) = correlations.finish();
            of_correlations = figures;
            for (part, alert) in rest {
                out.extend(self.of_parts.get(part).map(|part| part.alert(alert)));
            }
            self.of_correlations.once(began);
        }
        let tails = self.tails.into_iter();
        tails
            .map(|tail| Ended {
                matched: tail.matched,
                figures: match (tail.is_part, &tail.refused) {
                    (true, None) => of_correlations,
                    _ => tail.figures,
                },
                spent: match tail.is_part {
                    true => self.of_correlations.total(),
                    false => tail.spent.total(),
                },
                silent: tail.silent && tail.refused.is_none(),
                refused: tail.refused.map(|message| Error::Rule {
                    path: tail.rule.rule.path.display().to_string(),
                    message,
                }),
            })
            .collect()
    }
}

impl<'r> Tail<'r> {
    fn new(rule: &'r LoadedRule, options: &Options) -> Tail<'r> {
        let mut tail = Tail {
            rule,
            timeline: None,
            fields: Vec::new(),
            reads: (options.from, options.to),
            input: None,
            is_part: false,
            shape: Shape {
                names: key_names(&rule.rule.body),
                schedule: None,
            },
            matched: 0,
            figures: run::Figures::default(),
            spent: Sampled::default(),
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
            tail.shape.schedule = *schedule;
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
            tail.is_part = true;
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
            for tail in tails.iter_mut().filter(|tail| tail.is_part) {
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

/// What a timeline makes of a rule's matches, in any order.
pub(super) fn over_time(
    rule: &LoadedRule,
    mut timeline: Timeline,
    schedule: Option<&Schedule>,
    mut matches: Vec<Match>,
) -> (Vec<Alert>, run::Figures) {
    matches.sort_unstable_by(|a, b| (a.time, &a.id).cmp(&(b.time, &b.id)));
    let mut alerts = Vec::new();
    for found in matches {
        // They are sorted, so that nothing is refused.
        let _ = timeline.push(found);
        while let Some(alert) = timeline.next_alert() {
            alerts.push(alert);
        }
    }
    let (rest, figures) = timeline.finish();
    let shape = Shape {
        names: key_names(&rule.rule.body),
        schedule: schedule.copied(),
    };
    let alerts = alerts.into_iter().chain(rest);
    (alerts.map(|alert| shape.alert(alert)).collect(), figures)
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

impl Shape {
    fn alert(&self, alert: run::Alert) -> Alert {
        Alert {
            id: alert.id,
            kind: Some(alert.kind),
            run: Some(alert.run),
            window: self.schedule.map(|schedule| schedule.window(alert.run)),
            first: Some(alert.first),
            last: Some(alert.last),
            key: self.names.iter().cloned().zip(alert.key).collect(),
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
}
