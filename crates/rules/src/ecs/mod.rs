//! A CloudTrail record as the document that Elastic's integration makes of it: which fields there are, and their values.
//!
//! Nothing is converted beforehand: a field is asked for, and reads the few places of the record that it is made of. The
//! fields are data, one row each, in `table.rs`; what no row names is in no document, as in Elastic's. Values follow the
//! integration as of 2026.
//!
//! Before anything else the integration removes what is empty: null, `""`, `[]`, `{}` and the texts of [`REMOVED`], at
//! every level. So do all values here.
//!
//! ```
//! use rules::ecs::{self, Record};
//!
//! let record = Record::new(r#"{"eventName":"GetSecretValue","errorCode":"AccessDenied"}"#);
//! let values = |name| ecs::find(name).map(|field| field.values(&record)).unwrap_or_default();
//! assert_eq!(values("event.action"), ["GetSecretValue"]);
//! assert_eq!(values("event.outcome"), ["failure"]);
//! ```
//!
//! Reading order: this file, `table`, `tree` (a record's values, cleaned), then the files of what is computed.

mod agent;
mod entity;
mod event;
mod flattened;
mod geo;
mod java;
mod resource;
mod table;
#[cfg(test)]
mod tests;
mod tree;
mod user;

use std::borrow::Cow;

use json::Step;

use crate::condition::{Check, Condition, Field};

pub use geo::{Databases, Geo, GeoError, Network, Place};
pub use table::FIELDS;

/// The texts that count as nothing, besides null and empty objects and arrays.
pub const REMOVED: &[&str] = &["", "-", "none"];

/// From this length on, in UTF-16 units, a free object's string form has no flattened copy.
pub(crate) const FLATTENED_LIMIT: usize = 32_766;

/// The values of a field in one document, as the texts that checks compare: strings themselves, `true` and `false`,
/// numbers as JSON has them. None where the document lacks the field.
pub type Values = Vec<String>;

/// A record to read from.
pub trait Source {
    /// The JSON text of the value at a path of object keys; none where the path leads nowhere. Through arrays it leads
    /// nowhere.
    fn raw(&self, path: &[&str]) -> Option<Cow<'_, str>>;

    /// Who knows where addresses are; without one, places and networks are absent.
    fn geo(&self) -> Option<&dyn Geo> {
        None
    }

    /// Whether values that are too long for Elastic's index are absent, as there: see [`Definition::longest`].
    fn limited(&self) -> bool {
        true
    }
}

/// The JSON text of a record, to read from. The text must be one JSON object.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    text: &'a str,
    geo: Option<&'a dyn Geo>,
    limited: bool,
}

impl<'a> Record<'a> {
    /// The record with this text, without places, with limits.
    pub fn new(text: &'a str) -> Self {
        Record {
            text,
            geo: None,
            limited: true,
        }
    }

    /// The same with places and networks.
    pub fn with_geo(self, geo: &'a dyn Geo) -> Self {
        Record {
            geo: Some(geo),
            ..self
        }
    }

    /// The same with values however long.
    pub fn without_limits(self) -> Self {
        Record {
            limited: false,
            ..self
        }
    }
}

impl Source for Record<'_> {
    fn raw(&self, path: &[&str]) -> Option<Cow<'_, str>> {
        let steps: Vec<Step<'_>> = path.iter().map(|key| Step::Key(key)).collect();
        json::get_trusted(self.text, &steps).map(Cow::Borrowed)
    }

    fn geo(&self) -> Option<&dyn Geo> {
        self.geo
    }

    fn limited(&self) -> bool {
        self.limited
    }
}

/// The type of a field, after Elasticsearch's mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// Exact strings.
    Keyword,
    /// IPv4 and IPv6 addresses.
    Ip,
    /// Whole numbers.
    Long,
    /// `true` and `false`.
    Boolean,
    /// Times in ISO 8601.
    Date,
    /// An object whose leaves are exact strings, each also a field of its own.
    Flattened,
    /// A place on earth, `latitude,longitude`.
    GeoPoint,
}

/// How the values of a field are made. Paths are keys with dots between; no key that is named has a dot.
#[derive(Clone, Copy, Debug)]
pub enum Made {
    /// As they are at this path.
    Copied(&'static str),
    /// This, in every document.
    Constant(&'static str),
    /// As they are at the first of these paths that has any.
    First(&'static [&'static str]),
    /// By a function, which reads at these paths.
    Computed(&'static [&'static str], fn(&dyn Source) -> Values),
    /// The leaves of the object at this path.
    Leaves(&'static str),
    /// From the place of the source's address.
    Place(fn(&Place) -> Option<String>),
    /// From the network of the source's address.
    Network(fn(&Network) -> Option<String>),
}

/// A row of the table of fields.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// The field's name, such as `event.action`.
    pub name: &'static str,
    /// Its type.
    pub kind: Type,
    /// How its values are made.
    pub made: Made,
    /// How many UTF-16 units a value may have; a longer one is in the document and in no index: no test finds it.
    pub longest: Option<usize>,
}

