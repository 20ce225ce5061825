//! Alerts of groups: a threshold's, and those of a query whose alerts are suppressed group by group.

use super::alert::{Alert, Kind};
use super::group::Found;
use super::identity::Identity;
use super::suppression::Instance;
use crate::condition::Field;

/// What alerts of groups are called.
pub(super) enum Name {
    /// A threshold's: the run and the values tell them apart.
    Threshold(Identity),
    /// A suppressed query's: the oldest event and the values do.
    Query(Identity),
}

impl Name {
    pub(super) fn threshold(rule: &str, by: &[Field]) -> Name {
        Name::Threshold(Identity::new("threshold", rule).fields(by))
    }

    pub(super) fn query(rule: &str, by: &[Field]) -> Name {
        Name::Query(Identity::new("query by group", rule).fields(by))
    }

    pub(super) fn begun(&self) -> &Identity {
        match self {
            Name::Threshold(begun) | Name::Query(begun) => begun,
        }
    }

    /// The alert of a group, and the group for suppression across runs.
    pub(super) fn alert(&self, run: i64, found: Found) -> (Alert, Option<Instance>) {
        let (kind, id, suppressed) = match self {
            Name::Threshold(begun) => {
                let id = begun.clone().number(run).key(&found.key).done();
                (Kind::Threshold, id, 0)
            }
            Name::Query(begun) => {
                let id = begun
                    .clone()
                    .number(found.first)
                    .text(&found.oldest)
                    .key(&found.key)
                    .done();
                (Kind::Event, id, found.count - 1)
            }
        };
        let instance = found
            .key
            .iter()
            .map(|value| value.iter().cloned().collect())
            .collect();
        let alert = Alert {
            id,
            kind,
            run,
            key: found.key.into_vec(),
            count: found.count,
            distinct: found.distinct,
            value: None,
            first: found.first,
            last: found.last,
            events: found.events,
            suppressed,
        };
        (alert, Some(instance))
    }
}
