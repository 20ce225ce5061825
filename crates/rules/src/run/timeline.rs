//! A rule's matches in, its alerts out.

use super::alert::{Alert, Figures, Kind, Match, Options};
use super::group::{Bounds, Groups};
use super::identity::Identity;
use super::new_terms::NewTerms;
use super::outbox::Outbox;
use super::query::Waiting;
use super::schedule;
use super::suppression::{Instance, Suppressor};
use super::threshold::Name;
use super::{FAR, LONG};
use crate::condition::Field;
use crate::rule::{Missing, Schedule, Suppression, Then};

/// A rule at work: takes the events that meet its condition, oldest first, and gives its alerts.
///
/// Alerts come in the order in which runs give them; within a run by their keys, or by time where each event is one.
pub struct Timeline {
    fields: Vec<Field>,
    reads: (i64, i64),
    options: Options,
    schedule: Option<Schedule>,
    room: u64,
    work: Work,
    suppressor: Suppressor,
    outbox: Outbox,
    figures: Figures,
    newest: Option<(i64, std::sync::Arc<str>)>,
}

enum Work {
    /// Every event, by itself.
    Each { name: Identity, waiting: Waiting },
    /// Events by groups, and those that are in none.
    Groups {
        name: Name,
        groups: Groups,
        by: usize,
        apart: Option<(Identity, Waiting)>,
    },
    NewTerms {
        name: Identity,
        terms: NewTerms,
        fields: usize,
        suppression: Option<Missing>,
    },
}

/// Why no timeline can be made of a rule, said to its author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit(pub String);

impl std::fmt::Display for Unfit {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Unfit {}

/// A match came after one that is later, or has a greater identity at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disorder;

impl std::fmt::Display for Disorder {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("matches are not sorted by time and identity")
    }
}

impl std::error::Error for Disorder {}

impl Timeline {
    /// The timeline of the rule with the id `rule`.
    ///
    /// # Errors
    /// [`Unfit`] where schedule, history or suppression make no sense together.
    pub fn new(
        rule: &str,
        then: &Then,
        schedule: Option<&Schedule>,
        suppression: Option<&Suppression>,
        options: Options,
    ) -> Result<Timeline, Unfit> {
        let unfit = |text: &str| Err(Unfit(text.to_owned()));
        if let Some(schedule) = schedule {
            schedule.check().map_err(Unfit)?;
        } else if suppression.is_some() || !matches!(then, Then::Each) {
            return unfit("it needs a schedule: its alerts depend on when it runs");
        }
        if let Some(duration) = suppression.and_then(|suppression| suppression.duration)
            && !(1..=LONG).contains(&duration)
        {
            return unfit("suppression lasts for more than nothing, and less than 36 years");
        }
        let reads = schedule::reads(then, schedule, suppression, options.from, options.to);
        let mut fields = Vec::new();
        let work = match (then, schedule) {
            (Then::Each, Some(schedule)) if suppression.is_some() => {
                let Some(suppression) =
                    suppression.filter(|suppression| !suppression.by.is_empty())
                else {
                    return unfit("suppression of single events needs fields to group them by");
                };
                fields.clone_from(&suppression.by);
                let lacking = suppression.missing == Missing::Together;
                let bounds = Bounds {
                    count: 1,
                    distinct: None,
                    lacking,
                    fields: fields.len(),
                    forgets: false,
                };
                Work::Groups {
                    name: Name::query(rule, &suppression.by),
                    groups: Groups::new(*schedule, bounds, options.events),
                    by: fields.len(),
                    apart: (!lacking).then(|| (Identity::new("query", rule), Waiting::default())),
                }
            }
            (
                Then::Threshold {
                    by,
                    count,
                    distinct,
                },
                Some(schedule),
            ) => {
                if suppression.is_some_and(|suppression| {
                    suppression.duration.is_none()
                        || !(suppression.by.is_empty() || suppression.by == *by)
                }) {
                    return unfit(
                        "a threshold is suppressed by its own groups, for a duration that it names",
                    );
                }
                fields.clone_from(by);
                fields.extend(distinct.iter().map(|(field, _)| field.clone()));
                let bounds = Bounds {
                    count: *count,
                    distinct: distinct.as_ref().map(|(_, count)| *count),
                    lacking: false,
                    fields: by.len(),
                    forgets: true,
                };
                Work::Groups {
                    name: Name::threshold(rule, by),
                    groups: Groups::new(*schedule, bounds, options.events),
                    by: by.len(),
                    apart: None,
                }
            }
            (
                Then::NewTerms {
                    fields: terms,
                    history,
                },
                Some(schedule),
            ) => {
                if terms.is_empty() {
                    return unfit("new terms need a field to be new in");
                }
                if *history <= schedule.length() || *history > LONG {
                    return unfit(
                        "the history of new terms begins before the window, and within 36 years",
                    );
                }
                fields.clone_from(terms);
                if let Some(suppression) = suppression {
                    if suppression.by.is_empty() {
                        return unfit("suppression of new terms needs fields to group them by");
                    }
                    fields.extend_from_slice(&suppression.by);
                }
                Work::NewTerms {
                    name: Identity::new("new terms", rule),
                    terms: NewTerms::new(*schedule, terms.len(), *history, options.begins),
                    fields: terms.len(),
                    suppression: suppression.map(|suppression| suppression.missing),
                }
            }
            (Then::Each | Then::Threshold { .. } | Then::NewTerms { .. }, _) => Work::Each {
                name: Identity::new("query", rule),
                waiting: Waiting::default(),
            },
        };
        let duration = suppression.and_then(|suppression| suppression.duration);
        let most = schedule.map_or(u64::MAX, |schedule| schedule.max_signals);
        Ok(Timeline {
            fields,
            reads,
            schedule: schedule.copied(),
            room: options.max_signals.unwrap_or(most).max(1),
            work,
            suppressor: Suppressor::new(duration, options.events),
            outbox: Outbox::default(),
            figures: Figures::default(),
            newest: None,
            options,
        })
    }

