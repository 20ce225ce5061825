//! One correlation: windows that slide with the events, `(t - timespan, t]`, group by group.
//!
//! Events of one time enter together. The first time at which the condition holds gives an alert, and the group begins
//! anew with the events after it: one alert for each time that there is enough for one. A window is looked at when an
//! event enters it, so one without events never gives an alert, whatever the condition.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use super::alert::{Alert, Figures, Kind, Match};
use super::identity::Identity;
use super::key::{Key, keys, order};
use super::measure::{Sorted, Sum, Tally};
use crate::condition::{Comparison, Field};
use crate::correlation::{Correlation, Measure, Sign};

/// A correlation at work.
pub(super) struct Correlator {
    name: Identity,
    by: usize,
    measure: Measure,
    timespan: i64,
    condition: Vec<(Sign, f64)>,
    /// How many rules there are, in how many places of the list.
    places: usize,
    names: usize,
    groups: HashMap<Key, Group>,
    sweep_at: usize,
}

struct Event {
    time: i64,
    id: Arc<str>,
    facts: Facts,
}

/// What of an event is measured.
#[derive(Default)]
struct Facts {
    /// The places of its rules in the list.
    places: BTreeSet<usize>,
    values: BTreeSet<Key>,
    numbers: Vec<f64>,
}

#[derive(Default)]
struct Group {
    events: VecDeque<Event>,
    places: Tally<usize>,
    values: Tally<Key>,
    sum: Sum,
    sorted: Sorted,
    /// For each place in the list the latest begin of a chain of events that leads up to it.
    chain: Vec<Option<i64>>,
}

impl Correlator {
    /// Of the rule with the id `rule`; alerts name `names` events at most.
    pub(super) fn new(rule: &str, correlation: &Correlation, names: usize) -> Correlator {
        let different: BTreeSet<&String> = correlation.rules.iter().collect();
        let mut condition = correlation.condition.clone();
        if condition.is_empty() && correlation.measure == Measure::Rules {
            let all = different.len() as f64;
            condition.push((Sign::Is(Comparison::GreaterOrEqual), all));
        }
        Correlator {
            name: Identity::new("correlation", rule),
            by: correlation.by.len(),
            measure: correlation.measure.clone(),
            timespan: correlation.timespan,
            condition,
            places: correlation.rules.len(),
            names,
            groups: HashMap::new(),
            sweep_at: 1024,
        }
    }

    /// Takes all events of one time, later than any before: the place of the rule that each meets, and the event, whose
    /// values are those of the group, then those that are measured.
    pub(super) fn instant(
        &mut self,
        time: i64,
        events: Vec<(usize, Match)>,
        figures: &mut Figures,
    ) -> Vec<Alert> {
        let mut entering: HashMap<Key, BTreeMap<Arc<str>, Facts>> = HashMap::new();
        for (place, event) in events {
            let Some((values, numbers)) = self.measured(&event, figures) else {
                continue;
            };
            let (keys, crowded) = keys(event.values.get(..self.by).unwrap_or_default(), false);
            figures.crowded += crowded;
            for key in keys {
                let group = entering.entry(key).or_default();
                // An event that meets two rules is one event.
                let facts = group.entry(event.id.clone()).or_default();
                facts.places.insert(place);
                facts.values.extend(values.iter().cloned());
                facts.numbers.clone_from(&numbers);
            }
        }
        let mut entering: Vec<_> = entering.into_iter().collect();
        entering.sort_unstable_by(|left, right| order(&left.0, &right.0));
        // To keep numbers in order costs more than their sum.
        let ranked = matches!(self.measure, Measure::Percentile(..));
        let mut alerts = Vec::new();
        for (key, events) in entering {
            let group = self.groups.entry(key.clone()).or_default();
            group.leave(time - self.timespan, ranked);
            group.enter(time, events, self.places, ranked);
            let measured = group.measured(&self.measure);
            let fires = match self.measure {
                Measure::Order => group.in_order(time - self.timespan),
                _ => self
                    .condition
                    .iter()
                    .all(|(sign, number)| sign.holds(measured, *number)),
            };
            if fires && let Some(group) = self.groups.remove(&key) {
                alerts.push(self.alert(time, key, group, measured));
            }
        }
        if self.groups.len() > self.sweep_at {
            let begin = time - self.timespan;
            self.groups
                .retain(|_, group| group.events.back().is_some_and(|event| event.time > begin));
            self.sweep_at = (self.groups.len() * 2).max(1024);
        }
        alerts
    }

