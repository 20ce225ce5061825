//! The fields that are visible at one point of a pipeline.
//!
//! Here fields meet columns, and nowhere else: a field is a name for a typed expression over the columns of the plan
//! beneath. Most commands only change what names stand for.

use std::sync::Arc;

use datafusion::logical_expr::SortExpr;
use functions::document::{Document, Place};
use functions::{Step, Type, Typed};

use crate::command::Pattern;

/// A field.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// Its name.
    pub(crate) name: String,
    /// What it stands for.
    pub(crate) value: Typed,
    /// Whether it is left out of results unless it is named.
    pub(crate) hidden: bool,
    /// The texts it may hold, where they are few and known.
    pub(crate) values: Option<Vec<String>>,
}

/// The visible fields, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    fields: Vec<Field>,
    /// The record that unknown fields are keys of.
    record: Option<Arc<Document>>,
    /// The keys of it that were taken away.
    removed: Vec<Pattern>,
    /// Whether nothing is known of the fields, since what makes them is wrong: all are null, and none is missing.
    unknown: bool,
}

impl Scope {
    /// A scope without fields; those it does not know are null.
    pub(crate) fn closed() -> Scope {
        Scope::default()
    }

    /// A scope without fields; those it does not know are keys of `record`.
    pub(crate) fn open(record: Arc<Document>) -> Scope {
        Scope {
            record: Some(record),
            ..Scope::default()
        }
    }

    /// The scope behind a command that is wrong.
    pub(crate) fn unknown() -> Scope {
        let mut scope = Scope {
            unknown: true,
            ..Scope::default()
        };
        // A series of records without a time would be one more error.
        scope.set(
            "timestamp",
            Typed::known(functions::null(&Type::TIMESTAMP), Type::TIMESTAMP),
        );
        scope
    }

    /// Whether nothing is known of the fields.
    pub(crate) fn is_unknown(&self) -> bool {
        self.unknown
    }

    /// The field of that name.
    pub(crate) fn get(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The value of a name that no field has: a key of the record behind the scope.
    pub(crate) fn key(&self, name: &str) -> Option<Typed> {
        if self.unknown {
            return Some(Typed::null());
        }
        let document = Arc::clone(self.record.as_ref()?);
        if self.removed.iter().any(|removed| removed.matches(name)) {
            return None;
        }
        Some(Typed::Place(Place {
            document,
            path: vec![Step::Key(name.to_owned())],
        }))
    }

    /// The record that unknown fields are keys of, where there is one.
    pub(crate) fn record(&self) -> Option<&Arc<Document>> {
        self.record.as_ref()
    }

    /// The same scope without its fields; unknown ones are still keys of its record.
    pub(crate) fn emptied(&self) -> Scope {
        Scope {
            fields: Vec::new(),
            ..self.clone()
        }
    }

    /// Takes away what patterns stand for, keys of the record included.
    pub(crate) fn remove(&mut self, patterns: Vec<Pattern>) {
        self.fields
            .retain(|field| !patterns.iter().any(|pattern| pattern.matches(&field.name)));
        self.removed.extend(patterns);
    }

    /// Takes fields away.
    pub(crate) fn retain(&mut self, wanted: impl Fn(&Field) -> bool) {
        self.fields.retain(wanted);
    }

    /// The names of the fields.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| field.name.as_str())
    }

    /// The fields in order.
    pub(crate) fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Adds a field, or gives a known one its new value in its old place. Whether it was known.
    pub(crate) fn set(&mut self, name: &str, value: Typed) -> bool {
        let field = Field {
            name: name.to_owned(),
            value,
            hidden: false,
            values: None,
        };
        self.put(field)
    }

    /// As [`Scope::set`], with all that is known of the field.
    pub(crate) fn put(&mut self, field: Field) -> bool {
        match self
            .fields
            .iter_mut()
            .find(|known| known.name == field.name)
        {
            Some(known) => {
                *known = field;
                true
            }
            None => {
                self.fields.push(field);
                false
            }
        }
    }
}

/// The order of the fields named, as far as there are such fields and they have an order that DataFusion knows.
pub(crate) fn order_of(scope: &Scope, names: &[String]) -> Vec<SortExpr> {
    let ordered = |ty: &Type| !matches!(ty, Type::Null | Type::Timeframe | Type::Array(_));
    names
        .iter()
        .filter_map(|name| scope.get(name))
        .filter(|field| ordered(&field.value.ty()))
        .map(|field| field.value.sort_key().sort(true, false))
        .collect()
}