    /// The fields whose values a match gives, in that order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The times `[reads.0, reads.1)` of the events that the timeframe's alerts depend on. Earlier events do no harm.
    pub fn reads(&self) -> (i64, i64) {
        self.reads
    }

    /// Takes the next match.
    ///
    /// # Errors
    /// [`Disorder`] where it is earlier than the one before; the match is not taken.
    pub fn push(&mut self, event: Match) -> Result<(), Disorder> {
        if let Some((time, id)) = &self.newest {
            match (event.time, &event.id).cmp(&(*time, id)) {
                std::cmp::Ordering::Less => return Err(Disorder),
                std::cmp::Ordering::Equal => {
                    self.figures.repeated += 1;
                    return Ok(());
                }
                std::cmp::Ordering::Greater => {}
            }
        }
        self.newest = Some((event.time, event.id.clone()));
        if event.time >= self.options.to {
            return Ok(());
        }
        self.figures.events += 1;
        let Some(schedule) = self.schedule else {
            if let Work::Each { name, .. } = &self.work {
                self.outbox.put(single(name, event.time, event), false);
            }
            return Ok(());
        };
        if !(-FAR..=FAR).contains(&event.time) {
            self.figures.unseen += 1;
            return Ok(());
        }
        let run = schedule.first_run(event.time);
        match run {
            Some(run) => self.run_before(&schedule, run),
            None => self.figures.unseen += 1,
        }
        match (&mut self.work, run) {
            (Work::NewTerms { terms, .. }, run) => terms.add(run, event, &mut self.figures),
            (_, None) => {}
            (Work::Each { waiting, .. }, Some(run)) => waiting.add(run, event),
            (
                Work::Groups {
                    groups, by, apart, ..
                },
                Some(run),
            ) => match apart {
                Some((_, waiting)) if event.values.iter().take(*by).any(Vec::is_empty) => {
                    waiting.add(run, event);
                }
                _ => groups.add(run, event, &mut self.figures),
            },
        }
        Ok(())
    }

    /// The next alert that no later match changes; none where further matches have to come first.
    pub fn next_alert(&mut self) -> Option<Alert> {
        loop {
            let alert = self.outbox.take()?;
            if alert.last >= self.options.from {
                return Some(alert);
            }
            self.figures.before += 1;
        }
    }

