//! Alerts as a pass finds them: held until they are too many, then told of their events and put to disk.

use std::io;
use std::sync::Arc;

use super::named::Events;
use super::spill::{Spool, event_size};
use super::{Alert, Alerts, NamedEvent};
use crate::figures::Figures;
use crate::value::Value;
use crate::{Engine, Error};

/// Takes the alerts of a pass.
pub(super) struct Sink {
    limit: Option<usize>,
    /// Of each rule its alerts, those in memory after those on disk.
    lists: Vec<Alerts>,
    /// About how many bytes are in memory.
    bytes: usize,
    spool: Option<Arc<Spool>>,
    known: Known,
}

/// Events that alerts may name, as far as there is room for them; others are read.
struct Known {
    limit: Option<usize>,
    events: Events,
    bytes: usize,
}

impl Sink {
    /// For so many rules, holding about `limit` bytes; all, without a limit.
    pub(super) fn new(rules: usize, limit: Option<usize>) -> Sink {
        Sink {
            limit,
            lists: (0..rules).map(|_| Alerts::default()).collect(),
            bytes: 0,
            spool: None,
            known: Known {
                limit: limit.map(|limit| limit / 2),
                events: Events::default(),
                bytes: 0,
            },
        }
    }

    /// Keeps an event in mind that alerts to come may name.
    pub(super) fn know(&mut self, identity: &Arc<str>, event: Arc<NamedEvent>) {
        let known = &mut self.known;
        known.bytes += event_size(&event) + identity.len();
        if known.limit.is_some_and(|limit| known.bytes > limit) {
            known.events.clear();
            known.bytes = 0;
        }
        known.events.insert(Arc::clone(identity), event);
    }

    /// Takes an alert of the rule at `place`. `event` is the one that it was just made of, with its identity.
    pub(super) fn push(
        &mut self,
        place: usize,
        mut alert: Alert,
        event: Option<(&Arc<str>, &Arc<NamedEvent>)>,
    ) {
        let events: Option<Vec<Arc<NamedEvent>>> = match (alert.identities.as_slice(), event) {
            ([one], Some((identity, event))) if one == identity => Some(vec![Arc::clone(event)]),
            (all, _) => all
                .iter()
                .map(|identity| self.known.events.get(identity).cloned())
                .collect(),
        };
        if let Some(events) = events {
            alert.events = events;
            alert.identities = Vec::new();
        }
        self.bytes += size(&alert);
        if let Some(list) = self.lists.get_mut(place) {
            list.held_mut().push(alert);
        }
    }

    /// Takes no alert of the rule at `place` to have come.
    pub(super) fn forget(&mut self, place: usize) {
        if let Some(list) = self.lists.get_mut(place) {
            *list = Alerts::default();
        }
    }

    /// Whether what is held should go to disk.
    pub(super) fn is_full(&self) -> bool {
        self.limit.is_some_and(|limit| self.bytes > limit)
    }

    /// Puts what is held to disk.
    ///
    /// # Errors
    /// Where the events that alerts name can't be read, or the disk does not take the alerts.
    pub(super) async fn spill(
        &mut self,
        engine: &Engine,
        figures: &mut Figures,
    ) -> Result<(), Error> {
        engine
            .name_events(self.unnamed(), Events::default(), figures)
            .await?;
        self.write().map_err(unspilled)
    }

    fn unnamed(&mut self) -> impl Iterator<Item = &mut Alert> {
        let held = self.lists.iter_mut().flat_map(Alerts::held_mut);
        held.filter(|alert| !alert.identities.is_empty())
    }

    fn write(&mut self) -> io::Result<()> {
        let spool = match &self.spool {
            Some(spool) => Arc::clone(spool),
            None => Arc::clone(self.spool.insert(Spool::new()?)),
        };
        self.bytes = 0;
        self.lists
            .iter_mut()
            .try_for_each(|list| list.spill(&spool))
    }

    /// The alerts of each rule.
    ///
    /// # Errors
    /// Where the events that they name can't be read.
    pub(super) async fn end(
        mut self,
        engine: &Engine,
        figures: &mut Figures,
    ) -> Result<Vec<Alerts>, Error> {
        self.known.events = Events::default();
        engine
            .name_events(self.unnamed(), Events::default(), figures)
            .await?;
        Ok(self.lists)
    }
}

/// An error of temporary files, said to a person.
pub(super) fn unspilled(error: io::Error) -> Error {
    Error::Spill(error)
}

/// About how many bytes an alert holds. Events that several name are counted with each.
fn size(alert: &Alert) -> usize {
    // An event that is still to be read is reckoned as one of middling size.
    const UNREAD: usize = 1_024;
    let events = alert.events.iter().map(|event| event_size(event));
    let keys = alert.key.iter().map(|(name, value)| {
        size_of::<(String, Option<Arc<str>>)>()
            + name.len()
            + value.as_deref().map_or(0, |value| value.len() + 16)
    });
    let unread = alert.identities.iter().map(|text| text.len() + UNREAD);
    let record = alert.record.iter().map(value_size);
    let parts = events.chain(keys).chain(unread).chain(record);
    size_of::<(usize, Alert)>() + alert.id.len() + parts.sum::<usize>()
}

/// About how many bytes a value holds.
fn value_size(value: &Value) -> usize {
    let inside: usize = match value {
        Value::String(text) => text.len(),
        Value::Array(elements) => elements.iter().map(value_size).sum(),
        Value::Record(members) => {
            let members = members.iter();
            members
                .map(|(name, value)| size_of::<String>() + name.len() + value_size(value))
                .sum()
        }
        Value::Shown(_, value) => value_size(value),
        _ => 0,
    };
    size_of::<Value>() + inside
}
