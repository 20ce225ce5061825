//! A correlation: what is made of the events of other rules within some time of one another, as Sigma has it.

use std::collections::BTreeMap;

use crate::condition::{Comparison, Field};

/// A rule over the events of other rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Correlation {
    /// The rules, by name or id, in the order in which the rule lists them; correlations among them, too.
    pub rules: Vec<String>,
    /// What of the events must be how.
    pub measure: Measure,
    /// The values by which events belong together; all events do where there are none.
    pub by: Vec<By>,
    /// How far apart the events may be, nanoseconds: those later than `t - timespan` are seen together with those at `t`.
    pub timespan: i64,
    /// What the measure must be: all of these hold. For [`Measure::Rules`] none says that all rules must have an event.
    pub condition: Vec<(Sign, f64)>,
    /// Whether the rules it names give alerts of their own besides.
    pub generate: bool,
}

/// A value by which events belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    /// What the rule writes: a field, or an alias.
    pub name: String,
    /// The name read as a field. An alert of this rule has the value there, for the correlations above it.
    pub field: Field,
    /// For an alias: which field of which rule stands for it. An event of a rule that is not there lacks the value.
    pub alias: Option<BTreeMap<String, Field>>,
}

impl Correlation {
    /// Has rules that go by several names, id and name, go by one, wherever this rule speaks of them.
    pub fn rename(&mut self, name: impl Fn(&str) -> String) {
        for rule in &mut self.rules {
            *rule = name(rule);
        }
        for by in &mut self.by {
            if let Some(alias) = &mut by.alias {
                let renamed = std::mem::take(alias).into_iter();
                *alias = renamed.map(|(rule, field)| (name(&rule), field)).collect();
            }
        }
    }
}

/// What of the events in a window is compared.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure {
    /// How many events there are.
    Events,
    /// How many different combinations of values there are. Events that lack one of the fields are not looked at; nor are,
    /// for the following measures, those without a number in theirs.
    Values(Vec<Field>),
    /// How many of the rules have an event.
    Rules,
    /// All rules have an event, in the rules' order; events at the same time are in any order. It has no condition.
    Order,
    /// The sum of a field's numbers.
    Sum(Field),
    /// The mean of a field's numbers.
    Mean(Field),
    /// A percentile of a field's numbers, from 0 to 100, linear between neighbours; 50 is the median.
    Percentile(Field, f64),
}

/// How a measure compares with the number right of the sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// As a value of a field compares.
    Is(Comparison),
    /// `!=`
    Not,
}

impl Sign {
    /// Whether `left` stands so to `right`.
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Sign::Not => left != right,
            Sign::Is(Comparison::Less) => left < right,
            Sign::Is(Comparison::LessOrEqual) => left <= right,
            Sign::Is(Comparison::Equal) => left == right,
            Sign::Is(Comparison::GreaterOrEqual) => left >= right,
            Sign::Is(Comparison::Greater) => left > right,
        }
    }
}
