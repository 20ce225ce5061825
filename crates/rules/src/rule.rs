//! A rule, whatever language it was written in.

use std::path::PathBuf;

use crate::condition::{Condition, Field};
use crate::correlation::Correlation;

/// A rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The file that it was read from.
    pub path: PathBuf,
    /// What to know of it.
    pub about: About,
    /// What it looks for.
    pub body: Body,
}

/// What a reader of a rule's alerts has to know. Texts are as in the rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct About {
    /// A name that stays the same when the rule is renamed.
    pub id: String,
    /// What a person calls it.
    pub name: String,
    /// What it finds, and why that matters.
    pub description: String,
    /// Who wrote it. Sigma's licence asks for it beside every alert.
    pub authors: Vec<String>,
    /// The licence, where the rule names one, else that of its rule set.
    pub license: Option<String>,
    /// How much an alert matters.
    pub severity: Severity,
    /// From 0 to 100, where the rule has one.
    pub risk: Option<u8>,
    /// The rule's version: a number or a date.
    pub version: Option<String>,
    /// How ripe its authors hold it: `production`, `stable`, `experimental`.
    pub status: Option<String>,
    /// Labels.
    pub tags: Vec<String>,
    /// Where to read more.
    pub references: Vec<String>,
    /// The techniques of MITRE ATT&CK that an alert may be a sign of.
    pub attack: Vec<Attack>,
    /// What to know of alerts that mean nothing.
    pub false_positives: Vec<String>,
    /// What to do about an alert: Markdown.
    pub guide: Option<String>,
    /// What must be in place for the rule to see anything: Markdown.
    pub setup: Option<String>,
    /// Whether its alerts are parts of other rules' evidence, not worth a look by themselves.
    pub building_block: bool,
    /// The fields of an alert to look at first, by their ECS names.
    pub investigation_fields: Vec<String>,
    /// The ECS field by whose time the rule's windows run, where that is not the event's own: `event.ingested`, the time
    /// of its arrival.
    pub window_field: Option<String>,
}

/// How much an alert matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Look when there is time.
    Low,
    /// Look today.
    #[default]
    Medium,
    /// Look now.
    High,
    /// Act now.
    Critical,
}

impl Severity {
    /// The severity as our rules write it.
    pub fn text(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }
}

/// A tactic of MITRE ATT&CK, and a technique where the rule names one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attack {
    /// The tactic, such as `Credential Access`.
    pub tactic: String,
    /// The technique's id, such as `T1555.006`.
    pub technique: Option<String>,
    /// The technique's name.
    pub name: Option<String>,
}

/// What a rule looks for.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "there are never many rules")]
pub enum Body {
    /// Records that a DQL query gives, and what is made of them.
    Query(Query),
    /// Events that meet a condition, and what is made of them.
    Events {
        /// What an event must be.
        condition: Condition,
        /// What is made of the events that are.
        then: Then,
        /// When the rule looks, and how far back; none where every event is looked at once.
        schedule: Option<Schedule>,
        /// Which alerts become one; none where each stands by itself.
        suppression: Option<Suppression>,
    },
    /// What is made of the events of other rules.
    Correlation(Correlation),
}

/// A query in DQL whose records are looked at as events are. Fields are names of its records' fields: a
/// [`Field::Path`] of one key.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// The query, as written.
    pub text: String,
    /// What is made of its records: each is an alert, or enough of them are. A threshold has a schedule.
    pub then: Then,
    /// When the rule looks, and how far back, by the records' `timestamp`; none where each record is an alert at once.
    pub schedule: Option<Schedule>,
    /// What all events that it sees must be besides.
    pub only: Option<Condition>,
}

impl Query {
    /// A query of whose records each is an alert.
    pub fn each(text: impl Into<String>) -> Query {
        Query {
            text: text.into(),
            then: Then::Each,
            schedule: None,
            only: None,
        }
    }

    /// The fields that records must have for what is made of them, in their order, each once: `timestamp` where there is a
    /// schedule, then those of the threshold.
    fn needs(&self) -> Vec<&str> {
        let mut names = Vec::new();
        if self.schedule.is_some() {
            names.push("timestamp");
        }
        if let Then::Threshold { by, distinct, .. } = &self.then {
            let fields = by.iter().chain(distinct.iter().map(|(field, _)| field));
            let keys = fields.filter_map(|field| match field {
                Field::Path(path) => path.first(),
                Field::Ecs(_) | Field::Anywhere => None,
            });
            names.extend(keys.map(String::as_str));
        }
        let mut seen = std::collections::HashSet::new();
        names.retain(|name| seen.insert(*name));
        names
    }

    /// What the rule needs and a query that gives these fields does not, said to its author; none where nothing lacks.
    pub fn lacks<'a>(&self, gives: impl IntoIterator<Item = &'a str>) -> Option<String> {
        let gives: std::collections::HashSet<&str> = gives.into_iter().collect();
        let name = self
            .needs()
            .into_iter()
            .find(|name| !gives.contains(name))?;
        Some(match name {
            "timestamp" => {
                "the rule has a schedule, and its query gives no `timestamp` by which a run would see its records: keep \
                 that field, and let `threshold` count instead of `summarize`"
                    .to_owned()
            }
            name => format!("the rule's threshold asks for `{name}`, a field that its query does not give"),
        })
    }
}

/// What is made of the events that meet a rule's condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Then {
    /// Each is an alert.
    Each,
    /// An alert for each group of enough events.
    Threshold {
        /// The fields whose values make a group; one group of all where there are none.
        by: Vec<Field>,
        /// How many events it takes.
        count: u64,
        /// How many different values of a field it takes.
        distinct: Option<(Field, u64)>,
    },
    /// An alert for each combination of values not seen before.
    NewTerms {
        /// The fields, one to three.
        fields: Vec<Field>,
        /// How far before the window's end history begins, nanoseconds.
        history: i64,
    },
}

/// When a rule looks: at multiples of `interval` since 1970, at the events from `from` to `to` before that moment, both
/// included. Nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// From one run to the next.
    pub interval: i64,
    /// How far before the run its window begins.
    pub from: i64,
    /// How far before the run its window ends; 0 nearly always.
    pub to: i64,
    /// How many alerts a run gives at most.
    pub max_signals: u64,
}

/// Which alerts of a rule become one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The fields whose values make a group. None for a threshold, whose own groups count.
    pub by: Vec<Field>,
    /// For how long after an alert was written others of its group are added to it, nanoseconds; without it, alerts of
    /// one run alone become one.
    pub duration: Option<i64>,
    /// What becomes of alerts that lack one of the fields.
    pub missing: Missing,
}

/// What suppression does with an alert that lacks one of the fields of its groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// To lack a field is a value like others: such alerts are a group too.
    #[default]
    Together,
    /// Each such alert stands by itself.
    Apart,
}
