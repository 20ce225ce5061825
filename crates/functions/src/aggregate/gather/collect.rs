//! The values of a group as an array, in the order of the records.

use std::collections::HashMap;
use std::mem::size_of;

use datafusion::common::Result;
use xxhash_rust::xxh64::xxh64;

use super::Gather;
use crate::value::{Value, canonical, decode, encode};

/// The most elements that an array has.
pub(in crate::aggregate) const MOST: i64 = 131_072;

/// Where an element comes from: the place of its record, what tells records in one place apart, and its place in an
/// array that was opened.
type Origin = (i64, u64, u64);

/// One element: where it comes from, and its value text.
type Element = (Origin, Box<str>);

/// `collectArray` and `collectDistinct`, over a value and the place of its record. The settings are the greatest
/// length, whether arrays are opened, and whether equal values are taken once: then nulls are left out, and a value
/// stands where it came first.
#[derive(Debug)]
pub(in crate::aggregate) struct Collect {
    most: usize,
    expand: bool,
    distinct: bool,
    /// Whether there was a record at all: no record gives null.
    any: bool,
    elements: Vec<Element>,
    /// With `distinct`: the first element by the text that equal values have in common.
    first: HashMap<Box<str>, Element>,
    bytes: usize,
}

impl Collect {
    fn put(&mut self, value: &Value<'_>, origin: Origin) {
        if self.distinct {
            self.put_distinct(value, origin);
        } else {
            let mut text = String::new();
            encode(value, &mut text);
            self.bytes += text.len() + size_of::<Element>();
            self.elements.push((origin, text.into()));
        }
        // Twice as many as asked for, so that they are seldom put in order.
        if self.elements.len().max(self.first.len()) > self.most.saturating_mul(2).max(64) {
            self.shorten();
        }
    }

    fn put_distinct(&mut self, value: &Value<'_>, origin: Origin) {
        if value.is_null() {
            return;
        }
        let mut key = String::new();
        canonical(value, &mut key);
        let known = self.first.get_mut(key.as_str());
        if known.as_ref().is_some_and(|(known, _)| *known <= origin) {
            return;
        }
        let mut text = String::new();
        encode(value, &mut text);
        match known {
            Some(known) => {
                self.bytes = (self.bytes + text.len()).saturating_sub(known.1.len());
                *known = (origin, text.into());
            }
            None => {
                self.bytes += weight(&key, &text);
                self.first.insert(key.into(), (origin, text.into()));
            }
        }
    }

    /// Keeps the elements that come first, in order.
    fn shorten(&mut self) {
        if self.distinct {
            let mut origins: Vec<Origin> = self.first.values().map(|(origin, _)| *origin).collect();
            if origins.len() > self.most {
                let (_, last, _) = origins.select_nth_unstable(self.most);
                let last = *last;
                let bytes = &mut self.bytes;
                self.first.retain(|key, (origin, text)| {
                    let kept = *origin < last;
                    if !kept {
                        *bytes = bytes.saturating_sub(weight(key, text));
                    }
                    kept
                });
            }
        } else {
            self.elements.sort_unstable();
            let gone = self.elements.drain(self.most.min(self.elements.len())..);
            let bytes: usize = gone
                .map(|(_, text)| text.len() + size_of::<Element>())
                .sum();
            self.bytes = self.bytes.saturating_sub(bytes);
        }
    }

    /// The elements in order.
    fn ordered(&mut self) -> Vec<Element> {
        self.shorten();
        if self.distinct {
            self.bytes = 0;
            let mut elements: Vec<Element> = self.first.drain().map(|(_, first)| first).collect();
            elements.sort_unstable();
            return elements;
        }
        self.bytes = 0;
        std::mem::take(&mut self.elements)
    }

    fn open(&mut self, value: &Value<'_>, (place, tie, inner): Origin, count: &mut u64) {
        match value {
            // Value text is as deep as JSON may be, so the recursion ends.
            Value::Array(elements) if self.expand => elements
                .iter()
                .for_each(|element| self.open(element, (place, tie, inner), count)),
            value => {
                self.put(value, (place, tie, inner + *count));
                *count += 1;
            }
        }
    }
}

/// What an element weighs under its key.
fn weight(key: &str, text: &str) -> usize {
    key.len() + text.len() + size_of::<(Box<str>, Element)>() + 1
}

impl Gather for Collect {
    const NAME: &'static str = "dql_collect";

    fn new(settings: &[Value<'static>]) -> Self {
        let (most, expand, distinct) = match settings {
            [most, expand, distinct] => (most.as_long(), expand.as_bool(), distinct.as_bool()),
            _ => (None, None, None),
        };
        let most = most.unwrap_or(MOST).clamp(0, MOST);
        Collect {
            most: usize::try_from(most).unwrap_or(0),
            expand: expand.unwrap_or(false),
            distinct: distinct.unwrap_or(false),
            any: false,
            elements: Vec::new(),
            first: HashMap::new(),
            bytes: 0,
        }
    }

    fn add(&mut self, row: &[Value<'_>]) -> Result<()> {
        let [value, place] = row else {
            return Ok(());
        };
        self.any = true;
        // What has no place comes behind all that have one.
        let place = place.as_long().unwrap_or(i64::MAX);
        let mut text = String::new();
        encode(value, &mut text);
        let tie = xxh64(text.as_bytes(), 0);
        self.open(value, (place, tie, 0), &mut 0);
        Ok(())
    }

    fn merge(&mut self, state: &Value<'_>) -> Result<()> {
        let Value::Array(parts) = state else {
            return Ok(());
        };
        for part in parts {
            self.any = true;
            let Value::Array(part) = part else {
                continue;
            };
            if let [
                Value::Long(place),
                Value::Long(tie),
                Value::Long(inner),
                value,
            ] = part.as_slice()
            {
                let origin = (*place, tie.cast_unsigned(), inner.cast_unsigned());
                self.put(value, origin);
            }
        }
        Ok(())
    }

    fn state(&mut self) -> Value<'static> {
        if !self.any {
            return Value::Null;
        }
        // A group of records without elements is told from one without records.
        let mut parts = vec![Value::Null];
        for ((place, tie, inner), text) in self.ordered() {
            parts.push(Value::Array(vec![
                Value::Long(place),
                Value::Long(tie.cast_signed()),
                Value::Long(inner.cast_signed()),
                decode(&text).into_owned(),
            ]));
        }
        Value::Array(parts)
    }

    fn result(&mut self) -> Value<'static> {
        if !self.any {
            return Value::Null;
        }
        let elements = self.ordered();
        Value::Array(
            elements
                .iter()
                .map(|(_, text)| decode(text).into_owned())
                .collect(),
        )
    }

    fn size(&self) -> usize {
        self.bytes
    }
}
