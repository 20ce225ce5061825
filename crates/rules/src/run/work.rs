//! The work of a rule: which of the parts its `Then` calls for, and what they give, made into alerts.

use super::LONG;
use super::alert::{Alert, Figures, Kind, Match, Options};
use super::group::{Bounds, Groups};
use super::identity::Identity;
use super::new_terms::NewTerms;
use super::query::Waiting;
use super::suppression::Instance;
use super::threshold::Name;
use super::timeline::Unfit;
use crate::condition::Field;
use crate::rule::{Missing, Schedule, Suppression, Then};

/// What there is to do for a rule, run by run.
pub(super) enum Work {
    /// Every event, by itself.
    Each { name: Identity, waiting: Waiting },
    /// Events by groups, and those that are in none.
    Groups {
        name: Name,
        groups: Box<Groups>,
        by: usize,
        apart: Option<(Identity, Waiting)>,
    },
    NewTerms {
        name: Identity,
        terms: NewTerms,
        /// Where the values of the fields of suppression are.
        fields: std::ops::Range<usize>,
        suppression: Option<Missing>,
    },
}

impl Work {
    /// The work, and the fields whose values it asks for.
    pub(super) fn new(
        rule: &str,
        then: &Then,
        schedule: Option<&Schedule>,
        suppression: Option<&Suppression>,
        options: &Options,
    ) -> Result<(Work, Vec<Field>), Unfit> {
        let unfit = |text: &str| Err(Unfit(text.to_owned()));
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
                    groups: Box::new(Groups::new(*schedule, bounds, options.events)),
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
                    groups: Box::new(Groups::new(*schedule, bounds, options.events)),
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
                    fields: terms.len()..fields.len(),
                    suppression: suppression.map(|suppression| suppression.missing),
                }
            }
            (Then::Each | Then::Threshold { .. } | Then::NewTerms { .. }, _) => Work::Each {
                name: Identity::new("query", rule),
                waiting: Waiting::default(),
            },
        };
        Ok((work, fields))
    }

    /// The alert of an event that needs no run.
    pub(super) fn at_once(&self, event: Match) -> Alert {
        let name = match self {
            Work::Each { name, .. } | Work::NewTerms { name, .. } => name,
            Work::Groups { name, .. } => name.begun(),
        };
        single(name, event.time, event)
    }

    /// Takes an event that `run` is the first to see.
    pub(super) fn add(&mut self, run: Option<i64>, event: Match, figures: &mut Figures) {
        match (self, run) {
            (Work::NewTerms { terms, .. }, run) => terms.add(run, event, figures),
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
                _ => groups.add(run, event, figures),
            },
        }
    }

    /// The next run in which there is something to do.
    pub(super) fn due(&self) -> Option<i64> {
        match self {
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

    /// The alerts of a run, `room` at most, and the groups by which they are suppressed.
    pub(super) fn run(
        &mut self,
        schedule: &Schedule,
        run: i64,
        room: u64,
        figures: &mut Figures,
    ) -> Vec<(Alert, Option<Instance>)> {
        let (start, _) = schedule.window(run);
        let next = run + schedule.interval;
        match self {
            Work::Each { name, waiting } => waiting
                .run(start, next, room, figures)
                .into_iter()
                .map(|event| (single(name, run, event), None))
                .collect(),
            Work::Groups {
                name,
                groups,
                apart,
                ..
            } => {
                let found = groups.run(run, room, figures);
                let room = room - found.len() as u64;
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
                .run(run, room, figures)
                .into_iter()
                .map(|new| {
                    let values = new.event.values.get(fields.clone()).unwrap_or_default();
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
