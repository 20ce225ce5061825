//! Correlations together: events of rules in, alerts of correlations out, and on into the correlations above them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::alert::{Alert, Figures, Match, Options};
use super::correlation::{Correlator, fields};
use super::timeline::{Disorder, Unfit};
use super::{FAR, LONG};
use crate::condition::Field;
use crate::correlation::{Correlation, Measure};

/// A correlation, and the one name by which others speak of it.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its id, which its alerts' ids hold too.
    pub id: String,
    /// The rule.
    pub correlation: Correlation,
}

/// A rule whose events the correlations need.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// Its name, as the correlations write it.
    pub rule: String,
    /// The fields whose values its matches give, in that order.
    pub fields: Vec<Field>,
    /// Whether the rule gives alerts of its own as well: no correlation over it keeps it silent.
    pub alerts: bool,
}

/// Correlations at work.
pub struct Correlations {
    inputs: Vec<Input>,
    parts: Vec<Working>,
    /// The parts, each after those whose alerts it takes.
    sequence: Vec<usize>,
    /// For each input the parts that take its events.
    taken: Vec<Vec<Taken>>,
    options: Options,
    reach: i64,
    now: Option<i64>,
    ready: std::collections::VecDeque<(usize, Alert)>,
    figures: Figures,
}

struct Working {
    correlator: Correlator,
    /// The fields of its alerts.
    gives: Vec<Field>,
    taken: Vec<Taken>,
    /// Whether its alerts are shown.
    shown: bool,
    /// The events of now.
    events: Vec<(usize, Match)>,
}

/// What a part takes of an input or of another part.
#[derive(Clone)]
struct Taken {
    part: usize,
    /// The place of the rule in the part's list.
    place: usize,
    /// Where each value that the part asks for stands among those given; none where it is not among them.
    values: Vec<Option<usize>>,
}

impl Taken {
    fn of(&self, event: &Match) -> Match {
        let value = |place: &Option<usize>| {
            let values = place.and_then(|place| event.values.get(place));
            values.cloned().unwrap_or_default()
        };
        Match {
            time: event.time,
            id: event.id.clone(),
            values: self.values.iter().map(value).collect(),
        }
    }
}

impl Correlations {
    /// Makes correlations ready to work. A rule that none of the parts is is an input.
    ///
    /// # Errors
    /// [`Unfit`] where two have one id, one rests on itself, or one can't be run.
    pub fn new(parts: &[Part], options: Options) -> Result<Correlations, Unfit> {
        let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
        for (number, part) in parts.iter().enumerate() {
            check(part)?;
            if ids.insert(&part.id, number).is_some() {
                return Err(Unfit(format!("two correlations have the id `{}`", part.id)));
            }
        }
        let sequence = sequence(parts, &ids)?;
        let mut inputs: Vec<Input> = Vec::new();
        let mut taken: Vec<Vec<Taken>> = Vec::new();
        let mut working: Vec<Working> = parts
            .iter()
            .map(|part| Working {
                correlator: Correlator::new(&part.id, &part.correlation, options.events),
                gives: part
                    .correlation
                    .by
                    .iter()
                    .map(|by| by.field.clone())
                    .collect(),
                taken: Vec::new(),
                shown: true,
                events: Vec::new(),
            })
            .collect();
        for (number, part) in parts.iter().enumerate() {
            for (place, rule) in part.correlation.rules.iter().enumerate() {
                let asked = fields(&part.correlation, rule);
                let part_of = |values| Taken {
                    part: number,
                    place,
                    values,
                };
                if let Some(inner) = ids.get(rule.as_str()) {
                    let inner = &mut working[*inner];
                    let by = part.correlation.by.iter().map(|by| Some(&by.field));
                    let by = by.chain(std::iter::repeat(None));
                    let values = asked.iter().zip(by).map(|(asked, name)| {
                        // An alias that does not name the correlation below is the value of that name there.
                        let asked = asked.as_ref().or(name)?;
                        inner.gives.iter().position(|given| given == asked)
                    });
                    let values = values.collect();
                    inner.taken.push(part_of(values));
                    continue;
                }
                let input = inputs
                    .iter()
                    .position(|input| input.rule == *rule)
                    .unwrap_or_else(|| {
                        inputs.push(Input {
                            rule: rule.clone(),
                            fields: Vec::new(),
                            alerts: false,
                        });
                        taken.push(Vec::new());
                        inputs.len() - 1
                    });
                let given = &mut inputs[input].fields;
                let values = asked.into_iter().map(|asked| {
                    let asked = asked?;
                    let place = given.iter().position(|given| *given == asked);
                    place.or_else(|| {
                        given.push(asked);
                        Some(given.len() - 1)
                    })
                });
                let values = values.collect();
                taken[input].push(part_of(values));
            }
        }
        // Silent is what correlations rest on, unless one of them says otherwise.
        let over = |rule: &str| {
            let mut over = parts
                .iter()
                .filter(|part| part.correlation.rules.iter().any(|below| below == rule))
                .peekable();
            over.peek().is_none() || over.any(|part| part.correlation.generate)
        };
        for input in &mut inputs {
            input.alerts = over(&input.rule);
        }
        for (part, working) in parts.iter().zip(&mut working) {
            working.shown = over(&part.id);
        }
        let mut reaches = vec![0_i64; parts.len()];
        for number in &sequence {
            let correlation = &parts[*number].correlation;
            let below = correlation
                .rules
                .iter()
                .filter_map(|rule| ids.get(rule.as_str()));
            let below = below.map(|inner| reaches[*inner]).max().unwrap_or(0);
            reaches[*number] = correlation.timespan.saturating_mul(2).saturating_add(below);
        }
        Ok(Correlations {
            inputs,
            parts: working,
            sequence,
            taken,
            reach: reaches.into_iter().max().unwrap_or(0),
            options,
            now: None,
            ready: std::collections::VecDeque::new(),
            figures: Figures::default(),
        })
    }

