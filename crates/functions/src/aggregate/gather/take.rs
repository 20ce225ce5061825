//! One of the values of a group, whatever their types: the first or last in the order of the records, the least or
//! greatest in the order of `sort`.

use std::cmp::Ordering;

use datafusion::common::Result;

use super::Gather;
use crate::value::{Value, encode, total};

/// `takeFirst` and `takeLast`, over a value and the place of its record. Of records in one place the one whose value
/// text is less counts, so that the result does not depend on who reads which records.
#[derive(Debug, Default)]
pub(in crate::aggregate) struct Take<const FIRST: bool> {
    best: Value<'static>,
    place: i64,
    size: usize,
}

fn text(value: &Value<'_>) -> String {
    let mut text = String::new();
    encode(value, &mut text);
    text
}

/// About how many bytes a value holds outside of itself.
pub(super) fn weight(value: &Value<'_>) -> usize {
    match value {
        Value::String(text) | Value::Smartscape(text) => text.len(),
        Value::Binary(bytes) => bytes.len(),
        Value::Array(elements) => elements
            .iter()
            .map(|element| size_of::<Value<'_>>() + weight(element))
            .sum(),
        Value::Record(members) => members
            .iter()
            .map(|(key, value)| size_of::<(String, Value<'_>)>() + key.len() + weight(value))
            .sum(),
        _ => 0,
    }
}

impl<const FIRST: bool> Take<FIRST> {
    fn take(&mut self, value: &Value<'_>, place: &Value<'_>) {
        if value.is_null() {
            return;
        }
        // What has no place comes behind all that have one.
        let place = place.as_long().unwrap_or(i64::MAX);
        let better = if self.best.is_null() {
            true
        } else {
            match (place.cmp(&self.place), FIRST) {
                (Ordering::Less, first) => first,
                (Ordering::Greater, first) => !first,
                (Ordering::Equal, first) => {
                    *value != self.best && (text(value) < text(&self.best)) == first
                }
            }
        };
        if better {
            self.best = value.clone().into_owned();
            self.place = place;
            self.size = weight(&self.best);
        }
    }
}

impl<const FIRST: bool> Gather for Take<FIRST> {
    const NAME: &'static str = if FIRST {
        "dql_take_first"
    } else {
        "dql_take_last"
    };
    const SKIPS_NULL: bool = true;

    fn new(_settings: &[Value<'static>]) -> Self {
        Self::default()
    }

    fn add(&mut self, row: &[Value<'_>]) -> Result<()> {
        if let [value, place] = row {
            self.take(value, place);
        }
        Ok(())
    }

    fn merge(&mut self, state: &Value<'_>) -> Result<()> {
        match state {
            Value::Array(parts) => self.add(parts),
            _ => Ok(()),
        }
    }

    fn state(&mut self) -> Value<'static> {
        Value::Array(vec![self.best.clone(), Value::Long(self.place)])
    }

    fn result(&mut self) -> Value<'static> {
        self.best.clone()
    }

    fn size(&self) -> usize {
        self.size
    }
}

/// `takeMin` and `takeMax`: ordered by type, then by value. Of equal values the one whose value text is less counts.
#[derive(Debug, Default)]
pub(in crate::aggregate) struct TakeOrdered<const LEAST: bool> {
    best: Value<'static>,
    size: usize,
}

impl<const LEAST: bool> Gather for TakeOrdered<LEAST> {
    const NAME: &'static str = if LEAST {
        "dql_take_min"
    } else {
        "dql_take_max"
    };

    fn new(_settings: &[Value<'static>]) -> Self {
        Self::default()
    }

    fn add(&mut self, row: &[Value<'_>]) -> Result<()> {
        match row {
            [value, ..] => self.merge(value),
            [] => Ok(()),
        }
    }

    fn merge(&mut self, state: &Value<'_>) -> Result<()> {
        if state.is_null() {
            return Ok(());
        }
        let better = if self.best.is_null() {
            true
        } else {
            match total(state, &self.best) {
                Ordering::Less => LEAST,
                Ordering::Greater => !LEAST,
                Ordering::Equal => *state != self.best && text(state) < text(&self.best),
            }
        };
        if better {
            self.best = state.clone().into_owned();
            self.size = weight(&self.best);
        }
        Ok(())
    }

    fn state(&mut self) -> Value<'static> {
        self.best.clone()
    }

    fn result(&mut self) -> Value<'static> {
        self.best.clone()
    }

    fn size(&self) -> usize {
        self.size
    }
}
