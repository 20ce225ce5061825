//! A match on its way from the scan to what is made of it over time.

use std::io::{self, BufRead};
use std::sync::Arc;

use rules::run::Match;

use super::bytes::{self, Bytes};
use crate::detect::NamedEvent;

/// A match, and where it belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::detect) struct Item {
    /// Matches of one group are taken together, in the order of their times.
    pub(in crate::detect) group: u32,
    /// The rule's place among those of the pass.
    pub(in crate::detect) place: u32,
    pub(in crate::detect) event: Match,
    /// What to tell of the event, where it is an alert of its own.
    pub(in crate::detect) named: Option<Arc<NamedEvent>>,
}

impl Item {
    /// What items are sorted by: the group, then time and identity, as timelines take them.
    pub(super) fn key(&self) -> (u32, i64, &str, u32) {
        (self.group, self.event.time, &self.event.id, self.place)
    }

    /// About how many bytes it holds. Texts that several share are counted with each.
    pub(super) fn size(&self) -> usize {
        let texts = self.event.values.iter().flatten();
        let values = self.event.values.len() * size_of::<Vec<Arc<str>>>();
        size_of::<Item>()
            + values
            + self.event.id.len()
            + COUNTS
            + texts.map(|text| text.len() + COUNTED).sum::<usize>()
            + self.named.as_deref().map_or(0, event_size)
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        bytes::number(u64::from(self.group), out);
        bytes::number(u64::from(self.place), out);
        bytes::long(self.event.time, out);
        bytes::text(&self.event.id, out);
        bytes::list(self.event.values.iter(), out, |values, out| {
            bytes::list(values.iter(), out, |value, out| bytes::text(value, out));
        });
        bytes::option(self.named.as_deref(), out, write_event);
    }

    pub(super) fn read<R: BufRead>(bytes: &mut Bytes<R>) -> io::Result<Item> {
        let small = |number: u64| u32::try_from(number).map_err(|_| bytes::damaged());
        Ok(Item {
            group: small(bytes.number()?)?,
            place: small(bytes.number()?)?,
            event: Match {
                time: bytes.long()?,
                id: bytes.shared()?,
                values: bytes.list(|bytes| bytes.list(Bytes::shared))?,
            },
            named: bytes.option(read_event)?.map(Arc::new),
        })
    }
}

/// What a shared value takes besides itself, and a shared text with the pointer to it.
const COUNTS: usize = 2 * size_of::<usize>();
const COUNTED: usize = COUNTS + size_of::<Arc<str>>();

/// About how many bytes an event holds that is told of.
pub(in crate::detect) fn event_size(event: &NamedEvent) -> usize {
    let texts = texts(event).into_iter().flatten();
    size_of::<NamedEvent>() + COUNTS + texts.map(|text| text.len() + COUNTS).sum::<usize>()
}

fn texts(event: &NamedEvent) -> [Option<&str>; 12] {
    [
        &event.id,
        &event.account,
        &event.source,
        &event.service,
        &event.action,
        &event.region,
        &event.error,
        &event.address,
        &event.agent,
        &event.identity,
        &event.principal,
        &event.access_key,
    ]
    .map(Option::as_deref)
}

pub(super) fn write_event(event: &NamedEvent, out: &mut Vec<u8>) {
    bytes::long(event.time, out);
    bytes::long(event.index, out);
    for text in texts(event) {
        bytes::option(text, out, bytes::text);
    }
}

pub(super) fn read_event<R: BufRead>(bytes: &mut Bytes<R>) -> io::Result<NamedEvent> {
    let (time, index) = (bytes.long()?, bytes.long()?);
    let mut text = || bytes.option(Bytes::shared);
    // In the order of `texts`.
    Ok(NamedEvent {
        time,
        index,
        id: text()?,
        account: text()?,
        source: text()?,
        service: text()?,
        action: text()?,
        region: text()?,
        error: text()?,
        address: text()?,
        agent: text()?,
        identity: text()?,
        principal: text()?,
        access_key: text()?,
    })
}
