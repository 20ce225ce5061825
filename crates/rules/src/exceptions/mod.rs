//! What a team knows and wants no alerts of: agents, addresses, principals and accounts, for all rules or for some. The
//! file is YAML; `docs/detect.md` has its form. What stands in it becomes a [`Condition`]: none of these.

mod read;
#[cfg(test)]
mod tests;

use jiff::civil::Date;

use crate::condition::{Check, Condition, Field, Part, Test};
use crate::load::LoadedRule;
use crate::rule::Body;
use crate::sigma::wildcards;
use crate::yaml::Place;

pub use read::parse;

/// One entry of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Where it stands.
    pub place: Place,
    /// Of what it is.
    pub subject: Subject,
    /// Which of them, as written.
    pub value: String,
    /// Why, for whoever reads it later.
    pub reason: Option<String>,
    /// The last day on which it applies, in UTC; without one it applies always.
    pub until: Option<Date>,
    /// The ids of the rules that it is for; for all where there are none.
    pub rules: Vec<String>,
}

/// What an exception is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// `userAgent`, with wildcards, whatever the case.
    Agent,
    /// `sourceIPAddress`, in a network.
    Address,
    /// `userIdentity.arn`, or the ARN of the role that a session was made from; with wildcards.
    Principal,
    /// `recipientAccountId`: the account in which it happened.
    Account,
}

impl Subject {
    /// The key of the file under which its entries stand.
    pub fn key(self) -> &'static str {
        match self {
            Subject::Agent => "agents",
            Subject::Address => "addresses",
            Subject::Principal => "principals",
            Subject::Account => "accounts",
        }
    }
}

/// What became of exceptions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Applied {
    /// What all events must be besides; none where no exception is for all rules.
    pub only: Option<Condition>,
    /// The exceptions that apply to a rule at least that could be narrowed.
    pub used: Vec<Exception>,
    /// Those that do not apply any more.
    pub expired: Vec<Exception>,
    /// The ids of rules that an exception is for and that can't be narrowed: correlations that are named themselves.
    pub not_narrowed: Vec<String>,
    /// Ids that exceptions name and no rule has.
    pub unknown: Vec<String>,
}

/// Has rules leave out the events that these exceptions, on the day `today`, are of: those for some rules by the rules'
/// own conditions, those for all by [`Applied::only`].
pub fn apply(exceptions: Vec<Exception>, rules: &mut [LoadedRule], today: Date) -> Applied {
    let (expired, live): (Vec<_>, Vec<_>) = exceptions
        .into_iter()
        .partition(|exception| exception.until.is_some_and(|until| until < today));
    let mut applied = Applied {
        expired,
        ..Applied::default()
    };
    let for_all: Vec<&Exception> = live.iter().filter(|one| one.rules.is_empty()).collect();
    applied.only = none_of(&for_all);
    let mut narrowed: Vec<&str> = Vec::new();
    let mut known: Vec<&str> = Vec::new();
    for rule in rules.iter_mut() {
        let id = rule.rule.about.id.as_str();
        let own: Vec<&Exception> = live
            .iter()
            .filter(|one| one.rules.iter().any(|name| name == id))
            .collect();
        let names = own.iter().flat_map(|one| &one.rules);
        known.extend(names.filter(|name| *name == id).map(String::as_str));
        let none = none_of(&own);
        let fits = match (&mut rule.rule.body, none) {
            (Body::Events { .. }, None) => true,
            (Body::Events { condition, .. }, Some(none)) => {
                narrowed.extend(own.iter().flat_map(|one| &one.rules).map(String::as_str));
                let whole = std::mem::replace(condition, Condition::All(Vec::new()));
                *condition = Condition::All(vec![none, whole]);
                true
            }
            (Body::Query(_), None) => true,
            (Body::Query(query), Some(none)) => {
                narrowed.extend(own.iter().flat_map(|one| &one.rules).map(String::as_str));
                query.only = Some(match query.only.take() {
                    Some(only) => Condition::All(vec![none, only]),
                    None => none,
                });
                true
            }
            // The rules that it stands on are narrowed by what is for all.
            (Body::Correlation(_), _) => own.is_empty(),
        };
        if !fits {
            applied.not_narrowed.push(rule.rule.about.id.clone());
        }
    }
    for name in live.iter().flat_map(|one| &one.rules) {
        if !known.contains(&name.as_str()) && !applied.unknown.contains(name) {
            applied.unknown.push(name.clone());
        }
    }
    let has_events = rules
        .iter()
        .any(|rule| matches!(rule.rule.body, Body::Events { .. } | Body::Query(_)));
    let is_used = |one: &&Exception| match one.rules.is_empty() {
        true => has_events,
        false => one
            .rules
            .iter()
            .any(|name| narrowed.contains(&name.as_str())),
    };
    applied.used = live.iter().filter(is_used).cloned().collect();
    applied
}

fn none_of(exceptions: &[&Exception]) -> Option<Condition> {
    let tests: Vec<Condition> = exceptions.iter().flat_map(|one| one.tests()).collect();
    (!tests.is_empty()).then(|| Condition::Not(Box::new(Condition::Any(tests))))
}

impl Exception {
    /// The tests of which an event that it is of passes one.
    fn tests(&self) -> Vec<Condition> {
        let test = |path: &[&str], check: Check| {
            let path = path.iter().map(|key| (*key).to_owned()).collect();
            let field = Field::Path(path);
            Condition::Test(Test { field, check })
        };
        match self.subject {
            Subject::Agent => vec![test(&["userAgent"], glob(&self.value, false))],
            Subject::Address => {
                let network = Check::Network(self.value.clone());
                vec![test(&["sourceIPAddress"], network)]
            }
            Subject::Principal => [
                &["userIdentity", "arn"][..],
                &["userIdentity", "sessionContext", "sessionIssuer", "arn"],
            ]
            .map(|path| test(path, glob(&self.value, true)))
            .into(),
            Subject::Account => vec![test(&["recipientAccountId"], glob(&self.value, true))],
        }
    }
}

fn glob(text: &str, cased: bool) -> Check {
    let parts = wildcards(text);
    match parts.as_slice() {
        [Part::Text(text)] => Check::Text {
            text: text.clone(),
            cased,
        },
        _ => Check::Glob { parts, cased },
    }
}
