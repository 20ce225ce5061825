//! Matchers with a scope of their own: `ARRAY`, `KVP`, `STRUCTURE`; and `ENUM`.

use std::collections::HashMap;

use super::capture::Capture;
use super::follow::Cont;
use super::program::{Enum, NameId, NodeId, Repeat, Scoped};
use super::run::{Match, Runner};

impl<'p, 'i> Runner<'p, 'i> {
    /// A record of what the body exports.
    pub(super) fn structure(
        &mut self,
        scoped: &'p Scoped,
        at: usize,
        cont: &Cont<'_, 'p>,
    ) -> Option<Match<'i>> {
        let mark = self.events.len();
        let end = self.sequence(&scoped.body, at, cont)?;
        let mut text = String::new();
        self.record(mark, &scoped.names, &mut text);
        Some((end, Some(Capture::Text(text.into()))))
    }

    /// The body again and again: an array of values, or of records if the body exports several.
    pub(super) fn array(
        &mut self,
        scoped: &'p Scoped,
        repeat: Repeat,
        at: usize,
        cont: &Cont<'_, 'p>,
    ) -> Option<Match<'i>> {
        let again = Cont::Again {
            body: &scoped.body,
            outer: cont,
        };
        let mut text = String::from("[");
        let mut end = at;
        let mut count = 0;
        while count < repeat.max {
            let mark = self.events.len();
            let Some(next) = self.round(&scoped.body, end, &again) else {
                break;
            };
            if count > 0 {
                text.push(',');
            }
            match scoped.names.as_slice() {
                [name] => self.value(mark, *name, &mut text),
                names => self.record(mark, names, &mut text),
            }
            self.events.truncate(mark);
            end = next;
            count += 1;
        }
        text.push(']');
        (count >= repeat.min).then_some((end, Some(Capture::Text(text.into()))))
    }

    /// The body again and again, each round giving a key and a value: a record.
    pub(super) fn pairs(
        &mut self,
        body: &'p [NodeId],
        repeat: Repeat,
        at: usize,
        cont: &Cont<'_, 'p>,
    ) -> Option<Match<'i>> {
        let again = Cont::Again { body, outer: cont };
        // A key that comes again takes the last value, at the first place.
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut pairs: Vec<(String, Capture<'i>)> = Vec::new();
        let mut end = at;
        let mut count = 0;
        while count < repeat.max {
            let mark = self.events.len();
            let Some(next) = self.round(body, end, &again) else {
                break;
            };
            let (mut key, mut value) = (String::new(), Capture::Null);
            for (name, found) in self.events.drain(mark..) {
                let name = &self.program.names[name];
                if name == "key" {
                    key = key_text(found);
                } else if name.starts_with("value") {
                    value = found;
                }
            }
            match places.get(&key) {
                Some(place) => pairs[*place].1 = value,
                None => {
                    places.insert(key.clone(), pairs.len());
                    pairs.push((key, value));
                }
            }
            end = next;
            count += 1;
        }
        let mut text = String::new();
        write_record(
            pairs.iter().map(|(key, value)| (key.as_str(), value)),
            &mut text,
        );
        (count >= repeat.min).then_some((end, Some(Capture::Text(text.into()))))
    }

    /// One round of a repetition; one that consumes nothing is none.
    fn round(&mut self, body: &'p [NodeId], at: usize, again: &Cont<'_, 'p>) -> Option<usize> {
        let mark = self.mark();
        let end = self.sequence(body, at, again).filter(|end| *end > at);
        if end.is_none() {
            self.back_to(mark);
        }
        end
    }

    /// Writes what was captured since `mark` as a record of these names, null for what was not.
    pub(super) fn record(&mut self, mark: usize, names: &[NameId], text: &mut String) {
        let fields = names
            .iter()
            .map(|name| (self.program.names[*name].as_str(), self.last(mark, *name)));
        write_record(fields, text);
        self.events.truncate(mark);
    }

    fn value(&self, mark: usize, name: NameId, text: &mut String) {
        self.last(mark, name).write(text);
    }

    /// The last value since `mark` of this name.
    fn last(&self, mark: usize, name: NameId) -> &Capture<'i> {
        let found = self.events[mark..]
            .iter()
            .rev()
            .find(|(known, _)| *known == name);
        found.map_or(&Capture::Null, |(_, value)| value)
    }
}

impl Enum {
    /// The number of the longest text that stands at `at`, and where it ends.
    pub(super) fn read(&self, input: &str, at: usize) -> Option<(usize, i64)> {
        let rest = &input.as_bytes()[at..];
        let found = self
            .entries
            .iter()
            .find(|(text, _)| match rest.get(..text.len()) {
                Some(start) if self.ignore_case => start.eq_ignore_ascii_case(text.as_bytes()),
                Some(start) => start == text.as_bytes(),
                None => false,
            });
        found.map(|(text, value)| (at + text.len(), *value))
    }
}

fn key_text(key: Capture<'_>) -> String {
    match key {
        Capture::Str(text) => text.into_owned(),
        other => other.value().text().unwrap_or_default(),
    }
}

fn write_record<'v, 'i: 'v>(
    fields: impl Iterator<Item = (&'v str, &'v Capture<'i>)>,
    text: &mut String,
) {
    text.push('{');
    for (index, (name, value)) in fields.enumerate() {
        if index > 0 {
            text.push(',');
        }
        json::write_string(name, text);
        text.push(':');
        value.write(text);
    }
    text.push('}');
}