    /// Says that no match comes any more, and gives the remaining alerts and the figures.
    pub fn finish(mut self) -> (Vec<Alert>, Figures) {
        if let Some(schedule) = self.schedule {
            self.run_before(&schedule, i64::MAX);
        }
        self.suppressor.close_before(i64::MAX, &mut self.outbox);
        let alerts = std::iter::from_fn(|| self.next_alert()).collect();
        (alerts, self.figures)
    }

    /// Makes the runs before this one.
    fn run_before(&mut self, schedule: &Schedule, end: i64) {
        while let Some(run) = self.due()
            && run < end
        {
            let alerts = self.run(schedule, run);
            self.suppressor.run(run, alerts, &mut self.outbox);
        }
        // Long after an alert was written nothing is added to it, whether there is a run or not.
        self.suppressor.close_before(end, &mut self.outbox);
    }

    fn due(&self) -> Option<i64> {
        match &self.work {
            Work::Each { waiting, .. } => waiting.due(),
            Work::NewTerms { terms, .. } => terms.due(),
            Work::Groups { groups, apart, .. } => {
                let apart = apart.as_ref().and_then(|(_, waiting)| waiting.due());
                match (groups.due(), apart) {
                    (Some(groups), Some(apart)) => Some(groups.min(apart)),
                    (groups, apart) => groups.or(apart),
                }
            }
        }
    }

    fn run(&mut self, schedule: &Schedule, run: i64) -> Vec<(Alert, Option<Instance>)> {
        let (start, _) = schedule.window(run);
        let next = run + schedule.interval;
        let figures = &mut self.figures;
        match &mut self.work {
            Work::Each { name, waiting } => waiting
                .run(start, next, self.room, figures)
                .into_iter()
                .map(|event| (single(name, run, event), None))
                .collect(),
            Work::Groups {
                name,
                groups,
                apart,
                ..
            } => {
                let found = groups.run(run, self.room, figures);
                let room = self.room - found.len() as u64;
                let mut alerts: Vec<_> = found
                    .into_iter()
                    .map(|found| name.alert(run, found))
                    .collect();
                if let Some((name, waiting)) = apart {
                    let events = waiting.run(start, next, room, figures);
                    alerts.extend(
                        events
                            .into_iter()
                            .map(|event| (single(name, run, event), None)),
                    );
                }
                alerts
            }
            Work::NewTerms {
                name,
                terms,
                fields,
                suppression,
            } => terms
                .run(run, self.room, figures)
                .into_iter()
                .map(|new| {
                    let values = new
                        .event
                        .values
                        .get(*fields..self.fields.len())
                        .unwrap_or_default();
                    let instance = match suppression {
                        None => None,
                        Some(Missing::Apart) if values.iter().any(Vec::is_empty) => None,
                        Some(_) => Some(instance(values)),
                    };
                    let id = name
                        .clone()
                        .number(new.event.time)
                        .text(&new.event.id)
                        .key(&new.key)
                        .done();
                    let alert = Alert {
                        id,
                        kind: Kind::NewTerms,
                        run,
                        key: new.key.into_vec(),
                        count: 1,
                        distinct: None,
                        value: None,
                        first: new.event.time,
                        last: new.event.time,
                        events: vec![new.event.id.clone()],
                        suppressed: 0,
                    };
                    (alert, instance)
                })
                .collect(),
        }
    }
}

fn single(name: &Identity, run: i64, event: Match) -> Alert {
    Alert {
        id: name.clone().number(event.time).text(&event.id).done(),
        kind: Kind::Event,
        run,
        key: Vec::new(),
        count: 1,
        distinct: None,
        value: None,
        first: event.time,
        last: event.time,
        events: vec![event.id],
        suppressed: 0,
    }
}

/// An alert's values in the fields of its suppression: all the values of a field together are one.
fn instance(values: &[Vec<std::sync::Arc<str>>]) -> Instance {
    values
        .iter()
        .map(|values| {
            let mut values = values.clone();
            values.sort_unstable();
            values.dedup();
            values
        })
        .collect()
}