/// A field: a row of the table, or a leaf of one that is flattened.
#[derive(Clone, Debug)]
pub struct EcsField {
    definition: &'static Definition,
    /// The keys below a flattened field, with dots between.
    below: Option<String>,
}

/// The field of this name, or none where documents have no such field. Every name below a flattened field is one.
pub fn find(name: &str) -> Option<EcsField> {
    let exact = FIELDS.iter().find(|definition| definition.name == name);
    if let Some(definition) = exact {
        return Some(EcsField {
            definition,
            below: None,
        });
    }
    FIELDS.iter().find_map(|definition| {
        let below = name.strip_prefix(definition.name)?.strip_prefix('.')?;
        let found = definition.kind == Type::Flattened && !below.is_empty();
        found.then(|| EcsField {
            definition,
            below: Some(below.to_owned()),
        })
    })
}

impl EcsField {
    /// Its name.
    pub fn name(&self) -> String {
        match &self.below {
            Some(below) => format!("{}.{below}", self.definition.name),
            None => self.definition.name.to_owned(),
        }
    }

    /// The row of the table that it comes from.
    pub fn definition(&self) -> &'static Definition {
        self.definition
    }

    /// Its type; that of a leaf of a flattened field is keyword.
    pub fn kind(&self) -> Type {
        match self.below {
            Some(_) => Type::Keyword,
            None => self.definition.kind,
        }
    }

    /// The keys below a flattened field, with dots between, for a leaf of one. A key may have dots itself.
    pub fn below(&self) -> Option<&str> {
        self.below.as_deref()
    }

    /// The paths of the record that it is made of.
    pub fn reads(&self) -> &'static [&'static str] {
        match &self.definition.made {
            Made::Copied(path) | Made::Leaves(path) => std::slice::from_ref(path),
            Made::Constant(_) => &[],
            Made::First(paths) | Made::Computed(paths, _) => paths,
            Made::Place(_) | Made::Network(_) => &["sourceIPAddress"],
        }
    }

    /// The path at which the record has just these values, so that a column of that path can answer; except that the
    /// texts of [`REMOVED`] there are no values here.
    pub fn as_path(&self) -> Option<&'static str> {
        match self.definition.made {
            Made::Copied(path) if self.definition.longest.is_none() => Some(path),
            _ => None,
        }
    }

    /// The value that it has in every document, if it is a constant.
    pub fn constant(&self) -> Option<&'static str> {
        match self.definition.made {
            Made::Constant(value) => Some(value),
            _ => None,
        }
    }

    /// Whether it needs a [`Geo`] to have values.
    pub fn needs_geo(&self) -> bool {
        matches!(self.definition.made, Made::Place(_) | Made::Network(_))
    }

    /// Its values in the document of a record.
    pub fn values(&self, source: &dyn Source) -> Values {
        let mut values = match &self.definition.made {
            Made::Copied(path) => tree::texts(source, path),
            Made::Constant(value) => vec![(*value).to_owned()],
            Made::First(paths) => paths
                .iter()
                .map(|path| tree::texts(source, path))
                .find(|values| !values.is_empty())
                .unwrap_or_default(),
            Made::Computed(_, compute) => compute(source),
            Made::Leaves(path) => flattened::leaves(source, path, self.below()),
            Made::Place(part) => geo::place(source)
                .and_then(|place| part(&place))
                .into_iter()
                .collect(),
            Made::Network(part) => geo::network(source)
                .and_then(|network| part(&network))
                .into_iter()
                .collect(),
        };
        if let (Some(longest), true) = (self.definition.longest, source.limited()) {
            values.retain(|value| value.encode_utf16().count() <= longest);
        }
        values
    }
}

/// The fields whose names begin with this one and a dot; none but the rows of the table.
pub fn below(name: &str) -> Vec<EcsField> {
    let inside = |definition: &&Definition| {
        let rest = definition.name.strip_prefix(name);
        rest.is_some_and(|rest| rest.starts_with('.'))
    };
    FIELDS
        .iter()
        .filter(inside)
        .filter_map(|definition| find(definition.name))
        .collect()
}

/// The names of the ECS fields that a condition tests, sorted, each once.
pub fn fields(condition: &Condition) -> Vec<&str> {
    let mut all = Vec::new();
    gather(condition, &mut all);
    all.sort_unstable();
    all.dedup();
    all
}

/// The fields of a condition that have values only with a [`Geo`], sorted, each once. Without one a test of them fails,
/// and its negation passes.
pub fn geo_fields(condition: &Condition) -> Vec<&str> {
    let mut all = fields(condition);
    all.retain(|name| find(name).is_some_and(|field| field.needs_geo()));
    all
}

fn gather<'a>(condition: &'a Condition, out: &mut Vec<&'a str>) {
    match condition {
        Condition::All(all) | Condition::Any(all) => {
            all.iter().for_each(|condition| gather(condition, out));
        }
        Condition::Not(inside) => gather(inside, out),
        Condition::Test(test) => {
            if let Field::Ecs(name) = &test.field {
                out.push(name);
            }
            if let Check::Other(Field::Ecs(name), _) = &test.check {
                out.push(name);
            }
        }
    }
}