    /// The rules whose events are needed.
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// The times `[reads.0, reads.1)` of the events that the timeframe's alerts depend on: back by two timespans, the
    /// window's and that of an alert before it, and so for each correlation below.
    pub fn reads(&self) -> (i64, i64) {
        (
            self.options.from.saturating_sub(self.reach),
            self.options.to,
        )
    }

    /// Takes the next match of the input with this number. All inputs' matches come together in order of time; of the
    /// same time in any order.
    ///
    /// # Errors
    /// [`Disorder`] where it is earlier than one before; the match is not taken.
    pub fn push(&mut self, input: usize, event: Match) -> Result<(), Disorder> {
        if self.now.is_some_and(|now| event.time < now) {
            return Err(Disorder);
        }
        if event.time >= self.options.to {
            return Ok(());
        }
        self.figures.events += 1;
        if !(-FAR..=FAR).contains(&event.time) {
            self.figures.unseen += 1;
            return Ok(());
        }
        if self.now != Some(event.time) {
            self.instant();
            self.now = Some(event.time);
        }
        for taken in self.taken.get(input).into_iter().flatten() {
            let event = taken.of(&event);
            self.parts[taken.part].events.push((taken.place, event));
        }
        Ok(())
    }

    /// The next alert, and the number of its part.
    pub fn next_alert(&mut self) -> Option<(usize, Alert)> {
        loop {
            let (part, alert) = self.ready.pop_front()?;
            if alert.last >= self.options.from {
                return Some((part, alert));
            }
            self.figures.before += 1;
        }
    }

    /// Says that no match comes any more, and gives the remaining alerts and the figures.
    pub fn finish(mut self) -> (Vec<(usize, Alert)>, Figures) {
        self.instant();
        let alerts = std::iter::from_fn(|| self.next_alert()).collect();
        (alerts, self.figures)
    }

    /// Has the parts see the events of now, and each other's alerts.
    fn instant(&mut self) {
        let Some(now) = self.now else { return };
        for number in &self.sequence {
            let part = &mut self.parts[*number];
            let events = std::mem::take(&mut part.events);
            if events.is_empty() {
                continue;
            }
            let alerts = part.correlator.instant(now, events, &mut self.figures);
            let shown = part.shown;
            for taken in part.taken.clone() {
                for alert in &alerts {
                    let event = taken.of(&as_event(alert));
                    self.parts[taken.part].events.push((taken.place, event));
                }
            }
            if shown {
                self.ready
                    .extend(alerts.into_iter().map(|alert| (*number, alert)));
            }
        }
    }
}

/// An alert as an event of the correlations above: what it has are the values of its group.
fn as_event(alert: &Alert) -> Match {
    Match {
        time: alert.run,
        id: Arc::from(alert.id.as_str()),
        values: alert
            .key
            .iter()
            .map(|value| value.iter().cloned().collect())
            .collect(),
    }
}

fn check(part: &Part) -> Result<(), Unfit> {
    let correlation = &part.correlation;
    let unfit = |text: &str| Err(Unfit(format!("correlation `{}`: {text}", part.id)));
    if correlation.rules.is_empty() {
        return unfit("it names no rules");
    }
    if !(1..=LONG).contains(&correlation.timespan) {
        return unfit("its timespan must be longer than nothing, and shorter than 36 years");
    }
    match (&correlation.measure, correlation.condition.is_empty()) {
        (Measure::Order, false) => unfit("an ordered one has no condition: all rules must match"),
        (Measure::Order | Measure::Rules, true) | (_, false) => Ok(()),
        (_, true) => unfit("it has no condition"),
    }
}

/// The parts, each after those below it.
fn sequence(parts: &[Part], ids: &BTreeMap<&str, usize>) -> Result<Vec<usize>, Unfit> {
    let mut sequence = Vec::new();
    let mut done = BTreeSet::new();
    while done.len() < parts.len() {
        let ready: Vec<usize> = (0..parts.len())
            .filter(|number| !done.contains(number))
            .filter(|number| {
                let below = parts[*number].correlation.rules.iter();
                let mut below = below.filter_map(|rule| ids.get(rule.as_str()));
                below.all(|inner| done.contains(inner))
            })
            .collect();
        if ready.is_empty() {
            let stuck = (0..parts.len()).filter(|number| !done.contains(number));
            let names: Vec<_> = stuck
                .map(|number| format!("`{}`", parts[number].id))
                .collect();
            return Err(Unfit(format!(
                "these correlations rest on themselves, or on one that does: {}",
                names.join(", ")
            )));
        }
        done.extend(ready.iter().copied());
        sequence.extend(ready);
    }
    Ok(sequence)
}