    /// The values and numbers of an event; none where it has none of what is measured.
    fn measured(&self, event: &Match, figures: &mut Figures) -> Option<(Vec<Key>, Vec<f64>)> {
        let values = event.values.get(self.by..).unwrap_or_default();
        match &self.measure {
            Measure::Events | Measure::Rules | Measure::Order => Some((Vec::new(), Vec::new())),
            Measure::Values(_) => {
                let (values, crowded) = keys(values, false);
                figures.crowded += crowded;
                (!values.is_empty()).then_some((values, Vec::new()))
            }
            Measure::Sum(_) | Measure::Mean(_) | Measure::Percentile(..) => {
                let texts = values.first().into_iter().flatten();
                let numbers: Vec<f64> = texts
                    .filter_map(|text| text.parse().ok())
                    .filter(|number: &f64| number.is_finite())
                    .collect();
                (!numbers.is_empty()).then_some((Vec::new(), numbers))
            }
        }
    }

    fn alert(&self, time: i64, key: Key, group: Group, measured: f64) -> Alert {
        let distinct = match self.measure {
            Measure::Values(_) | Measure::Rules => Some(measured as u64),
            _ => None,
        };
        let value = match self.measure {
            Measure::Sum(_) | Measure::Mean(_) | Measure::Percentile(..) => Some(measured),
            _ => None,
        };
        Alert {
            id: self.name.clone().number(time).key(&key).done(),
            kind: Kind::Correlation,
            run: time,
            key: key.into_vec(),
            count: group.events.len() as u64,
            distinct,
            value,
            first: group.events.front().map_or(time, |event| event.time),
            last: time,
            events: group
                .events
                .into_iter()
                .take(self.names)
                .map(|event| event.id)
                .collect(),
            suppressed: 0,
        }
    }
}

impl Group {
    fn enter(&mut self, time: i64, events: BTreeMap<Arc<str>, Facts>, places: usize, ranked: bool) {
        let mut now = BTreeSet::new();
        for (id, facts) in events {
            for place in &facts.places {
                self.places.add(*place);
                now.insert(*place);
            }
            for value in &facts.values {
                self.values.add(value.clone());
            }
            for number in &facts.numbers {
                if ranked {
                    self.sorted.add(*number);
                } else {
                    self.sum.add(*number);
                }
            }
            self.events.push_back(Event { time, id, facts });
        }
        self.chain.resize(places, None);
        for place in now {
            let begin = match place.checked_sub(1) {
                None => Some(time),
                Some(before) => self.chain[before],
            };
            self.chain[place] = self.chain[place].max(begin);
        }
    }

    /// Has the events up to this time leave.
    fn leave(&mut self, end: i64, ranked: bool) {
        while self.events.front().is_some_and(|event| event.time <= end) {
            let Some(event) = self.events.pop_front() else {
                break;
            };
            for place in &event.facts.places {
                self.places.remove(place);
            }
            for value in &event.facts.values {
                self.values.remove(value);
            }
            for number in &event.facts.numbers {
                if ranked {
                    self.sorted.remove(*number);
                } else {
                    self.sum.remove(*number);
                }
            }
        }
    }

    fn measured(&self, measure: &Measure) -> f64 {
        match measure {
            Measure::Events | Measure::Order => self.events.len() as f64,
            Measure::Values(_) => self.values.different() as f64,
            Measure::Rules => self.places.different() as f64,
            Measure::Sum(_) => self.sum.sum(),
            Measure::Mean(_) => self.sum.mean(),
            Measure::Percentile(_, percent) => self.sorted.percentile(*percent),
        }
    }

    /// Whether a chain of events through all rules begins after this time.
    fn in_order(&self, end: i64) -> bool {
        let begin = self.chain.last().copied().flatten();
        begin.is_some_and(|begin| begin > end)
    }
}

/// The fields that the events of one of a correlation's rules must give.
pub(super) fn fields(correlation: &Correlation, rule: &str) -> Vec<Option<Field>> {
    let by = correlation.by.iter().map(|by| match &by.alias {
        Some(alias) => alias.get(rule).cloned(),
        None => Some(by.field.clone()),
    });
    let measured: &[Field] = match &correlation.measure {
        Measure::Events | Measure::Rules | Measure::Order => &[],
        Measure::Values(fields) => fields,
        Measure::Sum(field) | Measure::Mean(field) | Measure::Percentile(field, _) => {
            std::slice::from_ref(field)
        }
    };
    by.chain(measured.iter().cloned().map(Some)).collect()
}
