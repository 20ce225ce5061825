//! A record's JSON text as an event. Its members are found once; below them every question walks, without a copy.

use std::borrow::Cow;

use json::{Cursor, Step};

use super::{Event, Visit};
use crate::check::Value;
use crate::ecs::{EcsField, Geo, Source};

/// A record to ask programs about; made once, asked by any number of them.
pub struct JsonEvent<'a> {
    members: Vec<json::Member<'a>>,
    geo: Option<&'a dyn Geo>,
    limited: bool,
}

impl<'a> JsonEvent<'a> {
    /// The event of this record. What is JSON but no object is an event without fields.
    ///
    /// # Errors
    /// The first thing in the text that is not JSON.
    pub fn new(record: &'a str) -> Result<Self, json::Error> {
        Ok(JsonEvent {
            members: json::members(record)?.unwrap_or_default(),
            geo: None,
            limited: true,
        })
    }

    /// The same with places and networks of addresses, for ECS fields.
    pub fn with_geo(self, geo: &'a dyn Geo) -> Self {
        JsonEvent {
            geo: Some(geo),
            ..self
        }
    }

    /// The same with values of ECS fields however long.
    pub fn without_limits(self) -> Self {
        JsonEvent {
            limited: false,
            ..self
        }
    }

    fn member(&self, name: &str) -> Option<&'a str> {
        let found = self.members.iter().find(|(known, _)| known == name);
        found.map(|(_, raw)| *raw)
    }
}

impl Source for JsonEvent<'_> {
    fn raw(&self, path: &[&str]) -> Option<Cow<'_, str>> {
        let (first, rest) = path.split_first()?;
        let raw = self.member(first)?;
        if rest.is_empty() {
            return Some(Cow::Borrowed(raw));
        }
        let steps: Vec<Step<'_>> = rest.iter().map(|key| Step::Key(key)).collect();
        json::get_trusted(raw, &steps).map(Cow::Borrowed)
    }

    fn geo(&self) -> Option<&dyn Geo> {
        self.geo
    }

    fn limited(&self) -> bool {
        self.limited
    }
}

impl Event for JsonEvent<'_> {
    fn path(&self, path: &[String], visit: &mut Visit<'_>) -> bool {
        let Some((first, rest)) = path.split_first() else {
            return false;
        };
        self.member(first)
            .is_some_and(|raw| below(raw, rest, visit))
    }

    fn ecs(&self, field: &EcsField, visit: &mut Visit<'_>) -> bool {
        let values = field.values(self);
        values
            .iter()
            .any(|text| visit(&Value::String(Cow::Borrowed(text))))
    }

    fn anywhere(&self, visit: &mut Visit<'_>) -> bool {
        self.members.iter().any(|(_, raw)| scalars(raw, visit))
    }
}

/// The values at a path below a value without white space around it, which is known to be JSON.
fn below(raw: &str, path: &[String], visit: &mut Visit<'_>) -> bool {
    if raw.starts_with('[') {
        // At the end the array is a value too: the key is there, and it has a text.
        return elements(raw, |element| below(element, path, visit))
            || (path.is_empty() && visit(&Value::Json(raw)));
    }
    let Some((key, rest)) = path.split_first() else {
        return visit(&Value::of(raw));
    };
    raw.starts_with('{') && last_member(raw, key).is_some_and(|raw| below(raw, rest, visit))
}

/// Whether `visit` has enough with one of the elements.
fn elements(raw: &str, mut visit: impl FnMut(&str) -> bool) -> bool {
    let mut cursor = Cursor::new(raw.as_bytes());
    let mut more = cursor.first_element();
    while let Ok(true) = more {
        let start = cursor.at();
        if cursor.skip().is_err() {
            return false;
        }
        if raw.get(start..cursor.at()).is_some_and(&mut visit) {
            return true;
        }
        more = cursor.next_element();
    }
    false
}

/// The value of the last member of this name: of several with one name, the last counts.
fn last_member<'a>(raw: &'a str, key: &str) -> Option<&'a str> {
    let mut cursor = Cursor::new(raw.as_bytes());
    let mut found = None;
    let mut member = cursor.first_member();
    while let Ok(Some(name)) = member {
        let start = cursor.at();
        cursor.skip().ok()?;
        if name.is(raw, key) {
            found = raw.get(start..cursor.at());
        }
        member = cursor.next_member();
    }
    found
}

/// Whether `visit` has enough with one of the values inside that are no object and no array.
fn scalars(raw: &str, visit: &mut Visit<'_>) -> bool {
    match raw.as_bytes().first() {
        Some(b'{') => {
            let members = json::members(raw).ok().flatten().unwrap_or_default();
            members.iter().any(|(_, value)| scalars(value, visit))
        }
        Some(b'[') => elements(raw, |element| scalars(element, visit)),
        _ => visit(&Value::of(raw)),
    }
}
